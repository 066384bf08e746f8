"""Plain builders of items, places and stock documents."""

from datetime import date
from decimal import Decimal

from backoffice.organisation.models import CostCentre
from finance.ledger.models import Journal
from inventory.catalogue.models import Category, Item, Unit
from inventory.stock import issuing, receiving, returning
from inventory.stock.models import (
    Bin,
    GoodsIssue,
    GoodsReceipt,
    IssueLine,
    ReceiptLine,
    ReturnLine,
    SupplierReturn,
    Warehouse,
)
from tests.fixtures_world import a_party

TODAY = date(2026, 11, 23)


def an_item(company, code="MBX-60", *, name="", method="average", kind="stock", **fields):
    """A stock item valued by `method`, in a category of that method."""
    unit, _made = Unit.objects.get_or_create(code="C62", defaults={"name": "piece"})
    category, _made = Category.objects.get_or_create(
        company=company, code=method.upper(), defaults={"name": method, "cost_method": method}
    )
    return Item.objects.create(
        company=company, code=code, name=name or f"Item {code}", category=category, unit=unit, kind=kind, **fields
    )


def a_bin(company, code="A-01", *, warehouse="LN", negative=False, **fields):
    """A bin in a warehouse, both made when they are not there."""
    house, _made = Warehouse.objects.get_or_create(
        company=company, code=warehouse, defaults={"name": "Leeds North", "allows_negative": negative}
    )
    return Bin.objects.get_or_create(warehouse=house, code=code, defaults=fields)[0]


def a_receipt(company, lines, *, by, on=TODAY, party=None, post=True):
    """A receipt of (item, quantity, unit cost, bin) rows, posted unless told otherwise."""
    party = party or company.parties.first() or a_party(company)
    warehouse = lines[0][3].warehouse
    receipt = GoodsReceipt.objects.create(
        company=company, warehouse=warehouse, party=party, received_on=on, entered_by=by, changed_by=by
    )
    ReceiptLine.objects.bulk_create(
        ReceiptLine(receipt=receipt, place=n, item=item, quantity=Decimal(quantity), unit_cost=Decimal(cost), bin=place)
        for n, (item, quantity, cost, place) in enumerate(lines, 1)
    )
    return receiving.post(receipt, by=by) if post else receipt


def an_issue(company, lines, *, by, on=TODAY, cost_centre=None, post=True):
    """An issue of (item, quantity, bin) rows to a cost centre."""
    centre = cost_centre or CostCentre.objects.get_or_create(company=company, code="HO", defaults={"name": "Office"})[0]
    issue = GoodsIssue.objects.create(
        company=company,
        warehouse=lines[0][2].warehouse,
        cost_centre=centre,
        issued_on=on,
        entered_by=by,
        changed_by=by,
    )
    IssueLine.objects.bulk_create(
        IssueLine(issue=issue, place=n, item=item, quantity=Decimal(quantity), bin=place)
        for n, (item, quantity, place) in enumerate(lines, 1)
    )
    return issuing.post(issue, by=by) if post else issue


def a_return(line, quantity, *, by, kind="return", place=None, reason="Broken", post=True):
    """So many of a receipt's line sent back to the supplier, posted unless told otherwise."""
    receipt = line.receipt
    back = SupplierReturn.objects.create(
        company=receipt.company,
        warehouse=receipt.warehouse,
        party=receipt.party,
        kind=kind,
        returned_on=TODAY,
        reason=reason,
        entered_by=by,
        changed_by=by,
    )
    ReturnLine.objects.create(
        supplier_return=back, place=1, receipt_line=line, bin=place or line.bin, quantity=Decimal(quantity)
    )
    return returning.post(back, by=by) if post else back


def journals(company):
    """The journals of stock, for companies that got their chart before stock was there."""
    for code in ("GR", "GI", "SC", "SV"):
        Journal.objects.get_or_create(company=company, code=code, defaults={"name": code})
