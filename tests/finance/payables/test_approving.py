"""Who approves what, how many of them, and what makes an approval void."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from backoffice.access import overriding
from backoffice.core.errors import DutyConflict, Refused
from backoffice.messaging.models import Notice, OutgoingMail
from backoffice.workflow import approvals
from backoffice.workflow.models import Decision
from finance.ledger.models import Period
from finance.payables import approving, booking, entering
from finance.payables.models import Bill, SupplierTerms
from tests.factories_payables import a_bill, a_line, a_submitted_bill, tax_code
from tests.fixtures_world import a_party, a_user, give


def test_a_bill_up_to_ten_thousand_is_approved_and_posted_by_one_person(northmoor, tom, priya):
    bill = a_submitted_bill(northmoor, by=tom, price="8333.33")
    assert bill.amount_company == Decimal("10000.00")

    approving.approve(bill, by=priya)

    bill.refresh_from_db()
    assert bill.state == Bill.State.POSTED
    assert bill.number == "BILL-2026-00001"
    assert bill.entry.posted_by == priya


def test_a_bill_above_ten_thousand_needs_two_different_persons(northmoor, tom, priya, grace):
    bill = a_submitted_bill(northmoor, by=tom, price="8333.34")

    approving.approve(bill, by=priya)
    assert bill.state == Bill.State.SUBMITTED

    with pytest.raises(Refused, match="approved this already"):
        approving.approve(bill, by=priya)

    approving.approve(bill, by=grace)
    assert bill.state == Bill.State.POSTED


def test_the_last_approval_must_lie_within_a_limit(northmoor, tom, priya, grace, company):
    bill = a_submitted_bill(northmoor, by=tom, price="30000.00")
    second = a_user("Hannah Reid", "payables.approve_bill", company=company, approval_limit=Decimal(25000))
    approving.approve(bill, by=second)

    with pytest.raises(Refused, match=r"reach 25,000\.00 GBP; this needs 36,000\.00"):
        approving.approve(bill, by=priya)

    approving.approve(bill, by=grace)
    assert bill.state == Bill.State.POSTED


def test_a_single_approval_beyond_the_own_limit_is_refused(northmoor, tom, company):
    bill = a_submitted_bill(northmoor, by=tom, price="5000.00")
    junior = a_user("Jo Small", "payables.approve_bill", company=company, approval_limit=Decimal(500))

    with pytest.raises(Refused, match=r"reach 500\.00"):
        approving.approve(bill, by=junior)


def test_whoever_entered_the_bill_cannot_approve_it_though_they_hold_the_right(northmoor, tom, company):
    give(tom, "payables.approve_bill", "payables.post_bill", company=company)
    bill = a_submitted_bill(northmoor, by=tom)

    with pytest.raises(DutyConflict):
        approving.approve(bill, by=tom)


def test_whoever_changed_the_bill_last_cannot_approve_it(northmoor, tom, priya, company):
    give(priya, "payables.change_bill", "payables.submit_bill", company=company)
    bill = a_bill(northmoor, by=tom)
    bill.note = "Cost centre corrected"
    entering.change(bill, by=priya, version=bill.version)
    approving.submit(bill, by=tom)

    with pytest.raises(DutyConflict):
        approving.approve(bill, by=priya)


def test_without_the_right_nobody_approves(northmoor, tom, company):
    bill = a_submitted_bill(northmoor, by=tom)
    stranger = a_user("Sam Stranger", "payables.view_bill", company=company)

    with pytest.raises(PermissionDenied):
        approving.approve(bill, by=stranger)


def test_an_override_with_a_reason_lets_the_enterer_approve_and_is_kept_with_the_decision(northmoor, tom, ada, company):
    give(tom, "payables.approve_bill", "payables.post_bill", company=company)
    bill = a_submitted_bill(northmoor, by=tom)

    override = overriding.grant(bill, "approve", to=tom, by=ada, reason="Month end, everybody else is away")
    approving.approve(bill, by=tom)

    assert bill.state == Bill.State.POSTED
    assert Decision.objects.get(by=tom).override == override


def test_nobody_grants_an_override_to_themselves(northmoor, tom, ada):
    bill = a_submitted_bill(northmoor, by=tom)

    with pytest.raises(PermissionDenied):
        overriding.grant(bill, "approve", to=ada, by=ada, reason="Because I can")


def test_the_database_refuses_a_decision_on_ones_own_work_without_an_override(northmoor, tom):
    bill = a_submitted_bill(northmoor, by=tom)
    request = approvals.request_of(bill)

    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            request=request, by=tom, outcome="approved", version=1, digest="x", entered_by=tom, changed_by=tom
        )


def test_a_decision_cannot_be_altered_or_deleted(northmoor, tom, priya):
    bill = a_submitted_bill(northmoor, by=tom, price="9000.00")
    approving.approve(bill, by=priya)

    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        Decision.objects.update(reason="I never did")
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        Decision.objects.all().delete()


def test_any_change_of_the_content_voids_the_approvals_given(northmoor, tom, priya, grace):
    bill = a_submitted_bill(northmoor, by=tom, price="9000.00")
    approving.approve(bill, by=priya)
    assert len(approvals.standing(bill).given) == 1

    Bill.objects.filter(pk=bill.pk).update(due_on="2027-06-30")  # by hand, past all screens
    bill.refresh_from_db()

    approving.approve(bill, by=grace)
    assert bill.state == Bill.State.SUBMITTED
    approving.approve(bill, by=priya)
    assert bill.state == Bill.State.POSTED


def test_withdrawing_makes_approvals_void_and_the_bill_a_draft(northmoor, tom, priya, grace):
    bill = a_submitted_bill(northmoor, by=tom, price="9000.00")
    approving.approve(bill, by=priya)

    approving.withdraw(bill, by=tom)
    assert bill.state == Bill.State.DRAFT
    approving.submit(bill, by=tom)

    approving.approve(bill, by=grace)
    assert bill.state == Bill.State.SUBMITTED


def test_a_submitted_bill_cannot_be_changed_before_it_is_withdrawn(northmoor, tom):
    bill = a_submitted_bill(northmoor, by=tom)
    bill.note = "One more thing"

    with pytest.raises(Refused, match="withdraw it before"):
        entering.change(bill, by=tom, version=bill.version)


def test_a_returned_bill_is_a_draft_again_and_its_enterer_is_told_why(
    northmoor, tom, priya, django_capture_on_commit_callbacks
):
    bill = a_submitted_bill(northmoor, by=tom)

    with django_capture_on_commit_callbacks(execute=True):
        approving.send_back(bill, by=priya, reason="Please split the delivery charge")

    assert bill.state == Bill.State.DRAFT
    assert Notice.objects.get(to=tom).text == "Please split the delivery charge"


def test_returning_without_a_reason_is_refused(northmoor, tom, priya):
    bill = a_submitted_bill(northmoor, by=tom)

    with pytest.raises(Refused, match="Say what"):
        approving.send_back(bill, by=priya, reason=" ")


def test_those_who_can_approve_get_a_notice_and_a_mail_with_a_link(
    northmoor, tom, priya, grace, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        bill = a_submitted_bill(northmoor, by=tom)

    assert set(Notice.objects.values_list("to__name", flat=True)) == {"Priya Nair", "Grace Okafor"}
    mail = OutgoingMail.objects.get(recipient=priya)
    assert "120.00 GBP" in mail.subject
    assert f"/payables/bills/{bill.pk}/" in mail.text
    assert f"/payables/bills/{bill.pk}/" in mail.html


def test_my_work_shows_a_bill_to_those_who_can_decide_it_now(northmoor, tom, priya, grace):
    bill = a_submitted_bill(northmoor, by=tom, price="9000.00")
    assert [document for _r, document in approvals.waiting_for(priya)] == [bill]
    assert approvals.waiting_for(tom) == []

    approving.approve(bill, by=priya)

    assert approvals.waiting_for(priya) == []
    assert [document for _r, document in approvals.waiting_for(grace)] == [bill]


def test_where_posting_is_refused_the_bill_stays_approved_and_says_why(northmoor, tom, priya, company, bookkeeper):
    bill = a_submitted_bill(northmoor, by=tom)
    november = Period.objects.get(company=company, name="November 2026")
    Period.flow.perform(november, "close", by=bookkeeper)

    approving.approve(bill, by=priya)

    bill.refresh_from_db()
    assert bill.state == Bill.State.APPROVED
    assert bill.number == ""
    assert "18 Nov 2026 is closed" in bill.post_refusal

    Period.flow.perform(november, "reopen", by=bookkeeper, reason="A bill came late")
    booking.post(bill, by=priya)
    bill.refresh_from_db()
    assert (bill.state, bill.number, bill.post_refusal) == ("posted", "BILL-2026-00001", "")


def test_an_incomplete_bill_is_not_submitted_and_the_button_says_why(northmoor, tom, company):
    bill = a_bill(northmoor, by=tom, lines=[a_line(company, account_code="")])
    assert str(Bill.flow.why_not(bill, tom, "submit")) == "Line 1 has no account."

    with pytest.raises(Refused):
        approving.submit(bill, by=tom)


def test_submitting_remembers_the_coding_for_the_suppliers_next_bill(northmoor, tom, company):
    a_submitted_bill(northmoor, by=tom)

    terms = SupplierTerms.objects.get(party=northmoor)
    assert (terms.account.code, terms.tax_code) == ("7210", tax_code(company))


def test_the_limit_counts_in_company_currency_at_the_bills_rate(company, tom, priya):
    kestrel = a_party(company, "Kestrel Components GmbH", country="DE", currency="EUR")
    bill = a_bill(kestrel, by=tom, price="10000.00", rate=Decimal("0.84"))  # 12,000 EUR = 10,080 GBP
    approving.submit(bill, by=tom)

    assert approvals.request_of(bill).required == 2
    assert approvals.request_of(bill).amount == Decimal("10080.00")
