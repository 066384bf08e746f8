"""What `manage.py verify` proves of the ledger, each by one statement over all rows."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import connection

from backoffice.core.verifying import Finding, verification
from finance.ledger import sealing
from finance.ledger.models import JournalEntry, JournalLine

CHUNK = 5000


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


@verification("entries_balance", "Every posted entry balances and has at least two lines")
def entries_balance() -> Iterator[Finding]:
    """Debit equals credit in company currency, and in the transaction's where all lines share one."""
    statement = """
        SELECT e.number, coalesce(sum(l.debit - l.credit), 0), count(l.id)
          FROM ledger_journalentry e LEFT JOIN ledger_journalline l ON l.entry_id = e.id
         WHERE e.state = 'posted' GROUP BY e.id
        HAVING count(l.id) < 2 OR sum(l.debit) <> sum(l.credit)
            OR (count(DISTINCT l.currency) = 1 AND sum(l.currency_debit) <> sum(l.currency_credit)) ORDER BY e.id
    """
    for number, rest, lines in _rows(statement):
        yield Finding(number, f"{lines} lines, debits less credits are {rest:f}")


@verification("balances_equal_lines", "Balances equal the sums of their lines")
def balances_equal_lines() -> Iterator[Finding]:
    """Every balance row, and every group of lines, both ways."""
    statement = """
        SELECT a.code, p.name, coalesce(b.debit, 0), coalesce(b.credit, 0), coalesce(s.debit, 0), coalesce(s.credit, 0)
          FROM (SELECT l.account_id, e.period_id, l.dimension_set_id, l.currency, sum(l.debit) AS debit, sum(l.credit) AS credit,
                       sum(l.currency_debit) AS cd, sum(l.currency_credit) AS cc
                  FROM ledger_journalline l JOIN ledger_journalentry e ON e.id = l.entry_id
                 WHERE l.entry_date IS NOT NULL GROUP BY 1, 2, 3, 4) s
          FULL JOIN ledger_balance b ON b.account_id = s.account_id AND b.period_id = s.period_id
               AND coalesce(b.dimension_set_id, 0) = coalesce(s.dimension_set_id, 0) AND b.currency = s.currency
          JOIN ledger_account a ON a.id = coalesce(b.account_id, s.account_id)
          JOIN ledger_period p ON p.id = coalesce(b.period_id, s.period_id)
         WHERE (b.debit, b.credit, b.currency_debit, b.currency_credit) IS DISTINCT FROM (s.debit, s.credit, s.cd, s.cc)
           AND NOT (b.id IS NULL AND s.debit = 0 AND s.credit = 0)
    """
    for code, period, debit, credit, line_debit, line_credit in _rows(statement):
        yield Finding(f"{code} in {period}", f"balance {debit:f}/{credit:f}, lines {line_debit:f}/{line_credit:f}")


@verification("subledger_equals_control", "Open items equal their control accounts")
def subledger_equals_control() -> Iterator[Finding]:
    """By account: what parties owe and are owed is what the account holds."""
    statement = """
        SELECT a.code, coalesce(i.rest, 0), coalesce(b.balance, 0)
          FROM ledger_account a
          LEFT JOIN (SELECT account_id, sum(rest_company) AS rest FROM ledger_openitem GROUP BY 1) i ON i.account_id = a.id
          LEFT JOIN (SELECT account_id, sum(debit - credit) AS balance FROM ledger_balance GROUP BY 1) b ON b.account_id = a.id
         WHERE a.is_control AND coalesce(i.rest, 0) <> coalesce(b.balance, 0)
    """
    for code, rest, balance in _rows(statement):
        yield Finding(code, f"open items {rest:f}, account {balance:f}")


@verification("rests_equal_allocations", "What is open equals amounts less allocations")
def rests_equal_allocations() -> Iterator[Finding]:
    """The stored rest of every item, recomputed."""
    statement = """
        WITH used AS (
            SELECT item_id, sum(amount) AS amount, sum(company) AS company FROM (
                SELECT debit_item_id AS item_id, amount, debit_company AS company FROM ledger_allocation
                UNION ALL SELECT credit_item_id, -amount, -credit_company FROM ledger_allocation) t GROUP BY 1)
        SELECT e.number, l.place FROM ledger_openitem i
          JOIN ledger_journalline l ON l.id = i.line_id JOIN ledger_journalentry e ON e.id = l.entry_id
          LEFT JOIN used u ON u.item_id = i.id
         WHERE i.rest <> i.amount - coalesce(u.amount, 0) OR i.rest_company <> i.amount_company - coalesce(u.company, 0)
            OR (i.rest = 0 AND i.rest_company <> 0)  -- the other way round a few pennies may round to nothing
    """
    for number, place in _rows(statement):
        yield Finding(f"{number} line {place}", "the open amount is not what allocations leave")


@verification("numbers_have_no_gap", "Numbers have no gap and no double")
def numbers_have_no_gap() -> Iterator[Finding]:
    """In each journal and fiscal year the numbers run from 1 to the counter."""
    statement = """
        SELECT j.code, y.name, c.last, count(e.id), max(substring(e.number FROM '[0-9]+$')::bigint),
               count(DISTINCT substring(e.number FROM '[0-9]+$')::bigint)
          FROM ledger_counter c
          JOIN ledger_journal j ON j.id = c.journal_id JOIN ledger_fiscalyear y ON y.id = c.fiscal_year_id
          LEFT JOIN (ledger_journalentry e JOIN ledger_period p ON p.id = e.period_id)
                 ON e.journal_id = j.id AND p.fiscal_year_id = y.id AND e.state = 'posted'
         GROUP BY 1, 2, 3 HAVING count(e.id) <> c.last OR coalesce(max(substring(e.number FROM '[0-9]+$')::bigint), 0) <> c.last
                OR count(DISTINCT substring(e.number FROM '[0-9]+$')::bigint) <> c.last
    """
    for code, year, last, count, highest, distinct in _rows(statement):
        yield Finding(f"{code}-{year}", f"counter {last}, entries {count}, highest {highest}, distinct {distinct}")


@verification("seals_hold", "No posted entry or line was changed after it was posted")
def seals_hold() -> Iterator[Finding]:
    """Recompute the HMAC of every entry; what a superuser changed by SQL is named."""
    entries = (
        JournalEntry._base_manager.filter(state=JournalEntry.State.POSTED).order_by("id").iterator(chunk_size=CHUNK)
    )
    lines = (
        JournalLine._base_manager.order_by("entry_id", "place", "id")
        .exclude(on=None)
        .values_list("entry_id", *sealing.SealedLine._fields)
        .iterator(chunk_size=CHUNK * 4)
    )
    by_entry = groupby(lines, key=lambda row: row[0])
    key, rows = next(by_entry, (None, iter(())))
    for entry in entries:
        while key is not None and key < entry.pk:
            yield Finding(f"line of entry {key}", "belongs to no posted entry")
            key, rows = next(by_entry, (None, iter(())))
        own: list[tuple[Any, ...]] = []
        if key == entry.pk:
            own = [row[1:] for row in rows]
            key, rows = next(by_entry, (None, iter(())))
        if entry.seal_key not in settings.SEAL_KEYS:
            yield Finding(entry.number, f"is sealed by the key “{entry.seal_key}”, which is not in SEAL_KEYS")
        elif not sealing.holds(entry, own):
            yield Finding(entry.number, "header or lines are not what was posted")
