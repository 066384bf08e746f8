"""The screens of purchasing."""

from typing import Any

from django.db.models import Q
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from backoffice.ui.forms import ReasonForm
from backoffice.ui.listing import Link, View
from backoffice.ui.panels import HistoryPanel
from backoffice.ui.screens import DocumentScreen, FormScreen, ListScreen, VerbScreen
from backoffice.workflow import approvals
from backoffice.workflow.panels import ApprovalsPanel
from procurement.purchasing import amending, forms, ordering, panels, progress, requesting, screens, tables, views
from procurement.purchasing.bill_urls import BILLS
from procurement.purchasing.models import PurchaseOrder, Requisition

app_name = "purchasing"
OWN = "purchasing.view_own_requisition"  # the rows are narrowed by the model: one's own, and what a role shows
REQUISITION = {
    "model": Requisition,
    "form_class": forms.RequisitionForm,
    "lines": forms.Needs,
    "store": requesting.stored,
    "initial": forms.asked_for,
    "then": "submit",
}
ORDER = {
    "model": PurchaseOrder,
    "form_class": forms.OrderForm,
    "lines": forms.OrderLines,
    "store": ordering.stored,
    "initial": forms.suggested,
    "editable": amending.not_editable,
    "then": "submit",
}
REQUISITIONS = [
    View("open", _("Open"), ~Q(state__in=["closed", "cancelled"])),
    View("mine", _("My own"), lambda user: Q(requester=user.pk)),
    View("waiting", _("Waiting for me"), lambda user: Q(pk__in=approvals.waiting_ids(user, Requisition))),
    View("to_order", _("To order"), Q(state="approved")),
    View("all", _("All")),
]
ORDERS = [
    View("open", _("Open"), progress.OPEN),
    View("waiting", _("Waiting for me"), lambda user: Q(pk__in=approvals.waiting_ids(user, PurchaseOrder))),
    View("send", _("To send"), Q(state="approved")),
    View("receive", _("To receive"), progress.TO_RECEIVE),
    View("bill", _("To bill"), progress.TO_BILL),
    View("all", _("All")),
]
REQUISITION_PANELS = [
    panels.SplitNotice, panels.RequisitionFacts, panels.NeedsPanel, ApprovalsPanel, panels.OrdersOfRequisition, HistoryPanel,
]  # fmt: skip
ORDER_PANELS = [
    panels.OrderFacts, panels.AmendmentPanel, panels.OrderLinesPanel, panels.StandingPanel, ApprovalsPanel,
    panels.RelatedPanel, HistoryPanel,
]  # fmt: skip
ORDER_FORMS = {"send_back": ReasonForm, "acknowledge": forms.AnswerForm}


def order_list_links(user: Any) -> list[Link]:
    """From the orders to what waits to be ordered."""
    may = user.has_perm("purchasing.add_purchaseorder")
    return [Link(_("To order"), reverse("purchasing:to_order"), "inbox")] if may else []


urlpatterns = [
    path("requisitions/", ListScreen.as_view(model=Requisition, permission=OWN, table=tables.RequisitionTable, filters=forms.RequisitionFilters, views=REQUISITIONS, create_url="purchasing:requisition_new", create_label=_("I need something"), verbs=["approve"], empty_text=_("Ask for what you need: a buyer orders it once it is approved.")), name="requisition_list"),
    path("requisitions/new/", FormScreen.as_view(title=_("I need something"), **REQUISITION), name="requisition_new"),
    path("requisitions/<int:pk>/", DocumentScreen.as_view(model=Requisition, permission=OWN, panels=REQUISITION_PANELS, steps=panels.requisition_steps, edit_url="purchasing:requisition_edit", asking=["send_back"]), name="requisition"),
    path("requisitions/<int:pk>/edit/", FormScreen.as_view(**REQUISITION), name="requisition_edit"),
    path("requisitions/<int:pk>/<slug:verb>/", VerbScreen.as_view(model=Requisition, forms={"send_back": ReasonForm}), name="requisition_verb"),
    path("to-order/", views.ToOrderScreen.as_view(), name="to_order"),
    path("orders/", ListScreen.as_view(model=PurchaseOrder, table=tables.OrderTable, filters=forms.OrderFilters, views=ORDERS, create_url="purchasing:purchaseorder_new", create_label=_("New order"), verbs=["approve", "send"], links=order_list_links, empty_text=_("Type in an order, or make one from what colleagues asked for.")), name="purchaseorder_list"),
    path("orders/new/", FormScreen.as_view(**ORDER), name="purchaseorder_new"),
    path("orders/<int:pk>/", DocumentScreen.as_view(model=PurchaseOrder, panels=ORDER_PANELS, steps=panels.order_steps, edit_url="purchasing:purchaseorder_edit", asking=list(ORDER_FORMS), links=panels.order_links), name="purchaseorder"),
    path("orders/<int:pk>/edit/", FormScreen.as_view(**ORDER), name="purchaseorder_edit"),
    path("orders/<int:pk>/paper.pdf", views.PaperScreen.as_view(), name="purchaseorder_pdf"),
    path("orders/<int:pk>/bill/", screens.OrderBillScreen.as_view(), name="purchaseorder_bill"),
    path("orders/<int:pk>/<slug:verb>/", VerbScreen.as_view(model=PurchaseOrder, forms=ORDER_FORMS), name="purchaseorder_verb"),
    *BILLS,
]  # fmt: skip
