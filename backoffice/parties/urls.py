"""The screens of parties."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from backoffice.parties import entering
from backoffice.parties.forms import BankAccountForm, PartyFilters, PartyForm, suggested
from backoffice.parties.models import Party
from backoffice.parties.panels import BankAccounts, PartyFacts
from backoffice.parties.tables import PartyTable
from backoffice.parties.views import BankAccountScreen
from backoffice.ui.panels import HistoryPanel
from backoffice.ui.screens import DocumentScreen, FormScreen, ListScreen

app_name = "parties"
PARTY = {"form_class": PartyForm, "store": entering.stored, "initial": suggested}
ACCOUNT = {"form_class": BankAccountForm, "store": entering.stored, "private": True}

urlpatterns = [
    path("", ListScreen.as_view(model=Party, table=PartyTable, filters=PartyFilters, title=_("Suppliers"), create_url="parties:party_new"), name="party_list"),
    path("new/", FormScreen.as_view(model=Party, **PARTY), name="party_new"),
    path("<int:pk>/", DocumentScreen.as_view(model=Party, panels=[PartyFacts, BankAccounts, HistoryPanel], edit_url="parties:party_edit"), name="party"),
    path("<int:pk>/edit/", FormScreen.as_view(model=Party, **PARTY), name="party_edit"),
    path("<int:party>/accounts/new/", BankAccountScreen.as_view(title=_("New bank account"), **ACCOUNT), name="partybankaccount_new"),
    path("accounts/<int:pk>/edit/", BankAccountScreen.as_view(title=_("Bank account"), **ACCOUNT), name="partybankaccount_edit"),
]  # fmt: skip
