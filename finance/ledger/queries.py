"""Reading the books: trial balance, ledger pages, aged items; rows, not models.

Balances give whole periods, lines only the days at the edges, so that the answer takes the same
time at a thousand lines and at a million. `departments` limits to lines of their cost centres.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from backoffice.access.rights import holding
from backoffice.core.rounding import ZERO
from backoffice.organisation.models import Company


def departments_seen(user: Any, company: Company) -> list[int] | None:
    """The departments to which a user's view of the books is limited; None is the whole company, [] is nothing."""
    held = [g for g in holding(user, "ledger.view_journalline") if g.company_id in (None, company.pk)]
    if any(grant.department_id is None for grant in held):
        return None
    return sorted({grant.department_id for grant in held if grant.department_id is not None})


class Movement(NamedTuple):
    """What an account did: its balance before (debit minus credit), and what was added on each side."""

    account_id: int
    opening: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def closing(self) -> Decimal:
        return self.opening + self.debit - self.credit


# Whole periods come from balances ...
FROM_BALANCES = """
SELECT b.account_id, sum(b.debit - b.credit) FILTER (WHERE p.starts_on < %(from)s),
       sum(b.debit) FILTER (WHERE p.starts_on >= %(from)s), sum(b.credit) FILTER (WHERE p.starts_on >= %(from)s)
  FROM ledger_period p
  JOIN ledger_balance b ON b.period_id = p.id {one_account}
  {dimension}
 WHERE p.company_id = %(company)s AND p.ends_on <= %(until)s AND p.id <> ALL(%(cut)s)
 GROUP BY 1
"""
# ... and a period that an edge cuts from its lines.
FROM_LINES = """
SELECT a.id, t.before, t.debit, t.credit
  FROM ledger_account a,
       LATERAL (SELECT sum(l.debit - l.credit) FILTER (WHERE l.entry_date < %(from)s) AS before,
                       sum(l.debit) FILTER (WHERE l.entry_date >= %(from)s) AS debit,
                       sum(l.credit) FILTER (WHERE l.entry_date >= %(from)s) AS credit
                  FROM ledger_journalline l {dimension}
                 WHERE l.account_id = a.id AND l.entry_date BETWEEN %(first)s AND %(last)s) t
 WHERE a.company_id = %(company)s AND (t.before IS NOT NULL OR t.debit IS NOT NULL) {one_account}
"""
CUT = """
SELECT id, starts_on, least(ends_on, %(until)s) FROM ledger_period
 WHERE company_id = %(company)s AND ((starts_on < %(from)s AND ends_on >= %(from)s AND starts_on <= %(until)s)
                                  OR (starts_on <= %(until)s AND ends_on > %(until)s))
"""
DIMENSION = """
JOIN ledger_dimensionset s ON s.id = {alias}.dimension_set_id
JOIN organisation_costcentre c ON c.id = s.cost_centre_id AND c.department_id = ANY(%(departments)s)
"""


def movements(
    company: Company,
    *,
    starts_on: date,
    ends_on: date,
    departments: Sequence[int] | None = None,
    cost_centres: Sequence[int] | None = None,
    account: int | None = None,
) -> dict[int, Movement]:
    """Opening balance and movement of each account between two days, both included, in company currency."""
    dimension = DIMENSION if departments is not None else ""
    if cost_centres is not None:
        dimension = (dimension or "JOIN ledger_dimensionset s ON s.id = {alias}.dimension_set_id") + (
            " AND s.cost_centre_id = ANY(%(cost_centres)s)"
        )
    given: dict[str, Any] = {
        "company": company.pk,
        "from": starts_on,
        "until": ends_on,
        "departments": list(departments or ()),
        "cost_centres": list(cost_centres or ()),
        "account": account,
    }
    one_b, one_a = ("AND b.account_id = %(account)s", "AND a.id = %(account)s") if account else ("", "")
    total: dict[int, Movement] = {}
    with connection.cursor() as cursor:
        cursor.execute(CUT, given)
        cuts = cursor.fetchall()
        cursor.execute(
            FROM_BALANCES.format(dimension=dimension.format(alias="b"), one_account=one_b),
            {**given, "cut": [cut[0] for cut in cuts]},
        )
        _add(total, cursor.fetchall())
        for _period, first, last in cuts:
            cursor.execute(
                FROM_LINES.format(dimension=dimension.format(alias="l"), one_account=one_a),
                {**given, "first": first, "last": last},
            )
            _add(total, cursor.fetchall())
    return total


def _add(total: dict[int, Movement], rows: list[tuple[Any, ...]]) -> None:
    for account, before, debit, credit in rows:
        old = total.get(account) or Movement(account, ZERO, ZERO, ZERO)
        total[account] = Movement(
            account, old.opening + (before or ZERO), old.debit + (debit or ZERO), old.credit + (credit or ZERO)
        )


class LedgerLine(NamedTuple):
    """A line of the general ledger with the balance of the account after it."""

    id: int
    on: date
    entry_id: int
    number: str
    text: str
    party: str | None
    cost_centre: str | None
    debit: Decimal
    credit: Decimal
    currency: str
    currency_amount: Decimal
    balance: Decimal


@dataclass(frozen=True)
class LedgerPage:
    """Some lines of an account in the order of the books, and where the next page starts."""

    opening: Decimal
    lines: list[LedgerLine]
    next_after: tuple[date, int] | None


PAGE = """
SELECT l.id, l.entry_date, l.entry_id, e.number, coalesce(nullif(l.text, ''), e.text), p.name, c.code,
       l.debit, l.credit, l.currency, l.currency_debit - l.currency_credit
  FROM (SELECT * FROM ledger_journalline
         WHERE account_id = %(account)s AND entry_date BETWEEN %(from)s AND %(until)s AND (entry_date, id) > (%(day)s, %(id)s)
               {department}
         ORDER BY entry_date, id LIMIT %(limit)s) l
  JOIN ledger_journalentry e ON e.id = l.entry_id
  LEFT JOIN parties_party p ON p.id = l.party_id
  LEFT JOIN ledger_dimensionset s ON s.id = l.dimension_set_id
  LEFT JOIN organisation_costcentre c ON c.id = s.cost_centre_id
 ORDER BY l.entry_date, l.id
"""
IN_DEPARTMENTS = """
AND dimension_set_id IN (SELECT s.id FROM ledger_dimensionset s JOIN organisation_costcentre c ON c.id = s.cost_centre_id
                          WHERE c.department_id = ANY(%(departments)s))
"""


def ledger_page(
    company: Company,
    account: int,
    *,
    starts_on: date,
    ends_on: date,
    after: tuple[date, int] | None = None,
    limit: int = 50,
    departments: Sequence[int] | None = None,
) -> LedgerPage:
    """A page of one account by keyset (day, id), each line with its running balance in company currency."""
    opening = _balance_before(company, account, starts_on, after, departments)
    with connection.cursor() as cursor:
        cursor.execute(
            PAGE.format(department=IN_DEPARTMENTS if departments is not None else ""),
            {
                "account": account,
                "from": starts_on,
                "until": ends_on,
                "day": after[0] if after else date.min,
                "id": after[1] if after else 0,
                "limit": limit + 1,
                "departments": list(departments or ()),
            },
        )
        rows = cursor.fetchall()
    lines, balance = [], opening
    for row in rows[:limit]:
        balance += row[7] - row[8]
        lines.append(LedgerLine._make((*row, balance)))
    more = len(rows) > limit
    return LedgerPage(opening, lines, (lines[-1].on, lines[-1].id) if more else None)


TAIL = """
SELECT coalesce(sum(debit - credit), 0) FROM ledger_journalline
 WHERE account_id = %(account)s AND entry_date >= %(first)s AND (entry_date, id) <= (%(day)s, %(id)s) {department}
"""


def _balance_before(
    company: Company, account: int, starts_on: date, after: tuple[date, int] | None, departments: Sequence[int] | None
) -> Decimal:
    day = after[0] if after else starts_on
    moved = movements(company, starts_on=day, ends_on=day, departments=departments, account=account).get(account)
    opening = moved.opening if moved else ZERO
    if after is None:
        return opening
    with connection.cursor() as cursor:
        cursor.execute(
            TAIL.format(department=IN_DEPARTMENTS if departments is not None else ""),
            {
                "account": account,
                "first": day,
                "day": after[0],
                "id": after[1],
                "departments": list(departments or ()),
            },
        )
        return opening + cursor.fetchone()[0]


class AgedItem(NamedTuple):
    """An item that was open on a day, with its rest on that day; signed, debit positive."""

    item_id: int
    party_id: int | None
    party: str | None
    entry_id: int
    number: str
    text: str
    on: date
    due_on: date
    days_late: int
    currency: str
    rest: Decimal
    rest_company: Decimal


AGED = """
WITH settled AS (
    SELECT item_id, sum(amount) AS amount, sum(company) AS company FROM (
        SELECT debit_item_id AS item_id, amount, debit_company AS company FROM ledger_allocation WHERE allocated_on > %(on)s
        UNION ALL
        SELECT credit_item_id, -amount, -credit_company FROM ledger_allocation WHERE allocated_on > %(on)s
    ) later GROUP BY item_id
)
SELECT i.id, i.party_id, p.name, l.entry_id, e.number, coalesce(nullif(l.text, ''), e.text), i.entry_date, i.due_on,
       greatest(%(on)s - i.due_on, 0), i.currency,
       i.rest + coalesce(s.amount, 0), i.rest_company + coalesce(s.company, 0)
  FROM ledger_openitem i
  LEFT JOIN settled s ON s.item_id = i.id
  JOIN ledger_journalline l ON l.id = i.line_id
  JOIN ledger_journalentry e ON e.id = l.entry_id
  LEFT JOIN parties_party p ON p.id = i.party_id
 WHERE i.account_id = %(account)s AND i.entry_date <= %(on)s
   AND (i.rest + coalesce(s.amount, 0) <> 0 OR i.rest_company + coalesce(s.company, 0) <> 0)
   {department}
 ORDER BY p.name, i.due_on, i.id
"""
WITH_LINE_OF = """
AND EXISTS (SELECT 1 FROM ledger_journalline m JOIN ledger_dimensionset s2 ON s2.id = m.dimension_set_id
              JOIN organisation_costcentre c ON c.id = s2.cost_centre_id
             WHERE m.entry_id = l.entry_id AND c.department_id = ANY(%(departments)s))
"""


def open_items(account: int, *, on: date, departments: Sequence[int] | None = None) -> list[AgedItem]:
    """The items of a control account that were open at the end of a day, as they were then."""
    with connection.cursor() as cursor:
        cursor.execute(
            AGED.format(department=WITH_LINE_OF if departments is not None else ""),
            {"account": account, "on": on, "departments": list(departments or ())},
        )
        return [AgedItem(*row) for row in cursor.fetchall()]
