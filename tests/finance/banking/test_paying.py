"""From due bills to the file for the bank: proposed by one, released by another, settled to nought, sent once."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from backoffice.core.errors import Conflict, Refused
from backoffice.parties.models import PartyBankAccount
from finance.banking import exporting, proposing, releasing
from finance.banking.models import Payment, PaymentFile, PaymentItem, PaymentRun
from finance.ledger.models import OpenItem
from finance.payables import blocking
from finance.payables.models import PaymentBlock
from tests.factories_banking import IBANS, a_due_bill, a_supplier, proposed
from tests.fixtures_world import a_user, all_rights

pytestmark = pytest.mark.django_db


def test_one_sum_for_each_supplier_and_a_reason_for_what_is_left_out(company, account, tom, grace, bills):
    a_due_bill(a_supplier(company, "Without", iban=""), tom=tom, grace=grace, reference="W-1")
    blocking.block(bills[2], by=grace, reason=PaymentBlock.Reason.PRICE)

    run = proposed(account, tom)

    assert [(p.creditor, p.amount, p.text) for p in run.payments.all()] == [("Northmoor", Decimal(180), "N-1, N-2")]
    assert {(row["what"], row["why"]) for row in run.left_out} == {
        ("K-1", "Payment blocked: price."),
        ("W-1", "No bank details are known: add them on the supplier's page."),
    }


def test_new_bank_details_rest_before_money_goes_there(company, account, tom, grace):
    party = a_supplier(company, "Northmoor")
    a_due_bill(party, tom=tom, grace=grace, reference="N-1")
    PartyBankAccount.objects.filter(party=party).update(entered_at=timezone.now())

    with pytest.raises(Refused, match="bank details are new"):
        proposed(account, tom)


def test_a_credit_note_is_taken_off(company, account, tom, grace, bills):
    a_due_bill(bills[0].party, tom=tom, grace=grace, reference="CN-1", price="30.00", kind="credit_note")

    run = proposed(account, tom)

    assert run.payments.get(creditor="Northmoor").amount == Decimal(144)


def test_releasing_settles_to_nought_and_another_person_does_it(company, account, tom, grace, bills):
    run = proposed(account, tom)

    with pytest.raises(Refused, match="somebody else must"):
        releasing.release(run, by=tom)
    releasing.release(run, by=grace)

    assert run.number.startswith("PAY-2026-")
    assert set(OpenItem.objects.filter(company=company).values_list("rest", "rest_company")) == {(0, 0)}
    lines = {(n.account.role, n.debit - n.credit) for n in run.entry.lines.all()}
    assert ("bank", Decimal(-300)) in lines
    with pytest.raises(Refused):
        proposed(account, tom)


def test_the_database_knows_the_two_persons_too(account, tom, bills):
    run = proposed(account, tom)

    with pytest.raises(IntegrityError, match="cannot release"), transaction.atomic():
        PaymentRun.objects.filter(pk=run.pk).update(released_by=tom)


def test_a_change_of_bank_details_stops_the_release(company, account, tom, grace, bills):
    run = proposed(account, tom)
    for own in PartyBankAccount.objects.filter(party=bills[0].party):
        own.number = IBANS[2]
        own.save()

    with pytest.raises(Refused, match="bank details of Northmoor changed"):
        releasing.release(run, by=grace)


def test_a_payment_is_left_out_or_paid_in_part_and_whoever_changes_cannot_release(account, tom, grace, bills):
    run = proposed(account, tom)
    item = PaymentItem.objects.get(payment__run=run, text="N-1")
    with pytest.raises(Conflict):
        proposing.pay_part(item, Decimal(20), by=grace, version=run.version + 1)
    with pytest.raises(Refused):
        proposing.pay_part(item, Decimal(500), by=grace, version=run.version)
    run = proposing.pay_part(item, Decimal(20), by=grace, version=run.version)
    run = proposing.leave_out(Payment.objects.get(run=run, creditor="Kestrel"), by=grace, version=run.version)

    assert run.total == Decimal(80)
    with pytest.raises(Refused, match="somebody else must"):
        releasing.release(run, by=grace)
    peter = a_user("Priya Nair", *all_rights("banking", "payables", "ledger"), company=run.company)
    releasing.release(PaymentRun.objects.get(pk=run.pk), by=peter)
    assert OpenItem.objects.get(line__entry=bills[0].entry_id).rest == Decimal(-100)


def test_the_file_is_valid_made_once_and_kept(account, tom, grace, bills):
    run = releasing.release(proposed(account, tom), by=grace)

    exporting.export(run, by=grace)

    file = PaymentFile.objects.get(run=run)
    tree = etree.fromstring(file.content.encode())
    space = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
    assert tree.xpath("string(//p:GrpHdr/p:CtrlSum)", namespaces=space) == "300.00"
    assert tree.xpath("//p:CdtrAcct/p:Id/p:IBAN/text()", namespaces=space) == [IBANS[0], IBANS[1]]
    with pytest.raises(Refused):
        exporting.export(run, by=grace)
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        PaymentFile.objects.update(name="other.xml")
    with pytest.raises(IntegrityError, match="released payment"), transaction.atomic():
        Payment.objects.filter(run=run).update(amount=1)


def test_without_a_bic_the_file_says_so_of_our_bank(company, account, tom, grace, bills):
    account.bic = ""
    account.save()
    run = proposed(account, tom)
    releasing.release(run, by=grace)

    words = exporting.content_of(run).decode()

    assert "<FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>" in words


def test_a_cancelled_proposal_frees_what_it_held(account, tom, grace, bills):
    run = releasing.cancel(proposed(account, tom), by=tom)

    assert run.state == "cancelled"
    assert proposed(account, tom).total == run.total


def test_the_whole_way_in_a_browsers_requests(client, account, tom, grace, bills):
    client.force_login(tom)
    bad = client.post(reverse("banking:paymentrun_new"), {"source": "bills", "bank_account": account.pk})
    assert bad.status_code == 422
    form = {"source": "bills", "bank_account": account.pk, "pay_on": "23.11.2026", "due_until": "30.11.2026"}
    page = client.post(reverse("banking:paymentrun_new"), form, follow=True)
    run = PaymentRun.objects.get()
    assert "Northmoor" in page.text
    payment = run.payments.get(creditor="Kestrel")
    leave_out = reverse("banking:paymentrun_leave_out", args=[run.pk])
    assert "Kestrel" in client.get(leave_out, {"payment": payment.pk}).text
    sent = {"payment": payment.pk, "version": run.version}
    assert client.post(leave_out, sent).status_code == 422, "a reason is asked for"
    client.post(leave_out, {**sent, "reason": "Disputed by phone"})
    part, item = reverse("banking:paymentrun_pay_part", args=[run.pk]), PaymentItem.objects.get(text="N-1")
    again = {"item": item.pk, "version": run.version + 1}
    assert client.post(part, {**again, "amount": "500"}).status_code == 409
    client.post(part, {**again, "amount": "100"})
    page = client.get(run.get_absolute_url()).text
    assert "Disputed by phone" in page
    assert "100.00 instead of 120.00" in page
    assert client.get(part, {"item": 0}).status_code == 404

    client.force_login(grace)
    assert "To release to the bank" in client.get("/").text
    for verb in ("release", "export"):
        client.post(
            reverse("banking:paymentrun_verb", args=[run.pk, verb]), {"version": PaymentRun.objects.get().version}
        )
    run.refresh_from_db()
    assert run.state == "exported"
    file = client.get(reverse("banking:paymentrun_file", args=[run.pk]))
    assert (file["Content-Type"], IBANS[0] in file.text) == ("application/xml", True)
    assert IBANS[0] not in client.get(run.get_absolute_url()).text
    assert "Paid" in client.get(bills[0].get_absolute_url()).text


def test_the_whole_way_for_programs(client, account, tom, grace, bills):
    runs = "/api/v1/banking/runs/"

    def sent(user, address, **values):
        client.force_login(user)
        return client.post(f"{runs}{address}", values, "application/json")

    asked = {"source": "bills", "bank_account": account.pk, "pay_on": "2026-11-23", "due_until": "2026-11-30"}
    assert sent(tom, "", **{**asked, "source": "gifts"}).status_code == 409
    made = sent(tom, "", **asked)
    assert made.status_code == 201, made.text
    run, by_name = made.json(), {row["creditor"]: row for row in made.json()["payments"]}
    pk = run["id"]
    item = next(row for row in by_name["Northmoor"]["items"] if row["text"] == "N-1")

    assert (
        sent(tom, f"{pk}/leave-out/", payment=by_name["Kestrel"]["id"], reason="Disputed").json()["total"] == "180.0000"
    )
    assert sent(tom, f"{pk}/pay-part/", item=item["id"], amount="1000").status_code == 409
    changed = sent(tom, f"{pk}/pay-part/", item=item["id"], amount="100").json()
    assert (changed["total"], changed["left_out"][0]["why"]) == ("160.0000", "Disputed")
    assert sent(tom, f"{pk}/release/").status_code == 409
    assert sent(grace, f"{pk}/release/").json()["state"] == "released"
    assert sent(grace, f"{pk}/leave-out/", payment=by_name["Northmoor"]["id"], reason="Late").status_code == 409
    assert sent(grace, f"{pk}/export/").json()["state"] == "exported"
    assert sent(grace, f"{pk}/export/").status_code == 409


def test_a_run_that_would_pay_nothing_says_of_whom_and_where_it_is_put_right(company, account, tom, grace):
    a_due_bill(a_supplier(company, "Without", iban=""), tom=tom, grace=grace, reference="W-1")

    with pytest.raises(Refused, match="Without: No bank details are known: add them on the supplier's page"):
        proposed(account, tom)


def test_before_the_first_bank_account_the_form_leads_to_it(client, company):
    client.force_login(a_user("Grace Okafor", *all_rights("banking"), company=company))

    page = client.get(reverse("banking:paymentrun_new")).text

    assert "There is no bank account yet." in page
    assert f'href="{reverse("banking:bankaccount_new")}"' in page
