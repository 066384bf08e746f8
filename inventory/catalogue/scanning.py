"""From a scanned code to the item, and to the pack when the code is that of a pack."""

from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from stdnum import ean
from stdnum.exceptions import ValidationError

from backoffice.core.errors import Refused
from backoffice.organisation.models import Company
from inventory.catalogue.models import ONE, Barcode, Item, ItemUnit


class Scanned(NamedTuple):
    """What a code stands for: an item, and how many base units one scan means."""

    item: Item
    item_unit: ItemUnit | None

    @property
    def quantity(self) -> Decimal:
        """Base units of one scan."""
        return self.item_unit.in_base(ONE) if self.item_unit else ONE


def find(company: Company, code: str) -> Scanned:
    """The item of a barcode, else of an item code, whatever its case.

    Raises `Refused` when nothing in the company has this code.
    """
    wanted = code.strip()
    found = Barcode.objects.select_related("item__category", "item__unit", "item_unit").filter(
        company=company, code__in={wanted, wanted.lstrip("0"), wanted.zfill(13), wanted.zfill(14)}, item__is_active=True
    )
    if barcode := found.first():
        return Scanned(barcode.item, barcode.item_unit)
    item = (
        Item.objects.select_related("category", "unit")
        .filter(company=company, code__iexact=wanted, is_active=True)
        .first()
    )
    if item is None:
        raise Refused(_("Nothing has the code %(code)s.") % {"code": wanted[:48]}, code="unknown")
    return Scanned(item, None)


def checked(code: str) -> str:
    """A barcode as it is kept, without blanks; codes of 8, 12, 13 or 14 digits must be right GTINs (GS1 check digit).

    Raises `Refused` for a wrong check digit.
    """
    plain = "".join(code.split())
    if plain.isdigit() and len(plain) in (8, 12, 13, 14):
        try:
            ean.validate(plain)
        except ValidationError as reason:
            raise Refused(_("The check digit of %(code)s is wrong.") % {"code": plain}, code="gtin") from reason
    return plain
