"""What a supplier asks for an item: the price of the day and quantity, and who is cheapest."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from decimal import Decimal

from django.db.models import Q

from backoffice.core.errors import Refused
from backoffice.currencies import conversion
from inventory.catalogue.models import ItemUnit
from procurement.suppliers.models import Supplier, SupplierItem


def agreed(
    supplier: Supplier, items: Iterable[int], *, on: date, currency: str | None = None
) -> dict[int, list[SupplierItem]]:
    """For each item the prices of a supplier that hold on a day, those that count first; one query.

    Of several the latest wins, and of one day that with the highest quantity.
    """
    rows = SupplierItem.objects.filter(supplier=supplier, item__in=set(items), valid_from__lte=on)
    if currency is not None:
        rows = rows.filter(currency=currency)
    found: dict[int, list[SupplierItem]] = {}
    for row in rows.select_related("unit").order_by("-valid_from", "-minimum", "pk"):
        found.setdefault(row.item_id, []).append(row)
    return found


def for_quantity(rows: Iterable[SupplierItem], quantity: Decimal) -> SupplierItem | None:
    """The first of an item's prices that this quantity reaches; None where none was agreed."""
    return next((row for row in rows if row.minimum <= quantity), None)


def offers(items: Iterable[int], *, on: date) -> dict[int, list[SupplierItem]]:
    """For each item what approved suppliers ask on a day, the cheapest in company currency first; two queries.

    Prices in different units are compared by what the base unit costs. A price whose currency has no rate is left out.
    """
    rows = (
        SupplierItem.objects.filter(
            Q(supplier__state=Supplier.State.APPROVED), item__in=set(items), valid_from__lte=on, minimum__lte=1
        )
        .order_by("supplier_id", "item_id", "-valid_from", "-minimum")
        .distinct("supplier_id", "item_id")
        .select_related("supplier__party", "supplier__company", "item", "unit")
    )
    found: dict[int, list[tuple[Decimal, SupplierItem]]] = {}
    for row in rows:
        with suppress(Refused):
            found.setdefault(row.item_id, []).append((base_cost(row, on), row))
    return {key: [row for _cost, row in sorted(each, key=lambda pair: pair[0])] for key, each in found.items()}


def base_cost(row: SupplierItem, on: date) -> Decimal:
    """What one base unit costs in company currency at the rate of a day, not rounded. Raises `Refused` without a rate."""
    from_own = conversion.rate(row.currency, row.supplier.company.currency, on)
    up, down = ratio(row.unit)
    return row.price * from_own * down / up


def ratio(unit: ItemUnit | None) -> tuple[int, int]:
    """Base units and in how many of this unit they are, exactly; the item's own unit is one to one."""
    return (unit.numerator, unit.denominator) if unit is not None else (1, 1)
