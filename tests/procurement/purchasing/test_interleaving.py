"""Orders, receipts, bills at other prices, credit notes, issues, returns and counts, in any order.

Each example is a random history through the verbs that people use, against the real database, undone afterwards.
"""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from backoffice.core.errors import Refused
from backoffice.core.verifying import verifications
from finance.ledger import periods
from finance.ledger.models import JournalLine, Period
from finance.payables import approving, booking
from finance.payables.models import Bill, BillLine
from inventory.stock import counting, receiving
from inventory.stock.models import (
    CostEntry,
    Expected,
    GoodsReceipt,
    Position,
    ReceiptLine,
    StockCount,
)
from procurement.purchasing.models import PurchaseOrder
from tests.factories_payables import a_bill, tax_code
from tests.factories_purchasing import TODAY, a_supplier, an_order, somebody
from tests.factories_stock import a_bin, a_return, an_issue, an_item

pytestmark = pytest.mark.django_db
LAST_MONTH = date(2026, 10, 28)
pieces = st.integers(1, 12).map(Decimal)
prices = st.integers(100, 4000).map(lambda cents: Decimal(cents) / 100)
others = st.sampled_from(["0", "0.01", "-0.07", "0.50", "-1.00", "7.77"]).map(Decimal)
which = st.integers(0, 20)
days = st.sampled_from([LAST_MONTH, TODAY])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("order"), st.integers(0, 2), pieces, prices),
        st.tuples(st.just("receive"), which, pieces, days),
        st.tuples(st.just("receive"), which, pieces, days),
        st.tuples(st.just("bill"), which, pieces, others, days),
        st.tuples(st.just("bill"), which, pieces, others, days),
        st.tuples(st.just("credit"), which, pieces),
        st.tuples(st.just("reverse"), which),
        st.tuples(st.just("issue"), st.integers(0, 2), pieces, days),
        st.tuples(st.just("send_back"), which, pieces, st.sampled_from(["return", "correction"])),
        st.tuples(st.just("count"), st.integers(0, 2), st.integers(0, 15).map(Decimal)),
        st.tuples(st.just("close")),
    ),
    min_size=6,
    max_size=16,
)


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def chosen(rows, number):
    found = list(rows.order_by("pk"))
    return found[number % len(found)] if found else None


class History:
    """Performs one step after another; what is refused is simply not done."""

    def __init__(self, company):
        self.company = company
        self.rosa, self.by, self.tom, self.other = (
            somebody(company, name) for name in ("Rosa Lind", "Imran Sadiq", "Tom Ashworth", "Priya Nair")
        )
        self.supplier = a_supplier(company, by=self.rosa)
        self.bin = a_bin(company)
        self.items = [
            an_item(company, code, method=code, standard_cost=Decimal("9.99"))
            for code in ("fifo", "average", "standard")
        ]
        self.number = 0
        for n, item in enumerate(self.items):
            self.order(n, Decimal(12), Decimal(10))
            self.receive(n, Decimal(8), LAST_MONTH)
            assert Position.objects.get(item=item).quantity == 8

    def do(self, step):
        try:
            with transaction.atomic():
                getattr(self, step[0])(*step[1:])
            event(f"{step[0]} done")
        except Refused as refused:
            event(f"{step[0]} refused: {refused.code}")

    def order(self, item, quantity, price):
        an_order(self.supplier, [(self.items[item], quantity, price)], by=self.rosa, approver=self.other)

    def receive(self, number, quantity, on):
        row = chosen(Expected.objects.all(), number)
        receipt = GoodsReceipt.objects.create(
            company=self.company,
            warehouse=self.bin.warehouse,
            party=self.supplier.party,
            received_on=on,
            entered_by=self.by,
            changed_by=self.by,
        )
        ReceiptLine.objects.create(
            receipt=receipt,
            place=1,
            expected=row,
            item=row.item,
            bin=self.bin,
            quantity=quantity,
            unit_cost=row.unit_cost,
        )
        receiving.post(receipt, by=self.by)

    def bill(self, number, quantity, other, on, kind="bill"):
        order = chosen(PurchaseOrder.objects.all(), number)
        ordered = order.lines.get()
        self.number += 1
        line = BillLine(
            text=ordered.item.name,
            article=ordered.item.code,
            order_place=str(ordered.place),
            quantity=quantity,
            unit_price=ordered.price + other,
            tax_code=tax_code(self.company),
        )
        bill = a_bill(
            self.supplier.party,
            by=self.tom,
            lines=[line],
            reference=f"NP-{self.number}",
            on=on,
            order_reference=order.number,
            kind=kind,
        )
        approving.submit(bill, by=self.tom)
        bill.refresh_from_db()
        if bill.state == Bill.State.SUBMITTED:
            approving.approve(bill, by=self.other)

    def credit(self, number, quantity):
        self.bill(number, quantity, Decimal(0), TODAY, kind="credit_note")

    def reverse(self, number):
        if bill := chosen(Bill.objects.filter(state="posted"), number):
            booking.reverse(bill, by=self.tom, reason="Wrong")

    def issue(self, item, quantity, on):
        an_issue(self.company, [(self.items[item], quantity, self.bin)], by=self.by, on=on)

    def send_back(self, number, quantity, kind):
        line = chosen(ReceiptLine.objects.select_related("receipt"), number)
        a_return(line, min(quantity, line.quantity), by=self.by, kind=kind, place=self.bin)

    def count(self, item, counted):
        count = StockCount.objects.create(
            company=self.company,
            warehouse=self.bin.warehouse,
            counted_on=TODAY,
            entered_by=self.by,
            changed_by=self.by,
        )
        counting.begin(count, [(self.items[item], self.bin)], by=self.by)
        counting.write_down(count.lines.get(), counted, by=self.by)
        counting.submit(count, by=self.by)
        counting.approve(count, by=self.other)

    def close(self):
        Period.objects.filter(company=self.company, starts_on__lte=LAST_MONTH).update(state="closed")


def closed_books(company):
    """What stands in closed periods, by account."""
    lines = JournalLine.objects.filter(entry__company=company, entry__period__state="closed").order_by("account")
    return list(lines.values_list("account").annotate(d=Sum("debit"), c=Sum("credit")))


def written():
    lines = JournalLine.objects.order_by("pk").values_list("pk", "account", "debit", "credit", "on")
    return list(lines), list(CostEntry.objects.order_by("pk").values_list("pk", "amount", "on", "place"))


def broken():
    return [f"{key}: {finding}" for key, check in verifications.items() for finding in check.findings()]


@settings(
    max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=steps)
def test_any_history_of_buying_leaves_the_books_explained(company, history):
    with undone():
        life = History(company)
        for step in history:
            before, closed = written(), closed_books(company)
            life.do(step)
            now = written()
            assert [part[: len(old)] for part, old in zip(now, before, strict=True)] == list(before)
            assert not closed or closed_books(company) == closed
            assert not Position.objects.filter(quantity=0).exclude(value=0).exists()
        assert broken() == []


def test_a_receipt_that_is_billed_is_not_put_right_any_more(company):
    life = History(company)
    life.bill(0, Decimal(5), Decimal(0), TODAY)
    assert Bill.objects.get().state == "posted"

    with pytest.raises(Refused, match="is billed"):
        life.send_back(0, Decimal(4), "correction")
    life.send_back(0, Decimal(3), "correction")  # of the eight that came, three are not billed

    assert ReceiptLine.objects.order_by("pk").first().returned == 3
    assert broken() == []


def test_billed_goods_may_still_be_sent_back(company):
    life = History(company)
    life.bill(0, Decimal(8), Decimal(0), TODAY)

    life.send_back(0, Decimal(8), "return")

    assert Position.objects.get(item=life.items[0]).quantity == 0
    assert broken() == []


def test_the_day_that_the_histories_use_lies_in_a_month_that_may_be_closed(company):
    assert periods.of_day(company, LAST_MONTH) != periods.of_day(company, TODAY)
