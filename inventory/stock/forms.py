"""What people type into stock documents, and how their lists are narrowed."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.parties.models import Party
from backoffice.ui.filters import DateFilter, Filters, RecordFilter, Search
from backoffice.ui.forms import AmountField, BaseForm, BaseModelForm, DateField, LineForm, lines_of
from inventory.catalogue.models import Category, Item
from inventory.stock.models import (
    Bin,
    CountLine,
    Expected,
    GoodsIssue,
    GoodsReceipt,
    IssueLine,
    OnHand,
    ReceiptLine,
    StockCount,
    StockMove,
    StockTransfer,
    SupplierReturn,
    TransferLine,
    Warehouse,
)

STOCK_ITEMS = Item.objects.filter(kind=Item.Kind.STOCK)


class WarehouseForm(BaseModelForm):
    """A warehouse."""

    class Meta:
        model = Warehouse
        fields = ["code", "name", "department", "street", "postcode", "city", "allows_negative", "is_active"]


class BinForm(BaseModelForm):
    """A bin."""

    class Meta:
        model = Bin
        fields = ["warehouse", "code", "name", "kind", "is_active"]


class ReceiptForm(BaseModelForm):
    """The head of a receipt that somebody puts right before it is posted."""

    class Meta:
        model = GoodsReceipt
        fields = ["party", "warehouse", "received_on", "delivery_note"]


class IssueForm(BaseModelForm):
    """The head of an issue."""

    class Meta:
        model = GoodsIssue
        fields = ["warehouse", "cost_centre", "issued_on", "text"]


class _MovedLine(LineForm):
    """A line that names an item kept in stock."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        item: Any = self.fields["item"]
        item.empty_label = "—"
        item.queryset = item.queryset.filter(kind=Item.Kind.STOCK)
        self.fields["quantity"].col = "c-amt"  # type: ignore[attr-defined]


class IssueLineForm(_MovedLine):
    """So much of an item from a bin."""

    class Meta:
        model = IssueLine
        fields = ["item", "bin", "quantity"]


IssueLines = lines_of(GoodsIssue, IssueLine, form=IssueLineForm, title=_("Goods"), extra=3)


class TransferForm(BaseModelForm):
    """The head of a transfer."""

    class Meta:
        model = StockTransfer
        fields = ["warehouse", "moved_on"]


class TransferLineForm(_MovedLine):
    """So much of an item, from bin to bin."""

    class Meta:
        model = TransferLine
        fields = ["item", "from_bin", "to_bin", "quantity"]


TransferLines = lines_of(StockTransfer, TransferLine, form=TransferLineForm, title=_("Goods"), extra=3)


class CountForm(BaseModelForm):
    """A new count: where, when, and what of it."""

    category = forms.ModelChoiceField(
        Category.objects.all(), required=False, label=_("Only this category"), help_text=_("Left empty: all items")
    )

    class Meta:
        model = StockCount
        fields = ["warehouse", "counted_on", "text"]

    def clean(self) -> dict[str, Any]:
        """The category is kept beside the count until its list is made."""
        values = super().clean() or self.cleaned_data
        self.instance.only_category = values.get("category")
        return values

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            del self.fields["category"]
        elif self.company is not None:
            self.fields["category"].queryset = Category.objects.filter(company=self.company)  # type: ignore[attr-defined]


class AcceptForm(BaseForm):
    """How much of a line was accepted and refused."""

    accepted = AmountField(label=_("Accepted"), digits=None, required=False)
    rejected = AmountField(label=_("Refused"), digits=None, required=False)
    reason = forms.ChoiceField(label=_("Why"), choices=[("", "—"), *ReceiptLine.Reason.choices], required=False)
    bin = forms.ModelChoiceField(Bin.objects.none(), label=_("Bin"), required=False)


class CountedForm(BaseForm):
    """What was counted of a line."""

    counted = AmountField(label=_("Counted"), digits=None)
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", "—"), *CountLine.Reason.choices], required=False)


class ReturnForm(BaseForm):
    """When and why goods go back."""

    on = DateField(label=_("Sent back on"))
    reason = forms.CharField(label=_("Why"), max_length=120)


class ExpectedFilters(Filters):
    """How what is to come is narrowed."""

    q = Search("origin_number", "text", "party__name", label=_("Order, supplier, what"))
    party = RecordFilter(queryset=Party.objects.all(), label=_("Supplier"))
    warehouse = RecordFilter(queryset=Warehouse.objects.all(), label=_("Warehouse"))
    due_until = DateFilter(field_name="due_on", lookup_expr="lte", label=_("Due until"))

    class Meta:
        model = Expected
        fields: list[str] = []


class ReceiptFilters(Filters):
    """How receipts are narrowed."""

    q = Search("number", "delivery_note", "party__name", label=_("Number, note, supplier"))
    party = RecordFilter(queryset=Party.objects.all(), label=_("Supplier"))
    state = django_filters.MultipleChoiceFilter(choices=GoodsReceipt.State.choices, label=_("State"))

    class Meta:
        model = GoodsReceipt
        fields: list[str] = []


class IssueFilters(Filters):
    """How issues are narrowed."""

    q = Search("number", "text", "cost_centre__name", label=_("Number, cost centre"))
    state = django_filters.MultipleChoiceFilter(choices=GoodsIssue.State.choices, label=_("State"))

    class Meta:
        model = GoodsIssue
        fields: list[str] = []


class ReturnFilters(Filters):
    """How returns are narrowed."""

    q = Search("number", "reason", "party__name", label=_("Number, supplier"))

    class Meta:
        model = SupplierReturn
        fields: list[str] = []


class MoveFilters(Filters):
    """How moves are narrowed."""

    q = Search("item__code", "item__name", "origin_name", label=_("Item, document"))
    item = RecordFilter(queryset=Item.objects.all(), label=_("Item"))
    kind = django_filters.ChoiceFilter(choices=StockMove.Kind.choices, label=_("What"))
    moved_from = DateFilter(field_name="on", lookup_expr="gte", label=_("From"))
    moved_until = DateFilter(field_name="on", lookup_expr="lte", label=_("Until"))

    class Meta:
        model = StockMove
        fields: list[str] = []


class OnHandFilters(Filters):
    """How what lies where is narrowed."""

    q = Search("item__code", "item__name", "bin__code", label=_("Item, bin"))
    item = RecordFilter(queryset=Item.objects.all(), label=_("Item"))
    warehouse = RecordFilter(queryset=Warehouse.objects.all(), field_name="bin__warehouse", label=_("Warehouse"))

    class Meta:
        model = OnHand
        fields: list[str] = []
