"""What people type about suppliers, and how their list is narrowed."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.currencies.models import Currency
from backoffice.ui.filters import Filters, RecordFilter, Search
from backoffice.ui.forms import BaseModelForm
from inventory.catalogue.models import Item
from procurement.suppliers.models import Supplier, SupplierItem


class SupplierForm(BaseModelForm):
    """A supplier's terms; the party stays once it is saved."""

    class Meta:
        model = Supplier
        fields = ["party", "order_email", "payment_days", "billed_on", "lead_days", "terms"]
        widths = dict.fromkeys(fields, "x2") | {"terms": "x4"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            del self.fields["party"]


class PriceForm(BaseModelForm):
    """What a supplier asks for an item from a day on."""

    currency = forms.ModelChoiceField(
        Currency.objects.filter(is_active=True),
        label=_("Currency"),
        to_field_name="code",
        required=False,
        help_text=_("Left empty: the supplier's"),
    )

    class Meta:
        model = SupplierItem
        fields = ["supplier", "item", "code", "unit", "price", "currency", "minimum", "multiple", "valid_from"]
        widths = dict.fromkeys(fields, "x2")

    def clean_currency(self) -> str:
        """The code; the supplier's own where nothing is chosen."""
        chosen, supplier = self.cleaned_data["currency"], self.cleaned_data.get("supplier")
        return str(chosen.code) if chosen else supplier.party.currency if supplier else ""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        item, unit = values.get("item"), values.get("unit")
        if item is not None and unit is not None and unit.item_id != item.pk:
            self.add_error("unit", _("This is a unit of another item."))
        return values


def suggested(request: Any) -> dict[str, Any]:
    """The party or supplier from which somebody came."""
    return {name: int(value) for name in ("party", "supplier") if (value := request.GET.get(name, "")).isdigit()}


class SupplierFilters(Filters):
    """How the list of suppliers is narrowed."""

    q = Search("party__name", "party__vat_number", "order_email", label=_("Name, VAT number"))
    state = django_filters.MultipleChoiceFilter(choices=Supplier.State.choices, label=_("State"))

    class Meta:
        model = Supplier
        fields: list[str] = []


class PriceFilters(Filters):
    """How the list of prices is narrowed."""

    q = Search("code", "item__code", "item__name", "supplier__party__name", label=_("Item, supplier"))
    supplier = RecordFilter(queryset=Supplier.objects.all(), label=_("Supplier"))
    item = RecordFilter(queryset=Item.objects.all(), label=_("Item"))

    class Meta:
        model = SupplierItem
        fields: list[str] = []
