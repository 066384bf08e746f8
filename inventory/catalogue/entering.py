"""Entering items with their units and barcodes."""

from collections.abc import Sequence
from typing import Any

from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from inventory.catalogue import scanning
from inventory.catalogue.models import Barcode, Item


def stored(item: Item, lines: Sequence[Barcode], removed: Sequence[Barcode], *, by: Any) -> Item:
    """Write what a form holds: the item, then its codes. Raises `Refused` for a wrong check digit."""
    action = "add" if item.pk is None else "change"
    if denied := authority.only.refusal(by, f"catalogue.{action}_item", item):
        raise denied
    for line in lines:
        line.code = scanning.checked(line.code)
    item.save()
    for line in removed:
        line.delete()
    for line in lines:
        taken = Barcode.objects.filter(company=item.company_id, code=line.code).exclude(pk=line.pk).first()
        if taken is not None:
            raise Refused(f"{line.code}: {taken.item}", code="taken")
        line.item, line.company_id = item, item.company_id
        line.save()
    return item
