"""The screens of people."""

from typing import Any

from django.db.models import Q
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from backoffice.ui.forms import ReasonForm
from backoffice.ui.imports import TemplateScreen
from backoffice.ui.listing import Link, View
from backoffice.ui.panels import HistoryPanel
from backoffice.ui.screens import DocumentScreen, FormScreen, ListScreen, VerbScreen
from backoffice.workflow.panels import ApprovalsPanel
from hr.people import entering, forms, importing, panels, views
from hr.people.models import Employment, PayRate, Person, PersonBankAccount, PrivateDetails
from hr.people.tables import BankAccountTable, EmploymentTable, PayRateTable

app_name = "people"
State = Employment.State
PANELS = [
    panels.EmploymentFacts, panels.AssignmentsPanel, panels.PayPanel, panels.BankPanel, panels.ReportsPanel,
    panels.PrivatePanel, panels.OtherEmployments, HistoryPanel,
]  # fmt: skip
EMPLOYEES = [
    View("active", _("Active"), Q(state__in=[State.ACTIVE, State.NOTICE])),
    View("starting", _("Starting"), Q(state=State.PREHIRE)),
    View("leaving", _("Leaving"), Q(state=State.NOTICE)),
    View("left", _("Left"), Q(state=State.LEFT)),
    View("all", _("All")),
]
PAY = [
    View("waiting", _("Waiting for approval"), Q(state=PayRate.State.PROPOSED)),
    View("approved", _("Approved"), Q(state=PayRate.State.APPROVED)),
    View("all", _("All")),
]
BANK = [
    View("waiting", _("To confirm"), Q(state=PersonBankAccount.State.ENTERED)),
    View("confirmed", _("Confirmed"), Q(state=PersonBankAccount.State.CONFIRMED)),
    View("all", _("All")),
]
VERBS = {
    "give_notice": forms.NoticeForm,
    "change_assignment": forms.AssignmentForm,
    "cancel_assignment": forms.TakeBackForm,
}
HIRE = {"form_class": forms.HireForm, "store": entering.hired, "private": True, "title": _("New employee")}


def links(user: Any) -> list[Link]:
    """What else the list offers."""
    may = user.has_perm("people.add_employment")
    return [Link(_("Import"), reverse("people:import"), "upload")] if may else []


urlpatterns = [
    path("", views.EmploymentList.as_view(model=Employment, table=EmploymentTable, filters=forms.EmploymentFilters, title=_("Employees"), views=EMPLOYEES, empty_text=_("Employees are entered one by one or brought in from a file by an HR officer."), create_url="people:employment_new", create_label=_("New employee"), links=links), name="employment_list"),
    path("new/", FormScreen.as_view(model=Employment, **HIRE), name="employment_new"),
    path("import/", views.EmployeesImport.as_view(), name="import"),
    path("import/template.csv", TemplateScreen.as_view(model=Employment, text=importing.template, file_name="employees.csv"), name="import_template"),
    path("me/", views.OwnRecordScreen.as_view(), name="own"),
    path("<int:pk>/", DocumentScreen.as_view(model=Employment, panels=PANELS, links=panels.links, asking=list(VERBS)), name="employment"),
    path("<int:employment>/pay/new/", views.OfEmployment.as_view(model=PayRate, form_class=forms.PayRateForm, store=entering.proposed, private=True), name="payrate_new"),
    path("<int:employment>/bank/new/", views.OfEmployment.as_view(model=PersonBankAccount, form_class=forms.BankAccountForm, store=entering.banked, private=True, title=_("Bank details")), name="personbankaccount_new"),
    path("<int:pk>/<slug:verb>/", views.EmploymentVerbScreen.as_view(model=Employment, forms=VERBS), name="employment_verb"),
    path("persons/<int:pk>/edit/", views.PersonScreen.as_view(model=Person, form_class=forms.PersonForm, store=entering.stored), name="person_edit"),
    path("private/<int:pk>/edit/", views.PersonScreen.as_view(model=PrivateDetails, form_class=forms.PrivateForm, store=entering.stored, private=True), name="privatedetails_edit"),
    path("pay/", ListScreen.as_view(model=PayRate, table=PayRateTable, filters=forms.PayRateFilters, title=_("Pay rates"), views=PAY, verbs=["approve"], empty_text=_("Pay is proposed on an employee's page, and waits here for a second person.")), name="payrate_list"),
    path("pay/<int:pk>/", DocumentScreen.as_view(model=PayRate, panels=[panels.PayFacts, ApprovalsPanel, HistoryPanel], asking=["send_back"]), name="payrate"),
    path("pay/<int:pk>/<slug:verb>/", VerbScreen.as_view(model=PayRate, forms={"send_back": ReasonForm}), name="payrate_verb"),
    path("bank/", ListScreen.as_view(model=PersonBankAccount, table=BankAccountTable, filters=forms.BankAccountFilters, title=_("Bank details"), views=BANK, verbs=["confirm"], empty_text=_("They are entered on an employee's page, and wait here for a second person.")), name="personbankaccount_list"),
    path("bank/<int:pk>/", DocumentScreen.as_view(model=PersonBankAccount, panels=[panels.BankFacts, HistoryPanel]), name="personbankaccount"),
    path("bank/<int:pk>/<slug:verb>/", VerbScreen.as_view(model=PersonBankAccount), name="personbankaccount_verb"),
]  # fmt: skip
