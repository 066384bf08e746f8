"""Whatever is received, issued, sent back, counted and learnt later, in any order: stock is what the ledger says.

Each example is a random history against the real database, undone afterwards; after every step each check of
`manage.py verify` must hold, and no line written before has changed.
"""

from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from backoffice.core.errors import Refused
from backoffice.core.verifying import verifications
from finance.ledger import accounts, periods, posting, writing
from finance.ledger.models import JournalLine, Role
from inventory.stock import costing, counting, issuing, moving, receiving, revaluing
from inventory.stock.models import CostEntry, GoodsIssue, Position, ReceiptLine, StockCount
from tests.factories_stock import TODAY, a_bin, a_receipt, a_return, an_issue, an_item
from tests.fixtures_world import a_user, all_rights

pytestmark = pytest.mark.django_db
pieces = st.integers(1, 12).map(Decimal)
prices = st.integers(1, 4000).map(lambda cents: Decimal(cents) / 100)
deltas = st.integers(-300, 300).filter(bool).map(lambda cents: Decimal(cents) / 100)
which = st.integers(0, 2)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("receive"), which, pieces, prices),
        st.tuples(st.just("issue"), which, pieces),
        st.tuples(st.just("take_back"), st.integers(0, 20)),
        st.tuples(st.just("send_back"), st.integers(0, 20), pieces, st.sampled_from(["return", "correction"])),
        st.tuples(st.just("learn"), st.integers(0, 20), deltas),
        st.tuples(st.just("count"), which, st.integers(0, 15).map(Decimal)),
        st.tuples(st.just("revalue"), prices),
    ),
    min_size=4,
    max_size=12,
)


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class History:
    """Performs one step after another; what stock refuses is simply not done."""

    def __init__(self, company, negative):
        self.company = company
        self.by = a_user("Imran Sadiq", *all_rights("stock", "catalogue", "ledger", "workflow"), company=company)
        self.other = a_user("Marcus Bell", *all_rights("stock", "workflow"), company=company)
        self.bin = a_bin(company, negative=negative)
        self.items = [
            an_item(company, method, method=method, standard_cost=5) for method in ("fifo", "average", "standard")
        ]

    def do(self, step):
        try:
            with transaction.atomic():
                getattr(self, step[0])(*step[1:])
        except Refused:
            pass

    def receive(self, item, quantity, price):
        a_receipt(self.company, [(self.items[item], quantity, price, self.bin)], by=self.by)

    def issue(self, item, quantity):
        an_issue(self.company, [(self.items[item], quantity, self.bin)], by=self.by)

    def take_back(self, number):
        issues = list(GoodsIssue.objects.order_by("pk"))
        if issues:
            issuing.take_back(issues[number % len(issues)], by=self.by, reason="Not used")

    def came(self, number):
        lines = list(ReceiptLine.objects.select_related("receipt").order_by("pk"))
        return lines[number % len(lines)] if lines else None

    def send_back(self, number, quantity, kind):
        if line := self.came(number):
            a_return(line, min(quantity, line.quantity), by=self.by, kind=kind, place=self.bin)

    def learn(self, number, delta):
        if line := self.came(number):
            learn_now(self.company, costing.LateCost(line.pk, delta), by=self.by)

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

    def revalue(self, price):
        self.items[2].refresh_from_db()
        revaluing.set_standard_cost(self.items[2], price, on=TODAY, by=self.by)


def learn_now(company, late, *, by):
    """Post a late cost as the posting of a bill does; what it owes for goods received is purchasing's to explain."""
    held = periods.lock(company, TODAY, journal="SV")
    told = costing.shares(company, [late])
    lines = costing.learn(company, [late], on=TODAY, entry_id=int(held.entry_ids[0]), first_place=1, by=by)
    assert [(n.account, n.debit, n.credit) for n in lines] == [(n.account, n.debit, n.credit) for n in told]
    assert sum(n.debit - n.credit for n in lines) == late.amount
    lines.append(posting.credit(accounts.by_role(company, Role.ROUNDING), late.amount))
    origin = ReceiptLine.objects.get(pk=late.receipt_line).receipt
    event = f"late {held.entry_ids[0]}"[:16]
    one = posting.Posting(journal="SV", on=TODAY, lines=lines, text="Late cost", origin=origin, event=event)
    writing.write(writing.Batch(company, held, [one], by))


def broken():
    return [f"{key}: {finding}" for key, check in verifications.items() for finding in check.findings()]


def written():
    lines = JournalLine.objects.order_by("pk").values_list("pk", "account", "debit", "credit", "on")
    return list(lines), list(CostEntry.objects.order_by("pk").values_list("pk", "amount", "on", "place"))


@settings(
    max_examples=6, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=steps, negative=st.booleans())
def test_any_history_leaves_stock_equal_to_the_ledger(company, history, negative):
    with undone():
        life = History(company, negative)
        for step in history:
            lines, entries = written()
            life.do(step)
            now = written()
            assert now[0][: len(lines)] == lines
            assert now[1][: len(entries)] == entries
            assert not Position.objects.filter(quantity=0).exclude(value=0).exists()
        assert broken() == []


def test_moves_are_written_by_a_number_of_statements_that_does_not_grow(company, monkeypatch):
    keeper = a_user("Imran Sadiq", *all_rights("stock"), company=company)
    place = a_bin(company)
    items = [an_item(company, f"I{n}", method="fifo") for n in range(40)]
    small = a_receipt(company, [(items[0], 1, 1, place)], by=keeper, post=False)
    large = a_receipt(company, [(item, 1, 1, place) for item in items], by=keeper, post=False)
    ran = []
    real = moving.recording.hot.fetch
    monkeypatch.setattr(moving.recording.hot, "fetch", lambda *a: ran.append(1) or real(*a))
    receiving.post(small, by=keeper)
    first = len(ran)
    receiving.post(large, by=keeper)

    assert len(ran) - first <= first


def test_a_receipt_that_was_wrong_may_be_put_right_and_the_goods_may_still_come(company):
    life = History(company, negative=False)
    life.receive(0, Decimal(10), Decimal("3.33"))

    life.do(("send_back", 0, Decimal(9), "correction"))
    life.do(("send_back", 0, Decimal(2), "correction"))  # so much did not come

    assert ReceiptLine.objects.get().returned == 9
    assert Position.objects.get(item=life.items[0]).value == Decimal("3.33")
    assert broken() == []


def test_an_item_may_be_given_two_standard_costs_in_a_day(company):
    life = History(company, negative=False)
    life.receive(2, Decimal(10), Decimal(5))

    life.revalue(Decimal(6))
    life.revalue(Decimal(7))

    assert Position.objects.get(item=life.items[2]).value == 70
    assert broken() == []


def issued_and_late(company, method, *, late_first):
    """Ten came at 2.00 and four were issued at 8.00; the bill says 3.00 each, the goods come back before or after."""
    life = History(company, negative=False)
    number = ("fifo", "average", "standard").index(method)
    life.receive(number, Decimal(10), Decimal(2))
    life.issue(number, Decimal(4))
    if not late_first:
        life.take_back(0)
    life.do(("learn", 0, Decimal(10)))
    if late_first:
        life.take_back(0)
    assert broken() == []
    return Position.objects.get(item=life.items[number])


@pytest.mark.parametrize("method", ["fifo", "average"])
def test_what_is_taken_back_lies_in_stock_at_what_it_was_issued_at(company, method):
    position = issued_and_late(company, method, late_first=True)

    assert (position.quantity, position.value) == (10, 26)  # of the ten pounds the cost centre keeps four


@pytest.mark.parametrize("method", ["fifo", "average"])
def test_a_cost_learnt_after_goods_came_back_goes_to_stock_with_them(company, method):
    position = issued_and_late(company, method, late_first=False)

    assert (position.quantity, position.value) == (10, 30)


def test_an_issue_is_taken_back_once_and_with_a_reason(company):
    life = History(company, negative=False)
    life.receive(0, Decimal(10), Decimal(2))
    life.issue(0, Decimal(4))
    issue = GoodsIssue.objects.get()

    with pytest.raises(Refused, match="needs a reason"):
        issuing.take_back(issue, by=life.by, reason=" ")
    issuing.take_back(issue, by=life.by, reason="Wrong item")
    with pytest.raises(Refused):
        issuing.take_back(issue, by=life.by, reason="Again")

    assert issue.state == GoodsIssue.State.TAKEN_BACK
    told = JournalLine.objects.filter(entry__origin_id=issue.pk, entry__event="take_back").order_by("place")
    assert [(line.debit, line.credit) for line in told] == [(8, 0), (0, 8)]
