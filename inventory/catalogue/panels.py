"""The parts of an item's screen, and what the catalogue puts into menu, palette and look-ups."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.organisation.slots import Start, starts
from backoffice.ui.lookups import Lookup, every_word
from backoffice.ui.panels import FactsPanel, LinesPanel
from backoffice.ui.slots import Hit, MenuEntry, Search, lookups, menu, palette
from inventory.catalogue.models import Barcode, Item, ItemUnit
from inventory.catalogue.tables import BarcodeTable, ItemUnitTable


class ItemFacts(FactsPanel):
    """What an item is."""

    title = _("Details")
    fields = ["category", "kind", "unit", "tax_code", "account", "standard_cost", "is_asset"]
    half = True
    order = 60


class UnitsPanel(LinesPanel):
    """The further units."""

    title = _("Units")
    relation = "units"
    table = ItemUnitTable
    permission = "catalogue.view_itemunit"
    half = True
    order = 70

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        return super().context(document, user) if ItemUnit.objects.filter(item=document).exists() else None


class BarcodesPanel(LinesPanel):
    """The codes by which a scanner finds it."""

    title = _("Barcodes")
    relation = "barcodes"
    table = BarcodeTable
    permission = "catalogue.view_barcode"
    half = True
    order = 71

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        return super().context(document, user) if Barcode.objects.filter(item=document).exists() else None


def suggested_item(request: Any) -> dict[str, Any]:
    """The item from which somebody came."""
    wanted = request.GET.get("item", "")
    return {"item": int(wanted)} if wanted.isdigit() else {}


class CategoryFacts(FactsPanel):
    """What a category says of its items."""

    fields = ["code", "name", "cost_method", "stock_account", "cost_account", "capitalise_from"]


class ItemLookup(Lookup):
    """Items by code, name or barcode; those that are not active can't be chosen."""

    def __init__(self) -> None:
        super().__init__(Item, ("code", "name"))

    def matching(self, rows: Any, words: str) -> list[Any]:
        """By words, and by a code that was scanned into the field."""
        found = super().matching(rows, words)
        return found or list(rows.filter(barcodes__code=words.strip())[:1])

    def text(self, row: Any) -> str:
        return f"{row.code} {row.name}"


def find_items(user: Any, words: str) -> list[Hit]:
    """Items by code, name or barcode for the palette."""
    rows = Item.objects.visible_to(user)
    found = rows.filter(every_word(("code", "name"), words)) | rows.filter(barcodes__code=words.strip())
    return [
        Hit(str(item), item.get_absolute_url(), "package", str(item.category), of=f"catalogue.item:{item.pk}")
        for item in found.select_related("category").distinct().order_by("code")[:8]
    ]


lookups.fill("catalogue.item", ItemLookup())
starts.fill(
    "catalogue.item",
    Start(
        _("Enter or import what you buy and keep"),
        lambda: reverse("catalogue:item_list"),
        "package",
        "catalogue.add_item",
        order=40,
    ),
)
menu.fill(
    "catalogue.item",
    MenuEntry("inventory", _("Items"), "catalogue:item_list", "package", "catalogue.view_item", order=10),
)
menu.fill(
    "catalogue.category",
    MenuEntry(
        "admin", _("Item categories"), "catalogue:category_list", "folder", "catalogue.change_category", order=60
    ),
)
palette.fill("catalogue.item", Search(_("Items"), find_items, prefix="item:", order=30))
