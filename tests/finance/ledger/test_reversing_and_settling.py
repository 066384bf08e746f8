"""Reversals mirror, allocations settle both currencies to exactly zero."""

from datetime import date
from decimal import Decimal

import pytest

from backoffice.core.errors import Refused
from finance.ledger import accounts, posting, queries, reversing, settling
from finance.ledger.models import Balance, JournalEntry, OpenItem, Role
from tests.finance.ledger.builders import account, line, posted
from tests.fixtures_world import TODAY, a_party


def owed(company, by, party, amount, *, currency="", company_amount=None, paid=False):
    """A bill-like item, or a payment-like one."""
    value = Decimal(amount)
    books = Decimal(company_amount or amount)
    control = accounts.by_role(company, Role.AP)
    side = posting.debit if paid else posting.credit
    other = posting.credit if paid else posting.debit
    lines = [
        side(control, value, currency=currency, company_amount=books, party=party, due_on=TODAY),
        other(account(company, "1210"), value, currency=currency, company_amount=books),
    ]
    entry = posting.post(company, posting.Posting(on=TODAY, text="x", lines=lines, journal="SYS"), by=by)
    return OpenItem.objects.get(line__entry=entry)


def test_a_reversal_mirrors_sides_and_leaves_nothing_open(company, bookkeeper):
    item = owed(company, bookkeeper, a_party(company), "120.00")
    entry = item.line.entry

    reversing.reverse(entry, by=bookkeeper, on=TODAY, reason="Entered twice")

    bank = Balance.objects.get(account=account(company, "1210"))
    assert (bank.debit, bank.credit) == (120, 120)
    assert not OpenItem.objects.exclude(rest=0).exists()
    assert JournalEntry.objects.get(reversal_of=entry).text == "Entered twice"


def test_an_entry_is_reversed_once_and_a_reversal_never(company, bookkeeper):
    entry = posted(company, bookkeeper)
    reversing.reverse(entry, by=bookkeeper, on=TODAY)

    with pytest.raises(Refused, match="already"):
        reversing.reverse(entry, by=bookkeeper, on=TODAY)
    with pytest.raises(Refused, match="reversal itself"):
        reversing.reverse(JournalEntry.objects.get(reversal_of=entry), by=bookkeeper, on=TODAY)


def test_partial_payments_in_a_foreign_currency_end_at_zero_with_the_difference_posted(company, bookkeeper):
    party = a_party(company)
    bill = owed(company, bookkeeper, party, "100.00", currency="EUR", company_amount="84.37")
    first = owed(company, bookkeeper, party, "33.33", currency="EUR", company_amount="28.10", paid=True)
    second = owed(company, bookkeeper, party, "66.67", currency="EUR", company_amount="57.00", paid=True)

    settling.allocate(first, bill, Decimal("33.33"), on=TODAY, by=bookkeeper)
    settling.allocate(second, bill, Decimal("66.67"), on=TODAY, by=bookkeeper)

    assert set(OpenItem.objects.values_list("rest", "rest_company")) == {(0, 0)}
    fx = queries.movements(company, starts_on=date(2026, 1, 1), ends_on=TODAY)[
        accounts.by_role(company, Role.FX_REALISED).pk
    ]
    assert fx.closing == Decimal("28.10") + Decimal("57.00") - Decimal("84.37")
    control = queries.movements(company, starts_on=date(2026, 1, 1), ends_on=TODAY)[bill.account_id]
    assert control.closing == 0


def test_more_than_is_open_cannot_be_allocated(company, bookkeeper):
    party = a_party(company)
    bill, paid = owed(company, bookkeeper, party, "50"), owed(company, bookkeeper, party, "80", paid=True)

    with pytest.raises(Refused, match="Only"):
        settling.allocate(paid, bill, Decimal(60), on=TODAY, by=bookkeeper)


def test_an_allocation_is_undone_by_its_mirror(company, bookkeeper):
    party = a_party(company)
    bill = owed(company, bookkeeper, party, "100", currency="EUR", company_amount="84")
    paid = owed(company, bookkeeper, party, "100", currency="EUR", company_amount="86", paid=True)
    allocation = settling.allocate(paid, bill, Decimal(100), on=TODAY, by=bookkeeper)

    settling.unallocate(allocation, on=TODAY, by=bookkeeper)

    bill.refresh_from_db()
    assert (bill.rest, bill.rest_company) == (-100, -84)
    control = queries.movements(company, starts_on=TODAY, ends_on=TODAY)[bill.account_id]
    assert control.closing == 2  # 86 paid less 84 owed, both open again


def test_open_items_are_shown_as_they_were_on_a_day(company, bookkeeper):
    party = a_party(company)
    bill, paid = owed(company, bookkeeper, party, "50"), owed(company, bookkeeper, party, "50", paid=True)
    settling.allocate(paid, bill, Decimal(50), on=date(2026, 12, 5), by=bookkeeper)

    before = queries.open_items(bill.account_id, on=date(2026, 12, 4))
    after = queries.open_items(bill.account_id, on=date(2026, 12, 5))

    assert sorted(item.rest for item in before) == [-50, 50]
    assert after == []


def test_ledger_pages_run_on_with_their_balance(company, bookkeeper):
    for day in range(1, 8):
        posted(company, bookkeeper, f"{day}.00", on=date(2026, 11, day))
    bank = account(company, "1210").pk

    first = queries.ledger_page(company, bank, starts_on=date(2026, 11, 3), ends_on=TODAY, limit=3)
    second = queries.ledger_page(
        company, bank, starts_on=date(2026, 11, 3), ends_on=TODAY, limit=3, after=first.next_after
    )

    assert first.opening == 3
    assert [n.balance for n in first.lines] == [6, 10, 15]
    assert [n.balance for n in second.lines] == [21, 28]
    assert second.next_after is None


def test_departments_see_only_lines_of_their_cost_centres(company, bookkeeper, warehouse):
    entry = posting.Posting(
        on=TODAY,
        text="x",
        lines=[
            line(company, "7210", "30", cost_centre=warehouse),
            line(company, "8110", "7"),
            line(company, "1210", credit="37"),
        ],
    )
    posting.post(company, entry, by=bookkeeper)

    seen = queries.movements(company, starts_on=TODAY, ends_on=TODAY, departments=[warehouse.department_id])

    assert {m.account_id: m.closing for m in seen.values()} == {account(company, "7210").pk: Decimal(30)}


def test_the_exchange_difference_of_a_settlement_is_not_reversed_on_its_own(company, bookkeeper):
    party = a_party(company)
    bill = owed(company, bookkeeper, party, "100", currency="EUR", company_amount="84")
    paid = owed(company, bookkeeper, party, "100", currency="EUR", company_amount="86", paid=True)
    allocation = settling.allocate(paid, bill, Decimal(100), on=TODAY, by=bookkeeper)

    with pytest.raises(Refused, match="undo the settlement"):
        reversing.reverse(allocation.difference_entry, by=bookkeeper, on=TODAY)
