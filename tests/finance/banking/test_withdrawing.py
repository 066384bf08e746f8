"""Between the release and the file: a payment is taken out, a release is taken back, and a date passes."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from lxml import etree

from backoffice.audit.models import Act
from backoffice.core.errors import Conflict, Refused
from backoffice.currencies.models import Rate
from backoffice.parties.models import PartyBankAccount
from finance.banking import exporting, proposing, releasing, withdrawing
from finance.banking.models import BankAccount, Payment, PaymentFile, PaymentItem, PaymentRun
from finance.ledger import settling
from finance.ledger.models import Account, Allocation, JournalEntry, JournalLine, OpenItem, Role
from finance.payables import blocking
from finance.payables.models import PaymentBlock
from tests.factories_banking import IBANS, TODAY, a_due_bill, a_supplier, proposed
from tests.fixtures_world import a_user, all_rights

pytestmark = pytest.mark.django_db
SPACE = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


@pytest.fixture
def run(account, tom, grace, bills):
    """Northmoor gets 180 for two bills, Kestrel 120; released."""
    return releasing.release(proposed(account, tom, pay_on=TODAY + timedelta(days=2)), by=grace)


def of(run, creditor):
    return Payment.objects.get(run=run, creditor=creditor)


def rest_of(bill):
    return OpenItem.objects.get(line__entry=bill.entry_id).rest


def in_the_books(company, role):
    return sum(n.debit - n.credit for n in JournalLine.objects.filter(entry__company=company, account__role=role))


def told_to_the_bank(run):
    tree = etree.fromstring(PaymentFile.objects.get(run=run).content.encode())
    counted, total = (tree.xpath(f"string(//p:GrpHdr/p:{name})", namespaces=SPACE) for name in ("NbOfTxs", "CtrlSum"))
    return int(counted), Decimal(total), tree.xpath("//p:CdtrAcct/p:Id/p:IBAN/text()", namespaces=SPACE)


def other_details(bill, iban=IBANS[2]):
    for own in PartyBankAccount.objects.filter(party=bill.party):
        own.number = iban
        own.save()


def test_a_payment_taken_out_after_the_release_is_due_again_and_the_rest_is_sent(
    company, account, tom, grace, bills, run
):
    run = withdrawing.take_out(of(run, "Kestrel"), by=grace, version=run.version, reason="Disputed by phone")

    assert (run.state, run.total, run.standing.count()) == ("released", Decimal(180), 1)
    assert (rest_of(bills[0]), rest_of(bills[2])) == (0, Decimal(-120))
    assert OpenItem.objects.exclude(rest=0).count() == 1, "nothing but the bill is open"
    assert (in_the_books(company, Role.BANK), in_the_books(company, Role.AP)) == (Decimal(-180), Decimal(-120))
    act = Act.objects.filter(content_type__model="paymentrun", object_id=run.pk).latest("pk")
    assert (act.by, act.verb, act.details) == (grace, "change", {"text": "Kestrel taken out: Disputed by phone"})
    again = proposed(account, tom)
    assert [(p.creditor, p.amount) for p in again.payments.all()] == [("Kestrel", Decimal(120))]

    exporting.export(run, by=grace)

    assert told_to_the_bank(run) == (1, Decimal(180), [IBANS[0]])


def test_a_credit_note_that_was_taken_off_is_open_again_with_its_bill(company, account, tom, grace, bills):
    note = a_due_bill(bills[0].party, tom=tom, grace=grace, reference="CN-1", price="30.00", kind="credit_note")
    run = releasing.release(proposed(account, tom), by=grace)
    assert (run.total, rest_of(note)) == (Decimal(264), 0)

    run = withdrawing.take_out(of(run, "Northmoor"), by=grace, version=run.version, reason="Wrong month")

    assert (run.total, [rest_of(bill) for bill in (*bills, note)]) == (120, [-120, -60, 0, 36])
    assert in_the_books(company, Role.BANK) == Decimal(-120)


def test_a_payment_in_another_currency_leaves_no_difference_behind(company, tom, grace):
    books = Account.objects.get(company=company, code="1215")
    euros = BankAccount.objects.create(
        company=company, name="Euro", account=books, holder="Calder & Wren Ltd", iban=IBANS[2], currency="EUR"
    )
    for day, rate in ((date(2026, 10, 1), "0.80"), (date(2026, 11, 20), "0.90")):
        Rate.objects.create(base_id="EUR", quote_id="GBP", on=day, rate=Decimal(rate), source="a test")
    parties = [a_supplier(company, "Alpha"), a_supplier(company, "Beta", IBANS[1])]
    owed = [a_due_bill(p, tom=tom, grace=grace, reference=f"E-{p.pk}", currency="EUR") for p in parties]
    before = {role: in_the_books(company, role) for role in (Role.AP, Role.FX_REALISED)}
    run = releasing.release(proposed(euros, tom), by=grace)
    assert in_the_books(company, Role.FX_REALISED) == Decimal(24), "two of 120 EUR at 0.90 instead of 0.80"

    withdrawing.take_out(of(run, "Beta"), by=grace, version=run.version, reason="Not yet")
    run.refresh_from_db()
    withdrawing.recall(run, by=grace)

    assert {role: in_the_books(company, role) for role in before} == before
    assert [rest_of(bill) for bill in owed] == [-120, -120]
    assert OpenItem.objects.exclude(rest=0, rest_company=0).count() == 2


def test_who_may_not_or_says_nothing_or_comes_late_takes_nothing_out(company, account, tom, grace, run):
    clerk = a_user("Clerk", "banking.view_paymentrun", "banking.change_paymentrun", company=company)
    payment, version = of(run, "Kestrel"), run.version
    with pytest.raises(PermissionDenied):
        withdrawing.take_out(payment, by=clerk, version=version, reason="Because")
    with pytest.raises(Refused, match="Say why"):
        withdrawing.take_out(payment, by=grace, version=version, reason="  ")
    with pytest.raises(Conflict):
        withdrawing.take_out(payment, by=grace, version=version - 1, reason="Because")
    withdrawing.take_out(payment, by=grace, version=version, reason="Because")
    with pytest.raises(Refused, match="not in the run any more"):
        withdrawing.take_out(payment, by=grace, version=version + 1, reason="Because")
    with pytest.raises(Refused, match="Nothing would be left"):
        withdrawing.take_out(of(run, "Northmoor"), by=grace, version=version + 1, reason="Because")
    run.refresh_from_db()
    exporting.export(run, by=grace)
    with pytest.raises(Refused, match="sent to the bank"):
        withdrawing.take_out(of(run, "Northmoor"), by=grace, version=run.version, reason="Because")
    assert run.total == Decimal(180)


def test_bank_details_that_change_after_the_release_kick_the_payment_out_of_the_file(account, grace, bills, run):
    other_details(bills[0])

    exporting.export(run, by=grace)

    assert told_to_the_bank(run) == (1, Decimal(120), [IBANS[1]])
    gone = of(run, "Northmoor")
    assert (gone.taken_out_by, gone.taken_out_because) == (grace, "The bank details changed after the release.")
    assert [rest_of(bill) for bill in bills] == [-120, -60, 0]
    run.refresh_from_db()
    assert run.total == Decimal(120)


def test_what_is_blocked_after_the_release_is_not_sent_and_an_empty_file_is_not_made(account, grace, bills, run):
    blocking.block(bills[2], by=grace, reason=PaymentBlock.Reason.PRICE)
    assert list(withdrawing.objections(run).values()) == ["K-1: Payment blocked: price."]
    other_details(bills[0])

    with pytest.raises(Refused, match="Nothing would be left"):
        exporting.export(run, by=grace)

    assert (PaymentFile.objects.count(), run.state, rest_of(bills[2])) == (0, "released", 0)


def test_an_account_that_is_closed_counts_as_changed_details(account, tom, grace, bills, run):
    PartyBankAccount.objects.filter(party=bills[2].party).update(is_active=False)
    assert list(withdrawing.objections(run)) == [of(run, "Kestrel").pk]


def test_our_own_account_can_not_be_exchanged_under_a_release(account, grace, run):
    account.iban = IBANS[0]
    account.save()
    run.refresh_from_db()

    with pytest.raises(Refused, match="not what would be sent"):
        exporting.export(run, by=grace)


def test_what_was_released_stands_in_the_database(account, run):
    attempts = [
        "UPDATE banking_payment SET amount = 1",
        "UPDATE banking_payment SET taken_out_at = now(), taken_out_because = 'x', taken_out_by_id = 1, amount = 1",
        "DELETE FROM banking_payment",
        "UPDATE banking_paymentitem SET amount = 1",
        "DELETE FROM banking_paymentitem",
        'INSERT INTO banking_paymentitem SELECT (json_populate_record(i, \'{"id": 0, "key": "x"}\')).* FROM banking_paymentitem i',
        "UPDATE banking_paymentrun SET pay_on = pay_on + 1",
        "UPDATE banking_paymentrun SET total = total + 1",
        "UPDATE banking_paymentrun SET state = 'cancelled'",
        "UPDATE banking_paymentrun SET state = 'proposed'",
    ]
    for attempt in attempts:
        with (
            pytest.raises(IntegrityError, match="released payment"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(attempt)


def test_a_release_that_is_taken_back_is_a_proposal_again_and_released_anew_by_a_second_person(
    company, account, tom, grace, bills, run
):
    withdrawing.take_out(of(run, "Kestrel"), by=grace, version=run.version, reason="Disputed")
    run.refresh_from_db()
    first = run.number

    withdrawing.recall(run, by=grace)

    assert (run.state, run.number, run.entry, run.released_by) == ("proposed", "", None, None)
    assert [rest_of(bill) for bill in bills] == [-120, -60, -120]
    assert in_the_books(company, Role.BANK) == 0
    proposing.reschedule(run, by=tom, pay_on=TODAY + timedelta(days=7))
    with pytest.raises(Refused, match="somebody else must"):
        releasing.release(run, by=tom)
    releasing.release(run, by=grace)
    assert (run.total, run.number != first, rest_of(bills[0])) == (Decimal(180), True, 0)
    entries = JournalEntry.objects.filter(origin_id=run.pk, journal__code="PAY").order_by("pk")
    assert list(entries.values_list("event", flat=True)) == ["post", "back 2", "back 3", "post 4"]
    exporting.export(run, by=grace)
    assert told_to_the_bank(run)[:2] == (1, Decimal(180))
    with pytest.raises(Refused):
        withdrawing.recall(run, by=grace)


def test_what_was_settled_otherwise_by_hand_is_not_guessed(account, grace, run):
    settling.unallocate(Allocation.objects.latest("pk"), on=TODAY, by=grace)

    with pytest.raises(Refused, match="changed by hand"):
        withdrawing.recall(run, by=grace)


def test_a_date_that_has_passed_is_refused_at_each_step_and_another_is_chosen(account, tom, grace, bills, clock):
    with pytest.raises(ValidationError, match="has passed"):
        proposed(account, tom, pay_on=TODAY - timedelta(days=1))
    assert not PaymentRun.objects.exists()
    run = proposed(account, tom)
    clock.move_to(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    with pytest.raises(Refused, match="has passed: choose another date"):
        releasing.release(run, by=grace)
    with pytest.raises(ValidationError, match="has passed"):
        proposing.reschedule(run, by=tom, pay_on=TODAY)
    proposing.reschedule(run, by=tom, pay_on=date(2026, 11, 25))
    releasing.release(run, by=grace)
    clock.move_to(datetime(2026, 11, 26, 9, 0, tzinfo=UTC))

    with pytest.raises(Refused, match="take the release back"):
        exporting.export(run, by=grace)

    withdrawing.recall(run, by=grace)
    proposing.reschedule(run, by=tom, pay_on=date(2026, 11, 27))
    exporting.export(releasing.release(run, by=grace), by=grace)
    assert (run.state, run.entry.on) == ("exported", date(2026, 11, 27))


def test_taking_out_and_another_date_on_screens(client, company, account, tom, grace, bills):
    client.force_login(tom)
    form = {"source": "bills", "bank_account": account.pk, "pay_on": "20.11.2026", "due_until": "30.11.2026"}
    page = client.post(reverse("banking:paymentrun_new"), form)
    assert (page.status_code, page.context["form"].errors["pay_on"]) == (
        422, ["This day has passed: the bank can pay from 23 November 2026 on."],
    )  # fmt: skip
    client.post(reverse("banking:paymentrun_new"), {**form, "pay_on": "23.11.2026"})
    run = PaymentRun.objects.get()

    def verb(name, **sent):
        address = reverse("banking:paymentrun_verb", args=[run.pk, name])
        return client.post(address, {"version": PaymentRun.objects.get().version, **sent})

    assert verb("reschedule", pay_on="22.11.2026").status_code == 422
    assert verb("reschedule", pay_on="24.11.2026").status_code == 302
    client.force_login(grace)
    verb("release")
    other_details(bills[0])
    page = client.get(run.get_absolute_url()).text
    assert "One payment goes by itself" in page
    assert "The bank details changed after the release." in page
    take_out = reverse("banking:paymentrun_take_out", args=[run.pk])
    payment, version = of(run, "Kestrel"), PaymentRun.objects.get().version
    assert "Kestrel" in client.get(take_out, {"payment": payment.pk}).text
    sent = {"payment": payment.pk, "version": version}
    assert client.post(take_out, sent).status_code == 422, "a reason is asked for"
    client.force_login(a_user("Clerk", *all_rights("ledger"), "banking.change_paymentrun", company=company))
    assert client.post(take_out, {**sent, "reason": "Mine"}).status_code == 403
    client.force_login(grace)
    client.post(take_out, {**sent, "reason": "Disputed by phone"})
    page = client.get(run.get_absolute_url()).text
    assert "Taken out after the release" in page
    assert "Kestrel taken out: Disputed by phone" in page, "the history says it"
    assert "PAY-2026-00002" in page, "the entry that booked it back"
    assert client.get(take_out, {"payment": payment.pk}).status_code == 404
    verb("recall")
    run.refresh_from_db()
    assert (run.state, run.total) == ("proposed", Decimal(180))
    assert "N-1" in client.get(run.get_absolute_url()).text


def test_taking_out_and_another_date_for_programs(client, account, tom, grace, bills):
    runs = "/api/v1/banking/runs/"

    def sent(user, address, **values):
        client.force_login(user)
        return client.post(f"{runs}{address}", values, "application/json")

    asked = {"source": "bills", "bank_account": account.pk, "pay_on": "2026-11-22", "due_until": "2026-11-30"}
    refused = sent(tom, "", **asked)
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["pay_on"])
    pk = sent(tom, "", **{**asked, "pay_on": "2026-11-23"}).json()["id"]
    refused = sent(tom, f"{pk}/reschedule/", pay_on="2026-11-01")
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["pay_on"])
    assert sent(tom, f"{pk}/reschedule/", pay_on="2026-11-24").json()["pay_on"] == "2026-11-24"
    kestrel = Payment.objects.get(creditor="Kestrel").pk
    early = sent(grace, f"{pk}/take-out/", payment=kestrel, reason="Disputed")
    assert (early.status_code, early.json()["code"]) == (409, "state")
    sent(grace, f"{pk}/release/")

    changed = sent(grace, f"{pk}/take-out/", payment=kestrel, reason="Disputed").json()

    assert (changed["total"], changed["state"]) == ("180.0000", "released")
    told = {row["creditor"]: row["taken_out_because"] for row in changed["payments"]}
    assert told == {"Northmoor": "", "Kestrel": "Disputed"}
    assert sent(grace, f"{pk}/take-out/", payment=kestrel, reason="Again").status_code == 404
    assert sent(grace, f"{pk}/recall/").json()["state"] == "proposed"
    assert PaymentItem.objects.get(payment=kestrel).open_item.rest == Decimal(-120)
