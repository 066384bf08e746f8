"""What matched bills post, by hand; and that goods received not invoiced is what receipts and bills say."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from backoffice.core.errors import Refused
from finance.ledger.models import Role
from finance.payables import approving, blocking, booking
from finance.payables.models import Bill, BillLine, PaymentBlock
from procurement.purchasing import accepting, judging
from procurement.purchasing.models import MatchRow, Tolerance
from tests.factories_matching import balance, billed, delivery_account, received, stock_is_in_the_books
from tests.factories_purchasing import TODAY, a_supplier, an_order, somebody, verbs_of
from tests.factories_stock import a_bin, an_issue

D = Decimal
pytestmark = pytest.mark.django_db


def test_a_bill_that_is_what_was_ordered_and_received_needs_nobody(company, northmoor, boxes, rosa, imran, tom):
    order = an_order(northmoor, [(boxes, 600, "14.20")], by=rosa)
    received(order, 600, by=imran)
    bill = billed(order, ("Mailing box MBX-60", 600, "14.20"), by=tom)

    approving.submit(bill, by=tom)

    assert bill.state == Bill.State.POSTED
    assert not blocking.open_blocks(bill).exists()
    assert balance(company, Role.GRNI) == 0
    assert balance(company, Role.AP) == D("-10224.00")
    assert stock_is_in_the_books(company)
    assert verbs_of(bill) == ["enter", "submit", "pass_by_rule", "book"]


def test_a_dearer_price_within_tolerance_goes_to_stock_and_to_what_is_gone(company, northmoor, boxes, rosa, imran, tom):
    order = an_order(northmoor, [(boxes, 100, "10.00")], by=rosa)
    received(order, 100, by=imran)
    an_issue(company, [(boxes, 40, a_bin(company))], by=imran)
    bill = billed(order, ("Mailing box MBX-60", 100, "10.10"), by=tom)

    approving.submit(bill, by=tom)

    assert bill.state == Bill.State.POSTED
    assert balance(company, Role.GRNI) == 0
    assert balance(company, Role.STOCK) == D("606.00")  # 60 left of 100 at 10.00, and 0.6 of the 10.00 learnt
    assert stock_is_in_the_books(company)


def test_outside_tolerance_the_bill_is_posted_and_not_paid(company, northmoor, boxes, rosa, imran, tom, priya):
    order = an_order(northmoor, [(boxes, 600, "14.20")], by=rosa)
    received(order, 588, by=imran, rejected=12)
    bill = billed(order, ("Mailing box MBX-60", 600, "14.80"), ("Delivery", 1, "40.00"), by=tom)
    BillLine.objects.filter(bill=bill, place=2).update(account=delivery_account(company))
    comparison = judging.compare(bill)

    assert comparison.difference == D("570.40")
    assert comparison.off == 3
    assert judging.credit_to_ask(comparison) == D("684.48")

    approving.submit(bill, by=tom)
    assert bill.state == Bill.State.SUBMITTED
    approving.approve(bill, by=priya)

    assert bill.state == Bill.State.POSTED
    reasons = set(blocking.open_blocks(bill).values_list("reason", flat=True))
    assert reasons == {"price", "quantity", "no_order"}
    assert blocking.open_blocks(bill).filter(owner=rosa).count() == 3
    assert balance(company, Role.GRNI) == D("177.60")  # twelve boxes billed at 14.80 that never came
    assert balance(company, Role.STOCK) == D("8702.40")
    assert stock_is_in_the_books(company)


def test_accepting_the_differences_ends_what_the_check_blocked(company, northmoor, boxes, rosa, imran, tom, priya):
    order = an_order(northmoor, [(boxes, 10, "10.00")], by=rosa)
    received(order, 10, by=imran)
    bill = billed(order, ("MBX-60", 10, "12.00"), by=tom)
    approving.submit(bill, by=tom)
    approving.approve(bill, by=priya)
    assert blocking.open_blocks(bill).get().reason == PaymentBlock.Reason.PRICE

    accepting.accept(bill, by=rosa, reason="The price rose in November.")

    assert not blocking.open_blocks(bill).exists()
    with pytest.raises(Refused):
        accepting.accept(bill, by=rosa, reason="Again")


def test_a_bill_before_its_goods_waits_and_the_receipt_ends_the_block(
    company, northmoor, boxes, rosa, imran, tom, priya
):
    Tolerance.objects.create(company=company, price_percent=D(5))
    order = an_order(northmoor, [(boxes, 100, "10.00")], by=rosa)
    bill = billed(order, ("MBX-60", 100, "10.30"), by=tom)
    approving.submit(bill, by=tom)
    approving.approve(bill, by=priya)
    assert blocking.open_blocks(bill).get().reason == PaymentBlock.Reason.NO_RECEIPT
    assert balance(company, Role.GRNI) == D("1030.00")

    received(order, 100, by=imran)

    assert not blocking.open_blocks(bill).exists()
    assert balance(company, Role.GRNI) == 0
    assert balance(company, Role.STOCK) == D("1030.00")
    assert stock_is_in_the_books(company)


def test_reversing_a_bill_undoes_its_match_and_what_stock_learnt(company, northmoor, boxes, rosa, imran, tom, priya):
    order = an_order(northmoor, [(boxes, 100, "10.00")], by=rosa)
    received(order, 100, by=imran)
    bill = billed(order, ("MBX-60", 100, "10.10"), by=tom)
    approving.submit(bill, by=tom)
    an_issue(company, [(boxes, 100, a_bin(company))], by=imran)
    assert balance(company, Role.STOCK) == 0

    booking.reverse(bill, by=priya, reason="Wrong supplier", on=TODAY)

    assert balance(company, Role.GRNI) == D("-1000.00")
    assert balance(company, Role.STOCK) == 0
    assert stock_is_in_the_books(company)
    assert MatchRow.objects.filter(bill_line__bill=bill).aggregate(q=Sum("quantity"))["q"] == 0
    again = billed(order, ("MBX-60", 100, "10.00"), by=tom, reference="NP-88213", replaces=bill)
    approving.submit(again, by=tom)
    assert again.state == Bill.State.POSTED
    assert balance(company, Role.GRNI) == 0


def test_a_credit_note_for_what_never_came_empties_goods_received(company, northmoor, boxes, rosa, imran, tom, priya):
    order = an_order(northmoor, [(boxes, 600, "14.20")], by=rosa)
    received(order, 588, by=imran, rejected=12)
    bill = billed(order, ("MBX-60", 600, "14.20"), by=tom)
    approving.submit(bill, by=tom)
    approving.approve(bill, by=priya)
    note = billed(order, ("MBX-60", 12, "14.20"), by=tom, kind="credit_note", reference="CN-1")
    approving.submit(note, by=tom)
    approving.approve(note, by=priya)

    assert balance(company, Role.GRNI) == 0
    assert stock_is_in_the_books(company)


def test_a_credit_of_price_is_learnt_by_stock(company, northmoor, boxes, rosa, imran, tom, priya):
    order = an_order(northmoor, [(boxes, 100, "10.00")], by=rosa)
    received(order, 100, by=imran)
    bill = billed(order, ("MBX-60", 100, "12.00"), by=tom)
    approving.submit(bill, by=tom)
    approving.approve(bill, by=priya)
    note = billed(order, ("MBX-60", 100, "2.00"), by=tom, kind="credit_note", reference="CN-1")
    approving.submit(note, by=tom)
    approving.approve(note, by=priya)

    assert balance(company, Role.GRNI) == 0
    assert balance(company, Role.STOCK) == D("1000.00")
    assert stock_is_in_the_books(company)


def test_one_bill_covers_two_orders_and_one_order_two_bills(company, northmoor, boxes, rosa, imran, tom):
    first = an_order(northmoor, [(boxes, 10, "10.00")], by=rosa)
    second = an_order(northmoor, [(boxes, 20, "10.00")], by=rosa)
    received(first, 10, by=imran)
    received(second, 20, by=imran)
    bill = billed(first, ("MBX-60", 25, "10.00"), by=tom)
    Bill.objects.filter(pk=bill.pk).update(order_reference=f"{first.number}, {second.number}")
    bill.refresh_from_db()
    approving.submit(bill, by=tom)
    assert bill.state == Bill.State.POSTED
    assert balance(company, Role.GRNI) == D("-50.00")

    rest = billed(second, ("MBX-60", 5, "10.00"), by=tom, reference="NP-2")
    approving.submit(rest, by=tom)
    assert rest.state == Bill.State.POSTED
    assert balance(company, Role.GRNI) == 0


def test_what_is_billed_twice_is_found(company, northmoor, boxes, rosa, imran, tom, priya):
    order = an_order(northmoor, [(boxes, 10, "10.00")], by=rosa)
    received(order, 10, by=imran)
    approving.submit(billed(order, ("MBX-60", 10, "10.00"), by=tom), by=tom)
    twice = billed(order, ("MBX-60", 10, "10.00"), by=tom, reference="NP-2")

    findings = judging.compare(twice).findings

    assert [finding.reason for finding in findings] == ["quantity"]


def test_whoever_entered_the_bill_neither_accepts_nor_releases(company, northmoor, boxes, rosa, imran, priya):
    clerk = somebody(company, "Hannah Reid")
    order = an_order(northmoor, [(boxes, 10, "10.00")], by=rosa)
    received(order, 10, by=imran)
    bill = billed(order, ("MBX-60", 10, "12.00"), by=clerk)
    approving.submit(bill, by=clerk)
    approving.approve(bill, by=priya)

    with pytest.raises(Refused):
        accepting.accept(bill, by=clerk, reason="It is fine")
    with pytest.raises(Refused):
        blocking.release_payment(bill, by=clerk, note="It is fine")
    blocking.release_payment(bill, by=rosa, note="Agreed by telephone")
    assert not blocking.open_blocks(bill).exists()


def test_an_exchange_rate_that_moved_is_no_cost_of_the_goods(company, rosa, imran, tom, priya, boxes):
    kestrel = a_supplier(company, "Kestrel Components GmbH", by=rosa)
    kestrel.party.currency = "EUR"
    kestrel.party.save()
    order = an_order(kestrel, [(boxes, 100, "10.00")], by=rosa, currency="EUR", rate=D("0.85"))
    received(order, 100, by=imran)
    bill = billed(order, ("MBX-60", 100, "10.00"), by=tom, currency="EUR", rate=D("0.88"))

    approving.submit(bill, by=tom)

    assert bill.state == Bill.State.POSTED
    assert balance(company, Role.GRNI) == 0
    assert balance(company, Role.STOCK) == D("850.00")
    assert balance(company, Role.FX_REALISED) == D("30.00")
