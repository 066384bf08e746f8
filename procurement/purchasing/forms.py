"""What people type into requisitions and orders, and how their lists are narrowed."""

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.currencies.models import Currency
from backoffice.organisation.models import CostCentre, Department
from backoffice.ui.filters import DateFilter, Filters, RecordFilter, Search
from backoffice.ui.forms import BaseForm, BaseModelForm, DateField, LineForm, lines_of
from finance.ledger.models import Account
from procurement.purchasing.models import MatchRow, OrderLine, PurchaseOrder, Requisition, RequisitionLine
from procurement.suppliers.models import BilledOn, Supplier


class RequisitionForm(BaseModelForm):
    """What for, for whom, by when."""

    class Meta:
        model = Requisition
        fields = ["purpose", "needed_on", "department", "cost_centre"]
        widths = {"purpose": "x4", "needed_on": "x2", "department": "x2", "cost_centre": "x2"}


class NeedForm(LineForm):
    """One thing: an item of the catalogue, or words with a category."""

    class Meta:
        model = RequisitionLine
        fields = ["item", "text", "category", "quantity", "unit", "price"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["item"].col = "c-acc"  # type: ignore[attr-defined]
        for name in ("quantity", "price"):
            self.fields[name].col = "c-amt"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        return _one_thing(self, values)


def _one_thing(form: Any, values: dict[str, Any]) -> dict[str, Any]:
    item, unit = values.get("item"), values.get("unit")
    if form.has_changed() and item is None and not values.get("text"):
        form.add_error("item", _("Say what: an item, or words."))
    if unit is not None and (item is None or unit.item_id != item.pk):
        form.add_error("unit", _("This is a unit of another item."))
    return values


Needs = lines_of(Requisition, RequisitionLine, form=NeedForm, title=_("What do you need?"), extra=3, least=1)


def asked_for(request: Any) -> dict[str, Any]:
    """A new requisition: in a fortnight, for the department where the person works, if it is told."""
    return {"needed_on": timezone.localdate() + timedelta(days=14)}


class OrderForm(BaseModelForm):
    """The head of an order. What is left empty follows from the supplier."""

    currency = forms.ModelChoiceField(
        Currency.objects.filter(is_active=True), required=False, label=_("Currency"), to_field_name="code"
    )

    class Meta:
        model = PurchaseOrder
        fields = [
            "supplier", "ordered_on", "needed_on", "warehouse", "currency", "rate", "payment_days", "billed_on", "note",
        ]  # fmt: skip
        widths = dict.fromkeys(fields, "x2") | {"note": "x6"}
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "payment_days": _("Left empty: the supplier's terms"),
            "billed_on": _("Left empty: as the supplier does"),
            "needed_on": _("Left empty: by the supplier's delivery time"),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("payment_days", "billed_on", "needed_on"):
            self.fields[name].required = False
        if self.instance.pk is None:
            self.initial["payment_days"] = self.initial["billed_on"] = None
            self.fields["billed_on"].choices = [("", "—"), *BilledOn.choices]  # type: ignore[attr-defined]
        elif self.instance.revision:
            del self.fields["supplier"], self.fields["currency"], self.fields["ordered_on"], self.fields["rate"]

    def clean_currency(self) -> str:
        """The code; empty until the supplier is known."""
        chosen = self.cleaned_data["currency"]
        return chosen.code if chosen is not None else ""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        supplier = values.get("supplier") or getattr(self.instance, "supplier", None)
        day = values.get("ordered_on") or self.instance.ordered_on
        if supplier is not None:
            if "currency" in self.fields:
                values["currency"] = values.get("currency") or supplier.party.currency
            if values.get("payment_days") is None:
                values["payment_days"] = supplier.payment_days
            values["billed_on"] = values.get("billed_on") or supplier.billed_on
            if values.get("needed_on") is None and day is not None:
                values["needed_on"] = day + timedelta(days=supplier.lead_days)
        return values


class OrderLineForm(LineForm):
    """A line; price, code, VAT and account follow from item and supplier where they are left empty."""

    class Meta:
        model = OrderLine
        fields = ["item", "text", "category", "quantity", "unit", "price", "tax_code", "account", "cost_centre"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["price"].required = False
        self.fields["item"].col = "c-acc"  # type: ignore[attr-defined]
        self.fields["account"].queryset = Account.objects.by_hand()  # type: ignore[attr-defined]
        for name in ("quantity", "price"):
            self.fields[name].col = "c-amt"  # type: ignore[attr-defined]
        if self.user is not None:
            self.tell_user(self.user, self.company)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        return _one_thing(self, values)


OrderLines = lines_of(PurchaseOrder, OrderLine, form=OrderLineForm, title=_("Order lines"), extra=3, least=1)


def suggested(request: Any) -> dict[str, Any]:
    """An order of today, to the supplier from which somebody came."""
    supplier = request.GET.get("supplier", "")
    return {"ordered_on": timezone.localdate(), **({"supplier": int(supplier)} if supplier.isdigit() else {})}


class AnswerForm(BaseForm):
    """The supplier's confirmation."""

    on = DateField(label=_("Confirmed on"), required=False, help_text=_("Left empty: today"))
    reference = forms.CharField(label=_("Their number"), max_length=60, required=False)


class RequisitionFilters(Filters):
    """How the list of requisitions is narrowed."""

    q = Search("number", "purpose", "requester__name", amount="total", label=_("Number, purpose, person"))
    state = django_filters.MultipleChoiceFilter(choices=Requisition.State.choices, label=_("State"))
    department = RecordFilter(queryset=Department.objects.all(), label=_("Department"))
    cost_centre = RecordFilter(queryset=CostCentre.objects.all(), label=_("Cost centre"))

    class Meta:
        model = Requisition
        fields: list[str] = []


class OrderFilters(Filters):
    """How the list of orders is narrowed."""

    q = Search(
        "number", "supplier__party__name", "their_reference", amount="total", label=_("Number, supplier, amount")
    )
    supplier = RecordFilter(queryset=Supplier.objects.all(), label=_("Supplier"))
    state = django_filters.MultipleChoiceFilter(choices=PurchaseOrder.State.choices, label=_("State"))
    ordered_from = DateFilter(field_name="ordered_on", lookup_expr="gte", label=_("Ordered from"))
    ordered_until = DateFilter(field_name="ordered_on", lookup_expr="lte", label=_("Ordered until"))
    needed_until = DateFilter(field_name="needed_on", lookup_expr="lte", label=_("Deliver until"))

    class Meta:
        model = PurchaseOrder
        fields: list[str] = []


class MatchFilters(Filters):
    """How matches are narrowed."""

    bill = django_filters.UUIDFilter(field_name="bill_line__bill__ref", label=_("Bill"))
    order_line = RecordFilter(queryset=OrderLine.objects.all(), label=_("Order line"))

    class Meta:
        model = MatchRow
        fields: list[str] = []
