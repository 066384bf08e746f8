"""Goods received, not invoiced, explained line by line: what came, what was billed of it, and what is left.

The sum of all rests is the balance of the account: a receipt owes its value, a return takes back, a bill clears. What
receipts without an order of ours owe stands beside the order lines.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum

from backoffice.core.rounding import ZERO
from backoffice.organisation.models import Company
from finance.ledger.models import JournalLine, Role

# Receipts by order line, their returns, and what bills cleared; company currency. Orders are one kind among origins.
STATEMENT = """
WITH came AS (
    SELECT e.origin_line AS line, sum(l.value) AS value, sum(l.returned_value) AS back, min(r.received_on) AS first_on
      FROM stock_receiptline l JOIN stock_goodsreceipt r ON r.id = l.receipt_id
      LEFT JOIN stock_expected e ON e.id = l.expected_id AND e.origin_type_id = (
          SELECT id FROM django_content_type WHERE app_label = 'purchasing' AND model = 'purchaseorder')
     WHERE r.company_id = %(company)s AND r.state = 'posted' GROUP BY 1
), cleared AS (
    SELECT m.order_line_id AS line, sum(m.cleared) AS value, min(b.booked_on) AS first_on
      FROM purchasing_matchrow m JOIN payables_billline bl ON bl.id = m.bill_line_id
      JOIN payables_bill b ON b.id = bl.bill_id
     WHERE b.company_id = %(company)s AND m.entry_id IS NOT NULL GROUP BY 1
)
SELECT coalesce(came.line, cleared.line), o.id, o.number, p.name, coalesce(nullif(ol.text, ''), i.name, ''),
       coalesce(came.value, 0), coalesce(came.back, 0), coalesce(cleared.value, 0),
       least(came.first_on, cleared.first_on)
  FROM came FULL JOIN cleared ON cleared.line = came.line
  LEFT JOIN purchasing_orderline ol ON ol.id = coalesce(came.line, cleared.line)
  LEFT JOIN purchasing_purchaseorder o ON o.id = ol.order_id
  LEFT JOIN suppliers_supplier s ON s.id = o.supplier_id
  LEFT JOIN parties_party p ON p.id = s.party_id
  LEFT JOIN catalogue_item i ON i.id = ol.item_id
 ORDER BY p.name NULLS LAST, o.number, ol.place
"""


@dataclass(frozen=True)
class Explained:
    """What an order line owes beyond its bills; positive where goods wait for a bill, negative where a bill waits for
    goods. Without an order: receipts that nobody ordered here.
    """

    line_id: int | None
    order_id: int | None
    order: str
    supplier: str
    text: str
    received: Decimal
    returned: Decimal
    billed: Decimal
    since: date | None

    @property
    def rest(self) -> Decimal:
        return self.received - self.returned - self.billed


def explain(company: Company, *, whole: bool = False) -> list[Explained]:
    """All order lines that leave something, by supplier and order; the `whole` also those that are even."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"company": company.pk})
        rows = [_row(*row) for row in cursor.fetchall()]
    return [row for row in rows if whole or row.rest]


def _row(line_id: int | None, order_id: int | None, order: str | None, supplier: str | None, *rest: Any) -> Explained:
    return Explained(line_id, order_id, order or "", supplier or "", *rest)


def balance(company: Company) -> Decimal:
    """What the ledger says is owed for goods that no bill names yet: credit less debit of the account."""
    lines = JournalLine.objects.filter(entry__company=company, entry__state="posted", account__role=Role.GRNI)
    sums = lines.aggregate(debit=Sum("debit"), credit=Sum("credit"))
    return (sums["credit"] or ZERO) - (sums["debit"] or ZERO)
