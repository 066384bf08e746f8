"""The screens of banking."""

from django.db.models import Q
from django.urls import path
from django.utils.translation import gettext_lazy as _

from backoffice.ui.listing import View
from backoffice.ui.panels import HistoryPanel
from backoffice.ui.screens import DocumentScreen, FormScreen, ListScreen, VerbScreen
from finance.banking import forms, panels, tables, views
from finance.banking.models import BankAccount, PaymentRun

app_name = "banking"
VIEWS = [
    View("all", _("All")),
    View("proposed", _("To release"), Q(state="proposed")),
    View("released", _("To send to the bank"), Q(state="released")),
]
RUN = [
    panels.RunFacts, panels.PaymentsPanel, panels.ChangePanel, panels.TakeOutPanel, panels.TakenOutPanel,
    panels.LeftOutPanel, panels.FilePanel, HistoryPanel,
]  # fmt: skip

urlpatterns = [
    path("accounts/", ListScreen.as_view(model=BankAccount, table=tables.BankAccountTable, title=_("Bank accounts"), create_url="banking:bankaccount_new", create_label=_("New bank account")), name="bankaccount_list"),
    path("accounts/new/", FormScreen.as_view(model=BankAccount, form_class=forms.BankAccountForm, private=True), name="bankaccount_new"),
    path("accounts/<int:pk>/", DocumentScreen.as_view(model=BankAccount, panels=[panels.AccountFacts, HistoryPanel], edit_url="banking:bankaccount_edit"), name="bankaccount"),
    path("accounts/<int:pk>/edit/", FormScreen.as_view(model=BankAccount, form_class=forms.BankAccountForm, private=True), name="bankaccount_edit"),
    path("runs/", ListScreen.as_view(model=PaymentRun, table=tables.RunTable, filters=forms.RunFilters, title=_("Payment runs"), views=VIEWS, create_url="banking:paymentrun_new", create_label=_("New payment run")), name="paymentrun_list"),
    path("runs/new/", views.ProposeScreen.as_view(), name="paymentrun_new"),
    path("runs/<int:pk>/", DocumentScreen.as_view(model=PaymentRun, panels=RUN, steps=panels.steps), name="paymentrun"),
    path("runs/<int:pk>/leave-out/", views.LeaveOutScreen.as_view(), name="paymentrun_leave_out"),
    path("runs/<int:pk>/take-out/", views.TakeOutScreen.as_view(), name="paymentrun_take_out"),
    path("runs/<int:pk>/pay-part/", views.PayPartScreen.as_view(), name="paymentrun_pay_part"),
    path("runs/<int:pk>/file/", views.FileScreen.as_view(), name="paymentrun_file"),
    path("runs/<int:pk>/<slug:verb>/", VerbScreen.as_view(model=PaymentRun, forms={"reschedule": forms.DateForm}), name="paymentrun_verb"),
]  # fmt: skip
