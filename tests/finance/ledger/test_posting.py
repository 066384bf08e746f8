"""Posting gives a number, a balanced final entry and balances, or refuses and leaves no trace."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from backoffice.audit.models import Act
from backoffice.core.errors import Refused
from finance.ledger import periods, posting, queries
from finance.ledger.models import Balance, JournalEntry, JournalLine, Period
from tests.finance.ledger.builders import a_posting, account, line, posted
from tests.fixtures_world import TODAY, a_company, a_user


def test_entries_are_numbered_without_gap_in_each_journal_and_year(company, bookkeeper):
    first = posted(company, bookkeeper)
    second = posted(company, bookkeeper)
    next_year = posted(company, bookkeeper, on=date(2027, 1, 4))

    assert [first.number, second.number, next_year.number] == ["GEN-2026-00001", "GEN-2026-00002", "GEN-2027-00001"]


def test_a_batch_is_numbered_in_the_order_given_across_periods(company, bookkeeper):
    days = [date(2026, 3, 5), date(2026, 1, 9), date(2026, 3, 1), date(2025, 12, 31)]

    entries = posting.post_batch(company, [a_posting(company, on=day) for day in days], by=bookkeeper)

    dates = dict(JournalEntry.objects.values_list("number", "on"))
    assert [dates[entry.number] for entry in entries] == days
    assert sorted(e.number for e in entries) == ["GEN-2025-00001", "GEN-2026-00001", "GEN-2026-00002", "GEN-2026-00003"]
    assert JournalLine.objects.count() == 8


def test_the_act_of_posting_is_written_down(company, bookkeeper):
    entry = posted(company, bookkeeper)

    assert Act.objects.get(object_id=entry.pk, verb="post").by == bookkeeper


def test_balances_are_the_sums_of_lines(company, bookkeeper):
    posted(company, bookkeeper, "100.00")
    posted(company, bookkeeper, "20.50")

    bank = Balance.objects.get(account=account(company, "1210"))
    assert (bank.debit, bank.credit) == (Decimal("120.50"), 0)
    moved = queries.movements(company, starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 30))
    assert moved[bank.account_id].closing == Decimal("120.50")


def test_an_entry_that_does_not_balance_is_refused(company, bookkeeper):
    wrong = posting.Posting(on=TODAY, text="x", lines=[line(company, "1210", "10"), line(company, "3110", credit="9")])

    with pytest.raises(Refused, match="differ by 1"):
        posting.post(company, wrong, by=bookkeeper)
    assert not JournalEntry.objects.exists()


def test_an_account_that_needs_a_cost_centre_says_so(company, bookkeeper, warehouse):
    lines = [line(company, "7210", "10"), line(company, "1210", credit="10")]

    with pytest.raises(Refused, match="7210 Vehicle fuel needs a cost centre"):
        posting.post(company, posting.Posting(on=TODAY, text="x", lines=lines), by=bookkeeper)

    lines[0].cost_centre = warehouse
    assert posting.post(company, posting.Posting(on=TODAY, text="x", lines=lines), by=bookkeeper).number


def test_whoever_lacks_the_right_in_this_company_posts_nothing(company):
    other = a_company("Other Ltd")
    stranger = a_user("Sam Stranger", "ledger.post_journalentry", company=other)

    with pytest.raises(PermissionDenied):
        posted(company, stranger)


def test_a_closed_period_refuses(company, bookkeeper):
    period = Period.objects.get(company=company, starts_on=date(2026, 10, 1))
    periods.close(period, by=bookkeeper)

    with pytest.raises(Refused, match="closed"):
        posted(company, bookkeeper, on=date(2026, 10, 31))


def test_a_company_may_post_late_papers_on_the_first_open_day(company, bookkeeper):
    company.late_posting = "next_open"
    company.save()
    periods.close(Period.objects.get(company=company, starts_on=date(2026, 10, 1)), by=bookkeeper)

    entry = posted(company, bookkeeper, on=date(2026, 10, 31), document_on=date(2026, 10, 31))

    entry.refresh_from_db()
    assert (entry.on, entry.document_on) == (date(2026, 11, 1), date(2026, 10, 31))


def test_a_day_outside_all_years_is_refused(company, bookkeeper):
    with pytest.raises(Refused, match="no fiscal year"):
        posted(company, bookkeeper, on=date(2019, 1, 1))


def attack(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_journalentry SET text = 'x'",
        "UPDATE ledger_journalentry SET number = 'GEN-2026-99999'",
        "UPDATE ledger_journalentry SET state = 'draft'",
        "DELETE FROM ledger_journalentry",
        "UPDATE ledger_journalline SET debit = debit + 1 WHERE debit > 0",
        "UPDATE ledger_journalline SET entry_date = NULL",
        "DELETE FROM ledger_journalline",
        (
            "INSERT INTO ledger_journalline (entry_id, place, account_id, text, debit, credit, currency, currency_debit,"
            " currency_credit, entry_date) SELECT entry_id, 9, account_id, '', 1, 0, 'GBP', 1, 0, entry_date"
            " FROM ledger_journalline LIMIT 1"
        ),
    ],
)
def test_posted_rows_refuse_every_change_by_sql(company, bookkeeper, statement):
    posted(company, bookkeeper)

    with pytest.raises(IntegrityError, match=r"posted|balance"):
        attack(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE ledger_journalentry CASCADE",
        "ALTER TABLE ledger_journalline DISABLE TRIGGER ALL",
        "DROP TRIGGER ledger_line_guard ON ledger_journalline",
        "SET session_replication_role = replica",
        "UPDATE ledger_balance SET debit = 0",
        "UPDATE ledger_openitem SET rest = 0",
        "UPDATE audit_act SET verb = 'x'",
    ],
)
def test_the_application_cannot_switch_a_guard_off(company, bookkeeper, statement):
    posted(company, bookkeeper)

    with pytest.raises(Exception, match=r"permission denied|must be owner|only ever added"):
        attack(statement)


def test_the_database_refuses_an_unbalanced_entry_at_commit(company, bookkeeper):
    draft = JournalEntry.objects.create(
        company=company,
        journal=company.journals.get(code="GEN"),
        period=periods.of_day(company, TODAY),
        on=TODAY,
        text="x",
        entered_by=bookkeeper,
        changed_by=bookkeeper,
    )
    JournalLine.objects.create(
        entry=draft, place=1, account=account(company, "1210"), debit=5, currency="GBP", currency_debit=5
    )

    with pytest.raises(IntegrityError, match="two lines"):
        attack(f"UPDATE ledger_journalentry SET state = 'posted', number = 'X-1' WHERE id = {draft.pk}")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ledger_account WHERE code = '1210'",
        "DELETE FROM ledger_period WHERE starts_on = '2026-11-01'",
        "UPDATE ledger_period SET ends_on = ends_on + 40 WHERE starts_on = '2026-11-01'",
        "DELETE FROM ledger_journal WHERE code = 'GEN'",
        "DELETE FROM access_user WHERE name = 'Grace Okafor'",
    ],
)
def test_what_entries_point_to_cannot_be_taken_away(company, bookkeeper, statement):
    posted(company, bookkeeper)

    with pytest.raises(IntegrityError, match="cannot be deleted"):
        attack(statement)
