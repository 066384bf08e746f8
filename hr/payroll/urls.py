"""The screens of payroll."""

from django.db.models import Q
from django.urls import path
from django.utils.translation import gettext_lazy as _

from backoffice.ui.forms import ReasonForm
from backoffice.ui.listing import View
from backoffice.ui.panels import HistoryPanel
from backoffice.ui.screens import DocumentScreen, FormScreen, ListScreen, VerbScreen
from backoffice.workflow.panels import ApprovalsPanel
from hr.payroll import forms, panels, views
from hr.payroll.models import Parameter, PayrollRun, Payslip, TaxDetails
from hr.payroll.tables import ParameterTable, PayslipTable, RunTable, TaxDetailsTable

app_name = "payroll"
State = PayrollRun.State
RUNS = [
    View("all", _("All")),
    View("open", _("Under way"), Q(state__in=[State.DRAFT, State.CALCULATING, State.CALCULATED, State.SUBMITTED])),
    View("pay", _("To pay"), Q(state__in=[State.APPROVED, State.POSTED])),
]
PAYSLIPS = [
    View("all", _("All"), count=False),
    View("failed", _("Failed"), Q(state=Payslip.State.ERROR)),
    View("check", _("To check"), Q(state=Payslip.State.WARNING)),
]
PANELS = [
    panels.ProgressPanel, panels.TotalsPanel, panels.ExceptionsPanel, panels.LeftOutPanel, ApprovalsPanel, HistoryPanel,
]  # fmt: skip
ASKING = {"send_back": ReasonForm, "reverse": ReasonForm}

urlpatterns = [
    path("runs/", ListScreen.as_view(model=PayrollRun, table=RunTable, filters=forms.RunFilters, title=_("Payroll"), views=RUNS, create_url="payroll:payrollrun_new", create_label=_("New run")), name="payrollrun_list"),
    path("runs/new/", FormScreen.as_view(model=PayrollRun, form_class=forms.RunForm, store=views.stored, initial=views.next_month, title=_("New payroll run")), name="payrollrun_new"),
    path("runs/<int:pk>/", DocumentScreen.as_view(model=PayrollRun, panels=PANELS, steps=panels.steps, links=panels.links, asking=list(ASKING)), name="payrollrun"),
    path("runs/<int:pk>/progress/", views.ProgressScreen.as_view(), name="progress"),
    path("runs/<int:pk>/<slug:verb>/", VerbScreen.as_view(model=PayrollRun, forms=ASKING), name="payrollrun_verb"),
    path("slips/", ListScreen.as_view(model=Payslip, table=PayslipTable, filters=forms.PayslipFilters, title=_("Payslips"), views=PAYSLIPS), name="payslip_list"),
    path("slips/<int:pk>/", views.PayslipScreen.as_view(), name="payslip"),
    path("slips/<int:pk>/seen/", views.Seen.as_view(), name="seen"),
    path("slips/<int:pk>/emergency-code/", views.EmergencyCode.as_view(), name="emergency_code"),
    path("slips/<int:pk>/leave-out/", views.LeaveOutScreen.as_view(), name="leave_out"),
    path("left-out/<int:pk>/take-in/", views.TakeIn.as_view(), name="take_in"),
    path("tax/", ListScreen.as_view(model=TaxDetails, table=TaxDetailsTable, filters=forms.TaxDetailsFilters, title=_("Tax details")), name="taxdetails_list"),
    path("tax/of/<int:employment>/", views.DetailsScreen.as_view(), name="taxdetails_new"),
    path("parameters/", ListScreen.as_view(model=Parameter, table=ParameterTable, filters=forms.ParameterFilters, title=_("Figures of the law")), name="parameter_list"),
    path("mine/", views.OwnPayslips.as_view(), name="own"),
    path("mine/<int:pk>/", views.OwnPayslip.as_view(), name="own_payslip"),
]  # fmt: skip
