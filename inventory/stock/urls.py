"""The screens of stock."""

from typing import Any

from django.db.models import F, Q
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.ui.forms import ReasonForm
from backoffice.ui.listing import Link, View
from backoffice.ui.panels import HistoryPanel
from backoffice.ui.screens import DocumentScreen, FormScreen, ListScreen, VerbScreen
from backoffice.workflow.panels import ApprovalsPanel
from inventory.stock import entering, forms, panels, tables, views
from inventory.stock.models import (
    Bin,
    Expected,
    GoodsIssue,
    GoodsReceipt,
    OnHand,
    StockCount,
    StockMove,
    StockTransfer,
    SupplierReturn,
    Warehouse,
)

app_name = "stock"
OPEN = Q(is_cancelled=False, received__lt=F("quantity"))
EXPECTED = [
    View("open", _("To come"), OPEN),
    View("due", _("Due by today"), lambda user: OPEN & Q(due_on__lte=timezone.localdate())),
    View("all", _("All")),
]
RECEIPTS = [View("all", _("All")), View("draft", _("Counting"), Q(state="draft"))]
COUNTS = [View("all", _("All")), View("waiting", _("Waiting for approval"), Q(state="submitted"))]
ISSUE = {"model": GoodsIssue, "form_class": forms.IssueForm, "lines": forms.IssueLines, "store": entering.stored}
TRANSFER = {
    "model": StockTransfer,
    "form_class": forms.TransferForm,
    "lines": forms.TransferLines,
    "store": entering.stored,
}
COUNT = {"model": StockCount, "form_class": forms.CountForm, "store": views.count_stored}


def receipt_links(receipt: GoodsReceipt, user: Any) -> list[Link]:
    """Go on counting, or send something back."""
    if receipt.state == GoodsReceipt.State.DRAFT and user.has_perm("stock.change_goodsreceipt", receipt):
        return [Link(_("Count in"), reverse("stock:goodsreceipt_scan", args=[receipt.pk]), "scan-line")]
    if receipt.state == GoodsReceipt.State.POSTED and user.has_perm("stock.add_supplierreturn", receipt):
        return [Link(_("Send back"), reverse("stock:goodsreceipt_return", args=[receipt.pk]), "undo-2")]
    return []


def count_links(count: StockCount, user: Any) -> list[Link]:
    """Go on counting."""
    if count.state == StockCount.State.COUNTING and user.has_perm("stock.change_stockcount", count):
        return [Link(_("Count"), reverse("stock:stockcount_count", args=[count.pk]), "scan-line")]
    return []


urlpatterns = [
    path("expected/", ListScreen.as_view(model=Expected, table=tables.ExpectedTable, filters=forms.ExpectedFilters, title=_("To receive"), views=EXPECTED, empty_text=_("Nothing is on its way.")), name="expected_list"),
    path("expected/<int:pk>/", DocumentScreen.as_view(model=Expected, panels=[panels.ExpectedFacts, panels.ReceivePanel, panels.CamePanel]), name="expected"),
    path("expected/<int:pk>/receive/", views.ReceiveScreen.as_view(), name="expected_receive"),
    path("receipts/", ListScreen.as_view(model=GoodsReceipt, table=tables.ReceiptTable, filters=forms.ReceiptFilters, title=_("Goods receipts"), views=RECEIPTS), name="goodsreceipt_list"),
    path("receipts/<int:pk>/", DocumentScreen.as_view(model=GoodsReceipt, panels=[panels.ReceiptFacts, panels.ReceiptLines, HistoryPanel], steps=panels.receipt_steps, edit_url="stock:goodsreceipt_edit", links=receipt_links), name="goodsreceipt"),
    path("receipts/<int:pk>/edit/", FormScreen.as_view(model=GoodsReceipt, form_class=forms.ReceiptForm), name="goodsreceipt_edit"),
    path("receipts/<int:pk>/scan/", views.ScanScreen.as_view(), name="goodsreceipt_scan"),
    path("receipts/<int:pk>/return/", views.ReturnScreen.as_view(), name="goodsreceipt_return"),
    path("receipts/<int:pk>/<slug:verb>/", VerbScreen.as_view(model=GoodsReceipt), name="goodsreceipt_verb"),
    path("issues/", ListScreen.as_view(model=GoodsIssue, table=tables.IssueTable, filters=forms.IssueFilters, title=_("Goods issues"), create_url="stock:goodsissue_new", create_label=_("New issue")), name="goodsissue_list"),
    path("issues/new/", FormScreen.as_view(then="post", initial=views.today_as("issued_on"), **ISSUE), name="goodsissue_new"),
    path("issues/<int:pk>/", DocumentScreen.as_view(model=GoodsIssue, panels=[panels.IssueFacts, panels.IssueLines, HistoryPanel], edit_url="stock:goodsissue_edit", asking=["take_back"]), name="goodsissue"),
    path("issues/<int:pk>/edit/", FormScreen.as_view(then="post", **ISSUE), name="goodsissue_edit"),
    path("issues/<int:pk>/<slug:verb>/", VerbScreen.as_view(model=GoodsIssue, forms={"take_back": ReasonForm}), name="goodsissue_verb"),
    path("returns/", ListScreen.as_view(model=SupplierReturn, table=tables.ReturnTable, filters=forms.ReturnFilters, title=_("Returns to suppliers")), name="supplierreturn_list"),
    path("returns/<int:pk>/", DocumentScreen.as_view(model=SupplierReturn, panels=[panels.ReturnFacts, panels.ReturnLines, HistoryPanel]), name="supplierreturn"),
    path("returns/<int:pk>/<slug:verb>/", VerbScreen.as_view(model=SupplierReturn), name="supplierreturn_verb"),
    path("transfers/", ListScreen.as_view(model=StockTransfer, table=tables.TransferTable, title=_("Stock transfers"), create_url="stock:stocktransfer_new", create_label=_("New transfer")), name="stocktransfer_list"),
    path("transfers/new/", FormScreen.as_view(then="carry", initial=views.today_as("moved_on"), **TRANSFER), name="stocktransfer_new"),
    path("transfers/<int:pk>/", DocumentScreen.as_view(model=StockTransfer, panels=[panels.TransferFacts, panels.TransferLines, HistoryPanel], edit_url="stock:stocktransfer_edit"), name="stocktransfer"),
    path("transfers/<int:pk>/edit/", FormScreen.as_view(then="carry", **TRANSFER), name="stocktransfer_edit"),
    path("transfers/<int:pk>/<slug:verb>/", VerbScreen.as_view(model=StockTransfer), name="stocktransfer_verb"),
    path("counts/", ListScreen.as_view(model=StockCount, table=tables.CountTable, title=_("Stock counts"), views=COUNTS, create_url="stock:stockcount_new", create_label=_("New count"), verbs=["approve"]), name="stockcount_list"),
    path("counts/new/", views.CountNewScreen.as_view(initial=views.today_as("counted_on"), saves=_("Make the list"), **COUNT), name="stockcount_new"),
    path("counts/<int:pk>/", DocumentScreen.as_view(model=StockCount, panels=[panels.CountFacts, panels.CountLines, ApprovalsPanel, HistoryPanel], edit_url="stock:stockcount_edit", asking=["send_back"], links=count_links), name="stockcount"),
    path("counts/<int:pk>/edit/", FormScreen.as_view(**COUNT), name="stockcount_edit"),
    path("counts/<int:pk>/count/", views.CountScreen.as_view(), name="stockcount_count"),
    path("counts/<int:pk>/<slug:verb>/", VerbScreen.as_view(model=StockCount, forms={"send_back": ReasonForm}), name="stockcount_verb"),
    path("on-hand/", ListScreen.as_view(model=OnHand, table=tables.OnHandTable, filters=forms.OnHandFilters, title=_("On hand"), views=[View("held", _("Held"), ~Q(quantity=0)), View("all", _("All"))]), name="onhand_list"),
    path("moves/", ListScreen.as_view(model=StockMove, table=tables.MoveTable, filters=forms.MoveFilters, title=_("Stock movements")), name="stockmove_list"),
    path("moves/<int:pk>/", views.MoveScreen.as_view(), name="stockmove"),
    path("value/", views.ValueScreen.as_view(), name="value"),
    path("warehouses/", ListScreen.as_view(model=Warehouse, table=tables.WarehouseTable, title=_("Warehouses"), create_url="stock:warehouse_new", create_label=_("New warehouse")), name="warehouse_list"),
    path("warehouses/new/", FormScreen.as_view(model=Warehouse, form_class=forms.WarehouseForm), name="warehouse_new"),
    path("warehouses/<int:pk>/", DocumentScreen.as_view(model=Warehouse, panels=[panels.WarehouseFacts, panels.BinsPanel, HistoryPanel], edit_url="stock:warehouse_edit", links=panels.warehouse_links), name="warehouse"),
    path("warehouses/<int:pk>/edit/", FormScreen.as_view(model=Warehouse, form_class=forms.WarehouseForm), name="warehouse_edit"),
    path("bins/new/", FormScreen.as_view(model=Bin, form_class=forms.BinForm, initial=panels.suggested_bin), name="bin_new"),
    path("bins/<int:pk>/", DocumentScreen.as_view(model=Bin, panels=[panels.BinFacts, panels.InBinPanel], edit_url="stock:bin_edit"), name="bin"),
    path("bins/<int:pk>/edit/", FormScreen.as_view(model=Bin, form_class=forms.BinForm), name="bin_edit"),
]  # fmt: skip
