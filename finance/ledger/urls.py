"""The screens of the ledger."""

from django.db.models import Q
from django.urls import path
from django.utils.translation import gettext_lazy as _

from backoffice.ui.listing import View
from backoffice.ui.panels import FactsPanel, HistoryPanel
from backoffice.ui.screens import FormScreen, ListScreen, ReasonForm, VerbScreen
from finance.ledger import entering, views
from finance.ledger.forms import AccountFilters, AccountForm, JournalFilters, JournalForm, JournalLines
from finance.ledger.models import Account, JournalEntry, Period
from finance.ledger.panels import EntryFacts, EntryLines, entry_steps
from finance.ledger.tables import AccountTable, JournalTable, PeriodTable

app_name = "ledger"

BOOKS = [
    View("all", _("All")),
    View("draft", _("Drafts"), Q(state="draft")),
    View("submitted", _("Waiting for review"), Q(state="submitted")),
    View("posted", _("Posted"), Q(state="posted"), count=False),
]


class PeriodFacts(FactsPanel):
    """When a period starts and ends, and in which fiscal year."""

    fields = ("fiscal_year", "starts_on", "ends_on")


urlpatterns = [
    path(
        "journals/",
        ListScreen.as_view(
            model=JournalEntry,
            title=_("Journals"),
            table=JournalTable,
            filters=JournalFilters,
            views=BOOKS,
            create_url="ledger:journalentry_new",
            create_label=_("New journal"),
            verbs=["submit", "post", "discard"],
        ),
        name="journalentry_list",
    ),
    path(
        "journals/new/",
        FormScreen.as_view(
            model=JournalEntry,
            form_class=JournalForm,
            lines=JournalLines,
            then="submit",
            store=entering.store,
            title=_("New journal"),
        ),
        name="journalentry_new",
    ),
    path(
        "journals/<int:pk>/",
        views.JournalScreen.as_view(
            model=JournalEntry,
            panels=[EntryFacts, EntryLines, HistoryPanel],
            steps=entry_steps,
            edit_url="ledger:journalentry_edit",
            asking=["send_back", "reverse"],
        ),
        name="journalentry",
    ),
    path(
        "journals/<int:pk>/edit/",
        FormScreen.as_view(
            model=JournalEntry, form_class=JournalForm, lines=JournalLines, then="submit", store=entering.store
        ),
        name="journalentry_edit",
    ),
    path("journals/<int:pk>/<slug:verb>/", views.JournalVerb.as_view(model=JournalEntry), name="journalentry_verb"),
    path(
        "accounts/",
        views.AccountList.as_view(
            model=Account, table=AccountTable, filters=AccountFilters, create_url="ledger:account_new"
        ),
        name="account_list",
    ),
    path("accounts/new/", FormScreen.as_view(model=Account, form_class=AccountForm), name="account_new"),
    path("accounts/<int:pk>/", views.AccountScreen.as_view(), name="account"),
    path("accounts/<int:pk>/edit/", FormScreen.as_view(model=Account, form_class=AccountForm), name="account_edit"),
    path(
        "periods/",
        ListScreen.as_view(model=Period, title=_("Period close"), table=PeriodTable, links=views.period_links),
        name="period_list",
    ),
    path("periods/open-year/", views.open_year, name="fiscalyear_new"),
    path(
        "periods/<int:pk>/",
        views.PeriodScreen.as_view(model=Period, panels=[PeriodFacts, HistoryPanel], asking=["reopen"]),
        name="period",
    ),
    path(
        "periods/<int:pk>/<slug:verb>/",
        VerbScreen.as_view(model=Period, forms={"reopen": ReasonForm}),
        name="period_verb",
    ),
]
