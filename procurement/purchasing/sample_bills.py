"""The sample's bills for goods: most are what was ordered, some are dearer, some are blocked; NP-88213 differs."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q

from backoffice.core.sample import World
from finance.payables import approving, entering
from finance.payables.models import Bill, BillLine
from procurement.purchasing import matching, standing
from procurement.purchasing.models import PurchaseOrder, Tolerance

# How many orders get a bill, and by what their first line is dearer, in turn.
DEARER = [Decimal(0), Decimal(0), Decimal("1.01"), Decimal(0), Decimal("1.06"), Decimal(0)]
BILLED = 18
POST = timedelta(days=9)  # from the goods to their bill


def load(world: World) -> None:
    """Bills of orders whose goods have come, through the verbs; run after orders and receipts."""
    company = world.company
    Tolerance.objects.get_or_create(
        company=company, supplier=None, category=None, defaults={"freight_amount": Decimal(25)}
    )
    named = Bill.objects.filter(company=company, reference="NP-88213", state=Bill.State.SUBMITTED).first()
    if named is not None:
        matching.propose(named)
    orders = PurchaseOrder.objects.filter(company=company, state=PurchaseOrder.State.SENT).exclude(
        Q(number=named.order_reference) if named is not None else Q(pk=0)
    )
    for place, order in enumerate(orders.select_related("supplier__party").order_by("ordered_on", "pk")[: 3 * BILLED]):
        rows = [row for row in standing.of(order.lines.values_list("pk", flat=True)).values() if row.is_received]
        if not rows or not all(row.billable for row in rows):
            continue
        last = max(receipt.line.receipt.received_on for row in rows for receipt in row.receipts)
        if last + POST <= world.today:  # the others have come and wait for their bill
            _bill(world, order, rows, DEARER[place % len(DEARER)], last + POST)


def _bill(world: World, order: PurchaseOrder, rows: list[Any], dearer: Decimal, day: date) -> None:
    clerk, approver = world.people["tom"], world.people["priya"]
    party = order.supplier.party
    bill = Bill(
        company=order.company,
        party=party,
        source=Bill.Source.SAMPLE,
        reference=f"{party.name[:2].upper()}-{order.number[-5:]}",
        order_reference=order.number,
        bill_date=day,
        tax_point=day,
        booked_on=day,
        due_on=day + timedelta(days=party.payment_days),
        currency=order.currency,
    )
    lines = [
        BillLine(
            text=row.line.words,
            article=row.line.supplier_code or (row.line.item.code if row.line.item else ""),
            order_place=str(row.line.place),
            quantity=row.billable,
            unit_price=row.line.price * (dearer or 1) if place == 0 else row.line.price,
            tax_code=row.line.tax_code or world.things["tax code"]["S20"],
        )
        for place, row in enumerate(rows)
    ]
    entering.enter(bill, by=clerk, lines=lines)
    approving.submit(bill, by=clerk)
    if bill.state == Bill.State.SUBMITTED:
        approving.approve(bill, by=approver)
