"""The screens of the catalogue."""

from django.db.models import Q
from django.urls import path
from django.utils.translation import gettext_lazy as _

from backoffice.ui.listing import View
from backoffice.ui.panels import HistoryPanel
from backoffice.ui.screens import DocumentScreen, FormScreen, ListScreen
from inventory.catalogue import entering, forms, panels
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

urlpatterns = [
    path("items/", ListScreen.as_view(model=Item, table=ItemTable, filters=forms.ItemFilters, title=_("Items"), views=VIEWS, create_url="catalogue:item_new", create_label=_("New item")), name="item_list"),
    path("items/new/", FormScreen.as_view(model=Item, **ITEM), name="item_new"),
    path("items/<int:pk>/", DocumentScreen.as_view(model=Item, panels=PANELS, edit_url="catalogue:item_edit"), name="item"),
    path("items/<int:pk>/edit/", FormScreen.as_view(model=Item, **ITEM), name="item_edit"),
    path("categories/", ListScreen.as_view(model=Category, table=CategoryTable, title=_("Item categories"), create_url="catalogue:category_new", create_label=_("New category")), name="category_list"),
    path("categories/new/", FormScreen.as_view(model=Category, form_class=forms.CategoryForm), name="category_new"),
    path("categories/<int:pk>/", DocumentScreen.as_view(model=Category, panels=[panels.CategoryFacts, HistoryPanel], edit_url="catalogue:category_edit"), name="category"),
    path("categories/<int:pk>/edit/", FormScreen.as_view(model=Category, form_class=forms.CategoryForm), name="category_edit"),
]  # fmt: skip
