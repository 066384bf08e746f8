"""Plain builders of what is matched: receipts of orders, bills that name them, and what the books say then."""

from decimal import Decimal

from django.db.models import Sum

from finance.ledger.models import Account, JournalLine, Role
from finance.payables.models import BillLine
from inventory.stock import receiving
from inventory.stock.models import CostEntry, Expected, GoodsReceipt, Position, ReceiptLine
from tests.factories_payables import a_bill, tax_code
from tests.factories_purchasing import TODAY
from tests.factories_stock import a_bin

D = Decimal


def received(order, *quantities, by, rejected=0):
    """A posted receipt of so many of each line of an order."""
    place = a_bin(order.company)
    expected = Expected.objects.filter(origin_id=order.pk).order_by("place")
    receipt = GoodsReceipt.objects.create(
        company=order.company,
        warehouse=place.warehouse,
        party=order.supplier.party,
        received_on=TODAY,
        entered_by=by,
        changed_by=by,
    )
    for n, (row, quantity) in enumerate(zip(expected, quantities, strict=False), 1):
        ReceiptLine.objects.create(
            receipt=receipt,
            place=n,
            expected=row,
            item=row.item,
            bin=place,
            quantity=D(quantity),
            unit_cost=row.unit_cost,
            rejected=D(rejected),
            reason="damaged" if rejected else "",
        )
    return receiving.post(receipt, by=by)


def billed(order, *rows, by, kind="bill", reference="NP-88213", **fields):
    """A draft bill of (text, quantity, price) rows that names the order."""
    lines = [
        BillLine(text=text, quantity=D(quantity), unit_price=D(price), tax_code=tax_code(order.company))
        for text, quantity, price in rows
    ]
    return a_bill(
        order.supplier.party,
        by=by,
        lines=lines,
        reference=reference,
        on=TODAY,
        order_reference=order.number,
        kind=kind,
        **fields,
    )


def balance(company, role):
    """Debit less credit of the account of a role."""
    sums = JournalLine.objects.filter(entry__company=company, account__role=role).aggregate(
        d=Sum("debit"), c=Sum("credit")
    )
    return (sums["d"] or D(0)) - (sums["c"] or D(0))


def stock_is_in_the_books(company):
    costs = CostEntry.objects.filter(company=company).aggregate(sum=Sum("amount"))["sum"]
    value = Position.objects.filter(company=company).aggregate(sum=Sum("value"))["sum"]
    return costs == value == balance(company, Role.STOCK)


def delivery_account(company):
    """An account that what nobody ordered is booked to."""
    return Account.objects.filter(company=company, kind="expense", role="", needs_cost_centre=False).first()
