"""Whatever is posted, reversed, settled, closed and reopened, in any order: the books stay whole.

Each example is a random history against the real database, undone afterwards; after it every check
of `manage.py verify` must hold, and the trial balance must be zero.
"""

from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice.core.errors import Refused
from backoffice.core.rounding import rounded, shared
from backoffice.core.verifying import verifications
from finance.ledger import accounts, periods, posting, queries, reversing, settling
from finance.ledger.models import Allocation, JournalEntry, OpenItem, Period, Role
from tests.fixtures_world import a_party

amounts = st.decimals(min_value="0.01", max_value="99999.99", places=2)
days = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 12, 31))
codes = st.sampled_from(["1210", "1230", "3110", "6110", "8110"])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("post"), amounts, days, codes, codes),
        st.tuples(st.just("bill"), amounts, days, st.booleans()),
        st.tuples(st.just("pay"), amounts, days, st.booleans()),
        st.tuples(
            st.just("settle"),
            st.integers(0, 99),
            st.integers(0, 99),
            st.one_of(st.just(Fraction(1)), st.fractions(0, 1)),
        ),
        st.tuples(st.just("unsettle"), st.integers(0, 99)),
        st.tuples(st.just("reverse"), st.integers(0, 99), days),
        st.tuples(st.just("close"), st.integers(1, 12)),
        st.tuples(st.just("reopen"), st.integers(1, 12)),
    ),
    min_size=6,
    max_size=18,
)
often = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def undone():
    """An example leaves nothing behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class History:
    """Performs one step after another; what the ledger refuses is simply not done."""

    def __init__(self, company, by):
        self.company, self.by = company, by
        self.party = a_party(company)
        self.control = accounts.by_role(company, Role.AP)
        self.bank = accounts.by_code(company, "1210")

    def do(self, step):
        try:
            with transaction.atomic():
                getattr(self, step[0])(*step[1:])
        except Refused:
            pass

    def _post(self, lines, on):
        posting.post(self.company, posting.Posting(on=on, text="x", lines=lines, journal="SYS"), by=self.by)

    def post(self, amount, on, one, other):
        chart = {a.code: a for a in self.company.accounts.filter(code__in=[one, other])}
        self._post([posting.debit(chart[one], amount), posting.credit(chart[other], amount)], on)

    def bill(self, amount, on, foreign):
        self._owe(amount, on, foreign, posting.credit, posting.debit)

    def pay(self, amount, on, foreign):
        self._owe(amount, on, foreign, posting.debit, posting.credit)

    def _owe(self, amount, on, foreign, control_side, other_side):
        rate = Decimal("0.8") + Decimal(on.day) / 200
        more = {"currency": "EUR", "company_amount": rounded(amount * rate)} if foreign else {}
        self._post(
            [control_side(self.control, amount, party=self.party, **more), other_side(self.bank, amount, **more)], on
        )

    def settle(self, one, other, part):
        debits = list(OpenItem.objects.filter(amount__gt=0).exclude(rest=0).order_by("pk"))
        if not debits:
            return
        debit = debits[one % len(debits)]
        owing = list(OpenItem.objects.filter(amount__lt=0, currency=debit.currency).exclude(rest=0).order_by("pk"))
        if owing:
            credit = owing[other % len(owing)]
            most = min(debit.rest, -credit.rest)
            amount = max(rounded(most * part.numerator / part.denominator), Decimal("0.01"))
            settling.allocate(debit, credit, amount, on=max(debit.on, credit.on), by=self.by)

    def unsettle(self, which):
        standing = list(Allocation.objects.filter(undoes=None, undone_by=None).order_by("pk"))
        if standing:
            chosen = standing[which % len(standing)]
            settling.unallocate(chosen, on=chosen.on, by=self.by)

    def reverse(self, which, on):
        entries = list(JournalEntry.objects.filter(state="posted").order_by("pk"))
        if entries:
            entry = JournalEntry.objects.get(pk=entries[which % len(entries)].pk)
            reversing.reverse(entry, on=on, by=self.by)

    def _period(self, month):
        return Period.objects.get(company=self.company, starts_on=date(2026, month, 1))

    def close(self, month):
        periods.close(self._period(month), by=self.by)

    def reopen(self, month):
        periods.reopen(self._period(month), by=self.by, reason="Property")


def broken():
    return [f"{key}: {f.record} {f.problem}" for key, check in verifications.items() for f in check.findings()]


@often
@given(history=steps)
def test_any_history_keeps_the_books_whole(company, bookkeeper, history):
    with undone():
        story = History(company, bookkeeper)
        for step in history:
            story.do(step)
        assert broken() == []
        moved = queries.movements(company, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
        assert sum((m.closing for m in moved.values()), Decimal(0)) == 0


@often
@given(history=steps, edges=st.tuples(days, days))
def test_movements_between_any_two_days_are_the_sums_of_their_lines(company, bookkeeper, history, edges):
    first, last = sorted(edges)
    with undone():
        story = History(company, bookkeeper)
        for step in history:
            story.do(step)
        moved = queries.movements(company, starts_on=first, ends_on=last)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT account_id, coalesce(sum(debit - credit) FILTER (WHERE entry_date < %s), 0),"
                " coalesce(sum(debit) FILTER (WHERE entry_date >= %s), 0), coalesce(sum(credit) FILTER (WHERE entry_date >= %s), 0)"
                " FROM ledger_journalline WHERE entry_date <= %s GROUP BY 1",
                [first, first, first, last],
            )
            expected = {row[0]: tuple(row) for row in cursor.fetchall()}
        assert {a: tuple(m) for a, m in moved.items() if any(m[1:])} == {
            a: r for a, r in expected.items() if any(r[1:])
        }


@often
@given(
    amount=amounts,
    rate_bill=st.decimals("0.5", "2", places=4),
    rates=st.lists(st.decimals("0.5", "2", places=4), min_size=1, max_size=5),
    cuts=st.lists(st.integers(1, 50), min_size=5, max_size=5),
)
def test_partial_payments_at_any_rates_end_at_zero_in_both_currencies(
    company, bookkeeper, amount, rate_bill, rates, cuts
):
    with undone():
        story = History(company, bookkeeper)
        parts = [p for p in shared(amount, [Decimal(c) for c in cuts[: len(rates)]]) if p]
        on = date(2026, 6, 1)
        books = rounded(amount * rate_bill)
        more = {"currency": "EUR", "company_amount": books}
        story._post(
            [
                posting.credit(story.control, amount, party=story.party, **more),
                posting.debit(story.bank, amount, **more),
            ],
            on,
        )
        bill = OpenItem.objects.get()
        paid = Decimal(0)
        for part, rate in zip(parts, rates, strict=False):
            own = rounded(part * rate)
            paid += own
            more = {"currency": "EUR", "company_amount": own}
            lines = [
                posting.debit(story.control, part, party=story.party, **more),
                posting.credit(story.bank, part, **more),
            ]
            story._post(lines, on + timedelta(days=1))
            payment = OpenItem.objects.filter(amount__gt=0).latest("pk")
            settling.allocate(payment, OpenItem.objects.get(pk=bill.pk), part, on=on + timedelta(days=1), by=bookkeeper)
        assert set(OpenItem.objects.values_list("rest", "rest_company")) == {(0, 0)}
        fx = accounts.by_role(company, Role.FX_REALISED).pk
        moved = queries.movements(company, starts_on=on, ends_on=date(2026, 12, 31))
        difference = moved[fx].closing if fx in moved else Decimal(0)
        assert difference == paid - books
        assert broken() == []


@given(
    total=st.decimals("-9999.99", "9999.99", places=2),
    weights=st.lists(st.decimals("0", "100", places=3), min_size=1, max_size=9),
)
def test_sharing_loses_nothing(total, weights):
    if not sum(weights):
        return
    parts = shared(total, weights)

    assert sum(parts) == total
    assert all(
        abs(part - total * weight / sum(weights)) < Decimal("0.01") for part, weight in zip(parts, weights, strict=True)
    )


@pytest.mark.parametrize("code", ["9999", ""])
def test_an_unknown_account_is_refused(company, code):
    with pytest.raises(Refused):
        accounts.by_code(company, code)
