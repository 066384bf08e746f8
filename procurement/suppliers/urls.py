"""The screens of suppliers."""

from django.db.models import Q
from django.urls import path
from django.utils.translation import gettext_lazy as _

from backoffice.ui.forms import ReasonForm
from backoffice.ui.listing import View
from backoffice.ui.panels import HistoryPanel
from backoffice.ui.screens import DocumentScreen, FormScreen, ListScreen, VerbScreen
from backoffice.workflow.panels import ApprovalsPanel
from procurement.suppliers import forms, panels, standing
from procurement.suppliers.models import Supplier, SupplierItem
from procurement.suppliers.tables import PriceTable, SupplierTable

app_name = "suppliers"
SUPPLIER = {
    "model": Supplier,
    "form_class": forms.SupplierForm,
    "store": standing.stored,
    "initial": forms.suggested,
}
PRICE = {"model": SupplierItem, "form_class": forms.PriceForm, "initial": forms.suggested}
VIEWS = [
    View("all", _("All")),
    View("proposed", _("Proposed"), Q(state="proposed")),
    View("blocked", _("Blocked"), Q(state="blocked")),
]
PANELS = [panels.SupplierFacts, panels.PricesPanel, ApprovalsPanel, HistoryPanel]
REASON = {"send_back": ReasonForm, "block": ReasonForm}

urlpatterns = [
    path("", ListScreen.as_view(model=Supplier, table=SupplierTable, filters=forms.SupplierFilters, views=VIEWS, create_url="suppliers:supplier_new", create_label=_("New supplier"), empty_text=_("Propose the first supplier: a party that you want to order from.")), name="supplier_list"),
    path("new/", FormScreen.as_view(**SUPPLIER), name="supplier_new"),
    path("<int:pk>/", DocumentScreen.as_view(model=Supplier, panels=PANELS, edit_url="suppliers:supplier_edit", asking=list(REASON), links=panels.links), name="supplier"),
    path("<int:pk>/edit/", FormScreen.as_view(**SUPPLIER), name="supplier_edit"),
    path("<int:pk>/<slug:verb>/", VerbScreen.as_view(model=Supplier, forms=REASON), name="supplier_verb"),
    path("prices/", ListScreen.as_view(model=SupplierItem, table=PriceTable, filters=forms.PriceFilters, create_url="suppliers:supplieritem_new", create_label=_("New price")), name="supplieritem_list"),
    path("prices/new/", FormScreen.as_view(**PRICE), name="supplieritem_new"),
    path("prices/<int:pk>/edit/", FormScreen.as_view(**PRICE), name="supplieritem_edit"),
]  # fmt: skip
