"""What is typed about equipment, and how its list is narrowed."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.ui.filters import DateFilter, Filters, RecordFilter, Search
from backoffice.ui.forms import BaseForm, BaseModelForm, Boxes, LookupField
from hr.people.models import Employment
from inventory.catalogue.models import Item
from itsm.assets.models import Asset, Outfit


class AssetForm(BaseModelForm):
    """One asset; tag and cost are typed once."""

    old_tag = forms.CharField(
        label=_("Tag of its sticker"), max_length=32, required=False, help_text=_("Left empty: the next one")
    )

    class Meta:
        model = Asset
        fields = ["item", "name", "serial", "cost", "acquired_on", "supplier", "note"]
        widths = {"item": "x2", "name": "x2", "note": "x2"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        items: Any = self.fields["item"]
        items.queryset = items.queryset.filter(is_asset=True)
        if not items.queryset.exists():
            items.help_text = _("None yet: a buyer marks an item as equipment under Stock, Items.")
        self.fields["name"].required = False
        if self.instance.pk:
            for name in ("old_tag", "item", "cost", "acquired_on", "supplier"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """The item gives the name; the tag is kept beside the asset until it is stored."""
        values = super().clean() or self.cleaned_data
        self.instance.old_tag = values.get("old_tag", "")
        if not values.get("name") and (item := values.get("item") or (self.instance.pk and self.instance.item)):
            values["name"] = item.name
        return values


class HandOverForm(BaseForm):
    """Who gets it, or where it stands."""

    employment = LookupField(Employment.objects.all(), label=_("Employee"), required=False)
    place = forms.CharField(
        label=_("Or a place"),
        max_length=60,
        required=False,
        help_text=_("For what many use, e.g. Leeds North, packing"),
    )


class TakeBackForm(BaseForm):
    """How it looks."""

    condition = forms.CharField(label=_("Condition"), max_length=200, required=False)


class Items(forms.ModelMultipleChoiceField):
    """Items as boxes to tick, by their names alone."""

    width = "x6"

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class OutfitForm(BaseForm):
    """What a starter needs, one of each."""

    items = Items(Item.objects.none(), label=_("What is needed"), widget=Boxes())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = Item.objects.visible_to(self.user).filter(company=self.company, is_asset=True, is_active=True)
        self.fields["items"].queryset = rows.order_by("name")  # type: ignore[attr-defined]


class LabelsForm(BaseForm):
    """From which tag to which."""

    first = forms.CharField(label=_("From tag"), max_length=32)
    last = forms.CharField(label=_("To tag"), max_length=32, required=False, help_text=_("Left empty: one label"))


class AssetFilters(Filters):
    """How equipment is narrowed."""

    q = Search("number", "name", "serial", "holder__person__last_name", "place", label=_("Tag, name, serial, holder"))
    item = RecordFilter(queryset=Item.objects.filter(is_asset=True), label=_("Item"))
    holder = RecordFilter(queryset=Employment.objects.all(), label=_("Held by"))
    state = django_filters.MultipleChoiceFilter(choices=Asset.State.choices, label=_("State"))
    acquired_from = DateFilter(field_name="acquired_on", lookup_expr="gte", label=_("Acquired from"))

    class Meta:
        model = Asset
        fields: list[str] = []


class OutfitFilters(Filters):
    """How starters are narrowed."""

    q = Search(
        "employment__number", "employment__person__last_name", "employment__person__first_names", label=_("Employee")
    )

    class Meta:
        model = Outfit
        fields: list[str] = []
