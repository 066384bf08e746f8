"""What people type into items and categories, and how their lists are narrowed."""

from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from backoffice.core.errors import Refused
from backoffice.ui.filters import Filters, RecordFilter, Search
from backoffice.ui.forms import BaseModelForm, LineForm, lines_of
from inventory.catalogue import scanning
from inventory.catalogue.models import Barcode, Category, Item, ItemUnit, Unit

PIECE = "C62"


class ItemForm(BaseModelForm):
    """An item."""

    class Meta:
        model = Item
        fields = [
            "code", "name", "category", "unit", "kind", "is_asset", "tax_code", "account", "standard_cost", "is_active",
        ]  # fmt: skip
        widths = dict.fromkeys(fields, "x2") | {"name": "x4"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:  # a new standard cost moves value: stock has its own act for that
            del self.fields["standard_cost"]
        else:  # most things are counted
            self.initial["unit"] = self.initial.get("unit") or Unit.objects.filter(code=PIECE).first()


class BarcodeForm(LineForm):
    """A code of the item."""

    class Meta:
        model = Barcode
        fields = ["code", "item_unit"]

    def clean_code(self) -> str:
        """A right GTIN, or any other code."""
        try:
            return scanning.checked(self.cleaned_data["code"])
        except Refused as reason:
            raise ValidationError(str(reason)) from reason


Barcodes = lines_of(Item, Barcode, form=BarcodeForm, title=_("Barcodes"), extra=1, least=0)


class ItemUnitForm(BaseModelForm):
    """A further unit: so many base units in one, or one base unit in so many."""

    class Meta:
        model = ItemUnit
        fields = ["item", "name", "unit", "numerator", "denominator"]


class CategoryForm(BaseModelForm):
    """A category."""

    class Meta:
        model = Category
        fields = ["code", "name", "cost_method", "stock_account", "cost_account", "capitalise_from"]


class ItemFilters(Filters):
    """How the list of items is narrowed."""

    q = Search("code", "name", label=_("Code or name"))
    category = RecordFilter(queryset=Category.objects.all(), label=_("Category"))
    kind = django_filters.ChoiceFilter(choices=Item.Kind.choices, label=_("Kind"))
    is_asset = django_filters.BooleanFilter(label=_("Equipment"))

    class Meta:
        model = Item
        fields: list[str] = []
