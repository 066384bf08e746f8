"""The screens of the catalogue."""

from typing import Any

from django.db.models import Q
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from backoffice.ui.imports import TemplateScreen
from backoffice.ui.listing import Link, View
from backoffice.ui.panels import HistoryPanel
from backoffice.ui.screens import DocumentScreen, FormScreen, ImportScreen, ListScreen
from inventory.catalogue import entering, forms, importing, panels, views
from inventory.catalogue.models import Category, Item
from inventory.catalogue.tables import CategoryTable, ItemTable

app_name = "catalogue"
ITEM = {"form_class": forms.ItemForm, "lines": forms.Barcodes, "store": entering.stored}
VIEWS = [
    View("active", _("Active"), Q(is_active=True)),
    View("stock", _("Kept in stock"), Q(is_active=True, kind="stock")),
    View("equipment", _("Equipment"), Q(is_active=True, is_asset=True)),
    View("all", _("All")),
]
PANELS = [panels.ItemFacts, panels.UnitsPanel, panels.BarcodesPanel, HistoryPanel]

INTRO = _(
    "All rows come in or none; a code that is on record already is left as it is. "
    "Categories, units, tax codes and accounts are named by their codes."
)


def links(user: Any) -> list[Link]:
    """The ways in by file."""
    may = user.has_perm("catalogue.add_item")
    return [
        Link(_("Template"), reverse("catalogue:item_template"), "file-text"),
        Link(_("Import"), reverse("catalogue:item_import"), "upload"),
    ] if may else []  # fmt: skip


def item_links(item: Item, user: Any) -> list[Link]:
    """Another unit."""
    if not user.has_perm("catalogue.add_itemunit"):
        return []
    return [Link(_("New unit"), reverse("catalogue:itemunit_new") + f"?item={item.pk}", "plus")]


urlpatterns = [
    path("items/", ListScreen.as_view(model=Item, table=ItemTable, filters=forms.ItemFilters, title=_("Items"), views=VIEWS, create_url="catalogue:item_new", create_label=_("New item"), links=links), name="item_list"),
    path("items/new/", FormScreen.as_view(model=Item, **ITEM), name="item_new"),
    path("items/import/", ImportScreen.as_view(model=Item, bring=views.bring, title=_("Bring in items"), intro=INTRO), name="item_import"),
    path("items/import/template.csv", TemplateScreen.as_view(model=Item, text=importing.template, file_name="items.csv"), name="item_template"),
    path("items/<int:pk>/", DocumentScreen.as_view(model=Item, panels=PANELS, edit_url="catalogue:item_edit", links=item_links), name="item"),
    path("items/<int:pk>/edit/", FormScreen.as_view(model=Item, **ITEM), name="item_edit"),
    path("units/new/", views.UnitFormScreen.as_view(form_class=forms.ItemUnitForm, initial=panels.suggested_item), name="itemunit_new"),
    path("categories/", ListScreen.as_view(model=Category, table=CategoryTable, title=_("Item categories"), create_url="catalogue:category_new", create_label=_("New category")), name="category_list"),
    path("categories/new/", FormScreen.as_view(model=Category, form_class=forms.CategoryForm), name="category_new"),
    path("categories/<int:pk>/", DocumentScreen.as_view(model=Category, panels=[panels.CategoryFacts, HistoryPanel], edit_url="catalogue:category_edit"), name="category"),
    path("categories/<int:pk>/edit/", FormScreen.as_view(model=Category, form_class=forms.CategoryForm), name="category_edit"),
]  # fmt: skip
