"""The screens of payroll."""

from django.db.models import Q
from django.urls import path
from django.utils.translation import gettext_lazy as _

from backoffice.ui.forms import ReasonForm
from backoffice.ui.imports import TemplateScreen
from backoffice.ui.listing import View
from backoffice.ui.panels import HistoryPanel
from backoffice.ui.screens import FormScreen, ListScreen, VerbScreen
from backoffice.workflow.panels import ApprovalsPanel
from hr.payroll import forms, importing, panels, views
from hr.payroll.models import Element, Parameter, PayItem, PayrollRun, Payslip, TaxDetails, YearToDate
from hr.payroll.tables import ElementTable, ParameterTable, PayItemTable, PayslipTable, RunTable, TaxDetailsTable

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
ELEMENT = {"model": Element, "form_class": forms.ElementForm, "store": views.element_stored}
ASKING = {"send_back": ReasonForm, "reverse": ReasonForm}

urlpatterns = [
    path("runs/", ListScreen.as_view(model=PayrollRun, table=RunTable, filters=forms.RunFilters, title=_("Payroll"), views=RUNS, empty_text=_("A run pays a month. Who is paid needs approved pay, a tax code and confirmed bank details; what was paid earlier in the tax year is brought forward on the employee's page, or for many at once from a file."), create_url="payroll:payrollrun_new", create_label=_("New run"), links=panels.more), name="payrollrun_list"),
    path("runs/new/", FormScreen.as_view(model=PayrollRun, form_class=forms.RunForm, store=views.stored, initial=views.next_month, title=_("New payroll run")), name="payrollrun_new"),
    path("runs/<int:pk>/", views.RunScreen.as_view(panels=PANELS, steps=panels.steps, links=panels.links, asking=list(ASKING)), name="payrollrun"),
    path("runs/<int:pk>/progress/", views.ProgressScreen.as_view(), name="progress"),
    path("runs/<int:pk>/<slug:verb>/", VerbScreen.as_view(model=PayrollRun, forms=ASKING), name="payrollrun_verb"),
    path("slips/", ListScreen.as_view(model=Payslip, table=PayslipTable, filters=forms.PayslipFilters, title=_("Payslips"), views=PAYSLIPS), name="payslip_list"),
    path("slips/<int:pk>/", views.PayslipScreen.as_view(), name="payslip"),
    path("slips/<int:pk>/payslip.pdf", views.PayslipPaper.as_view(), name="payslip_pdf"),
    path("slips/<int:pk>/seen/", views.Seen.as_view(), name="seen"),
    path("slips/<int:pk>/emergency-code/", views.EmergencyCode.as_view(), name="emergency_code"),
    path("slips/<int:pk>/leave-out/", views.LeaveOutScreen.as_view(), name="leave_out"),
    path("left-out/<int:pk>/take-in/", views.TakeIn.as_view(), name="take_in"),
    path("tax/", ListScreen.as_view(model=TaxDetails, table=TaxDetailsTable, filters=forms.TaxDetailsFilters, title=_("Tax details"), empty_text=_("They are entered on an employee's page, under Tax and pension.")), name="taxdetails_list"),
    path("tax/of/<int:employment>/", views.DetailsScreen.as_view(), name="taxdetails_new"),
    path("brought-forward/of/<int:employment>/", views.BroughtForwardScreen.as_view(), name="yeartodate_new"),
    path("brought-forward/import/", views.BroughtForwardImport.as_view(), name="forward_import"),
    path("brought-forward/import/template.csv", TemplateScreen.as_view(model=YearToDate, text=importing.template, file_name="paid-before-us.csv"), name="forward_template"),
    path("items/", ListScreen.as_view(model=PayItem, table=PayItemTable, filters=forms.PayItemFilters, title=_("Pay items"), empty_text=_("They are added on an employee's page: what is paid or charged beside the salary.")), name="payitem_list"),
    path("items/of/<int:employment>/", views.PayItemScreen.as_view(), name="payitem_new"),
    path("items/<int:pk>/", views.ItemScreen.as_view(), name="payitem"),
    path("items/<int:pk>/end/", views.EndItem.as_view(), name="payitem_end"),
    path("items/<int:pk>/take-back/", views.TakeBackItem.as_view(), name="payitem_take_back"),
    path("elements/", ListScreen.as_view(model=Element, table=ElementTable, filters=forms.ElementFilters, title=_("Elements of pay"), empty_text=_("Salary, tax, insurance and pension are there by themselves. What else you pay or charge is named here, such as overtime."), create_url="payroll:element_new", create_label=_("New element")), name="element_list"),
    path("elements/new/", FormScreen.as_view(**ELEMENT), name="element_new"),
    path("elements/<int:pk>/edit/", FormScreen.as_view(**ELEMENT), name="element_edit"),
    path("parameters/", ListScreen.as_view(model=Parameter, table=ParameterTable, filters=forms.ParameterFilters, title=_("Figures of the law")), name="parameter_list"),
    path("mine/", views.OwnPayslips.as_view(), name="own"),
    path("mine/<int:pk>/", views.OwnPayslip.as_view(), name="own_payslip"),
    path("mine/<int:pk>/payslip.pdf", views.OwnPaper.as_view(), name="own_payslip_pdf"),
]  # fmt: skip
