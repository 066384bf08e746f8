"""What people type into runs and tax details, and how lists are narrowed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.ui.filters import Filters, Search
from backoffice.ui.forms import BaseForm, BaseModelForm, DateField
from hr.payroll.models import Parameter, PayrollRun, Payslip, TaxDetails
from hr.payroll.uk import insurance, loans, paye


class RunForm(BaseModelForm):
    """Which month, and when it is paid."""

    class Meta:
        model = PayrollRun
        fields = ["year", "month", "pay_on"]


class RunFilters(Filters):
    """By number."""

    q = Search("number", label=_("Number"))

    class Meta:
        model = PayrollRun
        fields = ["year"]


class PayslipFilters(Filters):
    """By person, run and state."""

    q = Search("employment__number", "employment__person__last_name", "employment__person__first_names")

    class Meta:
        model = Payslip
        fields = ["run", "state"]


class TaxDetailsFilters(Filters):
    """By person and code."""

    q = Search("employment__number", "employment__person__last_name", "tax_code")

    class Meta:
        model = TaxDetails
        fields = ["ni_category", "pension"]


class ParameterFilters(Filters):
    """By code."""

    q = Search("code", "source")

    class Meta:
        model = Parameter
        fields: list[str] = []


class LeaveOutForm(BaseForm):
    """Why somebody is not paid in a run."""

    reason = forms.CharField(label=_("Reason"), max_length=120)


class DetailsForm(BaseForm):
    """Other tax details from a day on."""

    effective_from = DateField(label=_("From"))
    tax_code = forms.CharField(label=_("Tax code"), max_length=12)
    code_source = forms.CharField(label=_("Where the code comes from"), max_length=60, required=False)
    ni_category = forms.ChoiceField(
        label=_("National Insurance category"), choices=[(c, c) for c in insurance.CATEGORIES], initial="A"
    )
    is_director = forms.BooleanField(label=_("Director"), required=False)
    loan_plans = forms.MultipleChoiceField(
        label=_("Student loan plans"),
        choices=[(plan, plan) for plan in loans.PLANS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    postgraduate_loan = forms.BooleanField(label=_("Postgraduate loan"), required=False)
    pension = forms.ChoiceField(label=_("Pension"), choices=TaxDetails.Pension.choices)
    pension_employee = forms.DecimalField(label=_("Employee's percent"), min_value=0, max_value=100, initial=0)
    pension_employer = forms.DecimalField(label=_("Employer's percent"), min_value=0, max_value=100, initial=0)

    def clean_tax_code(self) -> str:
        """Refuse what is no tax code."""
        text: str = self.cleaned_data["tax_code"]
        if not paye.readable(text):
            raise forms.ValidationError(_("This is not a tax code, such as 1257L, S1257L M1, K475 or BR."))
        return text

    def clean(self) -> dict[str, Any]:
        """A pension needs a percentage."""
        found: dict[str, Any] = super().clean() or {}
        enrolled = found.get("pension") not in (None, TaxDetails.Pension.NONE, TaxDetails.Pension.OPTED_OUT)
        if enrolled and not (found.get("pension_employee") or found.get("pension_employer")):
            self.add_error("pension_employee", _("Say how much is paid in."))
        return found
