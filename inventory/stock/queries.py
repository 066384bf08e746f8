"""Reading stock: what lies where, what it is worth, how it moved."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from backoffice.core import hot
from backoffice.core.rounding import ZERO
from backoffice.organisation.models import Company
from inventory.catalogue.models import Item

ON_HAND = """
SELECT b.id, w.name, b.code, b.kind, o.quantity, o.counted_on
  FROM stock_onhand o JOIN stock_bin b ON b.id = o.bin_id JOIN stock_warehouse w ON w.id = b.warehouse_id
 WHERE o.item_id = %(item)s::bigint AND (o.quantity <> 0 OR o.counted_on IS NOT NULL) ORDER BY w.name, b.code
"""


class InBin(NamedTuple):
    """How much of an item lies in a bin."""

    bin_id: int
    warehouse: str
    code: str
    kind: str
    quantity: Decimal
    counted_on: date | None


class Week(NamedTuple):
    """What came in and went out in the seven days from a Monday on; base units, both positive."""

    starts_on: date
    came: Decimal
    went: Decimal


class Proof(NamedTuple):
    """One stock account: what the entries of cost explain, what the ledger holds."""

    account_id: int
    code: str
    name: str
    explained: Decimal
    booked: Decimal

    @property
    def difference(self) -> Decimal:
        return self.booked - self.explained


def on_hand(item: Item) -> list[InBin]:
    """Where an item lies now, in base units."""
    return [InBin(*row) for row in hot.fetch(ON_HAND, {"item": item.pk})]


def total_on_hand(item: Item) -> Decimal:
    """How much of it there is, in all bins together."""
    return sum((row.quantity for row in on_hand(item)), ZERO)


def weeks(item: Item, *, until: date, count: int = 13) -> list[Week]:
    """Moves by week, the last `count` weeks up to the one of `until`; carrying between bins does not count."""
    statement = """
        SELECT w.starts_on::date,
               coalesce(sum(m.quantity) FILTER (WHERE m.quantity > 0), 0),
               coalesce(-sum(m.quantity) FILTER (WHERE m.quantity < 0), 0)
          FROM generate_series(date_trunc('week', %s::date) - (%s - 1) * interval '7 days',
                               date_trunc('week', %s::date), interval '7 days') AS w(starts_on)
          LEFT JOIN stock_stockmove m ON m.item_id = %s AND m.kind <> 'transfer'
               AND m.moved_on >= w.starts_on AND m.moved_on < w.starts_on + interval '7 days'
         GROUP BY 1 ORDER BY 1
    """
    return [Week(*row) for row in _rows(statement, [until, count, until, item.pk])]


def proof(company: Company, *, on: date | None = None) -> list[Proof]:
    """Each stock account beside what explains it, now or at the end of a day."""
    statement = """
        SELECT a.id, a.code, a.name, coalesce(c.amount, 0), coalesce(l.balance, 0)
          FROM ledger_account a
          LEFT JOIN (SELECT account_id, sum(amount) AS amount FROM stock_costentry
                      WHERE company_id = %(company)s AND cost_on <= %(on)s GROUP BY 1) c ON c.account_id = a.id
          LEFT JOIN LATERAL (SELECT sum(n.debit - n.credit) AS balance FROM ledger_journalline n
                              WHERE n.account_id = a.id AND n.entry_date <= %(on)s) l ON true
         WHERE a.company_id = %(company)s AND (a.role = 'stock' OR c.amount IS NOT NULL) ORDER BY a.code
    """
    day = on or date(9999, 12, 31)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"company": company.pk, "on": day})
        return [Proof(*row) for row in cursor.fetchall()]


class Held(NamedTuple):
    """What is held of an item."""

    item_id: int
    code: str
    name: str
    quantity: Decimal
    value: Decimal


def dearest(company: Company, count: int = 20) -> list[Held]:
    """The items that most money lies in."""
    statement = """
        SELECT i.id, i.code, i.name, p.quantity, p.value FROM stock_position p JOIN catalogue_item i ON i.id = p.item_id
         WHERE p.company_id = %s AND p.value <> 0 ORDER BY p.value DESC, i.code LIMIT %s
    """
    return [Held(*row) for row in _rows(statement, [company.pk, count])]


def _rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
