"""The screens of payables."""

from typing import Any

from django.db.models import Q
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.ui.forms import ReasonForm
from backoffice.ui.listing import Link, View
from backoffice.ui.panels import HistoryPanel
from backoffice.ui.screens import FormScreen, ListScreen, VerbScreen
from backoffice.workflow.panels import ApprovalsPanel
from finance.payables import entering, forms, panels, queries, views
from finance.payables.models import Bill
from finance.payables.tables import BillTable, BlockedTable

app_name = "payables"
BILL = {
    "initial": forms.suggested,
    "model": Bill,
    "form_class": forms.BillForm,
    "lines": forms.BillLines,
    "store": entering.stored,
    "check": forms.check,
}
PANELS = [
    panels.BillNotices, panels.BillFacts, panels.BillLines, panels.OriginalPanel, ApprovalsPanel, panels.RelatedPanel, HistoryPanel,
]  # fmt: skip
VIEWS = [
    View("all", _("All")),
    View("open", _("Open"), queries.OPEN),
    View("mine", _("Waiting for me"), lambda user: Q(pk__in=queries.waiting_ids(user))),
    View("week", _("Due this week"), lambda user: queries.due_this_week(timezone.localdate())),
    View("blocked", _("Blocked"), queries.BLOCKED),
    View("overdue", _("Overdue"), lambda user: queries.overdue(timezone.localdate())),
]


def links(user: Any) -> list[Link]:
    """What else the list offers."""
    may = user.has_perm("payables.add_bill") and user.has_perm("exchange.add_upload")
    return [Link(_("Upload bills"), reverse("exchange:upload_new", args=["bill"]), "upload")] if may else []


urlpatterns = [
    path("bills/", ListScreen.as_view(model=Bill, table=BillTable, filters=forms.BillFilters, title=_("Supplier bills"), views=VIEWS, default_view="open", create_url="payables:bill_new", create_label=_("New bill"), verbs=["submit", "approve"], links=links, empty_text=_("Type in the first bill, or upload electronic ones.")), name="bill_list"),
    path("bills/blocked/", ListScreen.as_view(model=Bill, table=BlockedTable, filters=forms.BillFilters, title=_("Blocked payments"), views=[View("blocked", _("Blocked"), queries.BLOCKED)], default_view="blocked", empty_text=_("No payment is blocked.")), name="blocked_list"),
    path("bills/new/", FormScreen.as_view(then="submit", **BILL), name="bill_new"),
    path("bills/<int:pk>/", views.BillScreen.as_view(panels=PANELS, steps=panels.steps, edit_url="payables:bill_edit", asking=["send_back", "reverse", "block", "release_payment"]), name="bill"),
    path("bills/<int:pk>/edit/", FormScreen.as_view(then="submit", **BILL), name="bill_edit"),
    path("bills/<int:pk>/<slug:verb>/", VerbScreen.as_view(model=Bill, forms={"send_back": ReasonForm, "reverse": forms.ReverseForm, "block": forms.BlockForm, "release_payment": forms.ReleaseForm}), name="bill_verb"),
]  # fmt: skip
