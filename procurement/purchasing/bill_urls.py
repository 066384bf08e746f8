"""The addresses of matching: what is done about a bill that differs, and what is tolerated."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from backoffice.ui.screens import DocumentScreen, FormScreen, ListScreen
from procurement.purchasing import screens, tolerances
from procurement.purchasing.models import Tolerance

BILLS = [
    path("bills/<int:pk>/accept/", screens.AcceptScreen.as_view(), name="bill_accept"),
    path("bills/<int:pk>/match/", screens.ChooseScreen.as_view(), name="bill_choose"),
    path("bills/<int:pk>/credit/", screens.CreditScreen.as_view(), name="bill_credit"),
    path("tolerances/", ListScreen.as_view(model=Tolerance, table=tolerances.ToleranceTable, title=_("Tolerances"), create_url="purchasing:tolerance_new", create_label=_("New tolerance"), empty_text=_("Without a rule prices may differ by 2 per cent and quantities not at all.")), name="tolerance_list"),
    path("tolerances/new/", FormScreen.as_view(model=Tolerance, form_class=tolerances.ToleranceForm, store=tolerances.stored), name="tolerance_new"),
    path("tolerances/<int:pk>/", DocumentScreen.as_view(model=Tolerance, panels=[tolerances.ToleranceFacts], edit_url="purchasing:tolerance_edit"), name="tolerance"),
    path("tolerances/<int:pk>/edit/", FormScreen.as_view(model=Tolerance, form_class=tolerances.ToleranceForm, store=tolerances.stored), name="tolerance_edit"),
]  # fmt: skip
