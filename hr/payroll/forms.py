"""What people type into runs and tax details, and how lists are narrowed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.ui.filters import Filters, RecordFilter, Search
from backoffice.ui.forms import AmountField, BaseForm, BaseModelForm, Boxes, DateField
from hr.payroll import bringing, preparing
from hr.payroll.models import Element, Parameter, PayItem, PayrollRun, Payslip, TaxDetails
from hr.payroll.uk import insurance, loans, paye
from hr.people.models import Employment

# What each letter is for, after gov.uk, "National Insurance rates and categories: Category letters".
NI_LETTERS = {
    "A": _("everybody who is under no other letter"),
    "B": _("married woman or widow who pays the reduced rate"),
    "C": _("over State Pension age"),
    "D": _("investment zone, pays in another job already (deferment)"),
    "E": _("investment zone, married woman or widow who pays the reduced rate"),
    "F": _("freeport"),
    "H": _("apprentice under 25"),
    "I": _("freeport, married woman or widow who pays the reduced rate"),
    "J": _("pays in another job already (deferment)"),
    "K": _("investment zone, over State Pension age"),
    "L": _("freeport, pays in another job already (deferment)"),
    "M": _("under 21"),
    "N": _("investment zone"),
    "S": _("freeport, over State Pension age"),
    "V": _("veteran in the first civilian job"),
    "X": _("pays no National Insurance, such as under 16"),
    "Z": _("under 21, pays in another job already (deferment)"),
}


class RunForm(BaseModelForm):
    """Which month, and when it is paid."""

    class Meta:
        model = PayrollRun
        fields = ["year", "month", "pay_on"]

    def clean(self) -> dict[str, Any]:
        """A month is paid about when it is over; the same is asked again when the run is kept."""
        found: dict[str, Any] = super().clean() or {}
        if all(found.get(name) for name in ("year", "month", "pay_on")):
            asked = PayrollRun(year=found["year"], month=found["month"], pay_on=found["pay_on"])
            if reason := preparing.far_from_the_month(asked):
                self.add_error("pay_on" if found["year"] in preparing.YEARS else "year", reason)
        return found


class RunFilters(Filters):
    """By number."""

    q = Search("number", label=_("Number"))

    class Meta:
        model = PayrollRun
        fields = ["year"]


class PayslipFilters(Filters):
    """By person, run and state."""

    q = Search("employment__number", "employment__person__last_name", "employment__person__first_names")
    run = RecordFilter(queryset=PayrollRun.objects.all(), label=_("Payroll run"))
    employment = RecordFilter(queryset=Employment.objects.all(), label=_("Employee"))

    class Meta:
        model = Payslip
        fields = ["state"]


class TaxDetailsFilters(Filters):
    """By person and code."""

    q = Search("employment__number", "employment__person__last_name", "tax_code")
    employment = RecordFilter(queryset=Employment.objects.all(), label=_("Employee"))

    class Meta:
        model = TaxDetails
        fields = ["ni_category", "pension"]


class ParameterFilters(Filters):
    """By code."""

    q = Search("code", "source")

    class Meta:
        model = Parameter
        fields: list[str] = []


class ElementForm(BaseModelForm):
    """A company's own part of pay; its code stands in lines that are posted, so it is typed once."""

    once = ("code",)
    feeds = forms.MultipleChoiceField(
        label=_("Counts towards"), choices=Element.BASES, required=False, widget=Boxes(in_line=True)
    )

    class Meta:
        model = Element
        fields = ["code", "name", "kind", "feeds", "formula", "account", "is_active"]
        widths = {"name": "x2", "formula": "x2", "account": "x2"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            del self.fields["code"], self.fields["kind"]


class PayItemForm(BaseModelForm):
    """What somebody gets or is charged beside the salary."""

    class Meta:
        model = PayItem
        fields = ["element", "amount", "valid_from", "note"]
        widths = {"element": "x2", "note": "x2"}

    only_once = forms.TypedChoiceField(
        label=_("How often"),
        choices=[("once", _("Once, in the month of that day")), ("monthly", _("Every month from then on"))],
        coerce=lambda word: word == "once",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order_fields(["element", "amount", "valid_from", "only_once", "note"])
        amount: Any = self.fields["amount"]
        amount.digits = amount.widget.digits = 2
        amount.help_text = _("What the element's formula works on, where it has one: hours, for instance")

    def save(self, commit: bool = True) -> PayItem:
        """The item, with how often it is paid: the last day follows from that."""
        self.instance.only_once = self.cleaned_data["only_once"]
        return self.instance


class EndForm(BaseForm):
    """The last day on which a pay item holds."""

    last_day = DateField(label=_("Last day"), help_text=_("The month of that day takes it once more"))


class BroughtForwardForm(BaseForm):
    """What was paid in a tax year before us."""

    tax_year = forms.ChoiceField(
        label=_("Tax year"), help_text=_("What is typed here replaces what was brought forward for that year")
    )
    source = forms.CharField(
        label=_("Where it comes from"), max_length=60, help_text=_("Such as P45, or the former system")
    )

    def __init__(self, *args: Any, years: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        years_field: Any = self.fields["tax_year"]
        years_field.choices = [(year, year) for year in years]
        for code, label in bringing.FIGURES:
            self.fields[code] = AmountField(label=label, digits=2, required=False, min_value=0)

    def clean(self) -> dict[str, Any]:
        """The figures by their codes; tax never exceeds the pay that it was taken from."""
        found: dict[str, Any] = super().clean() or {}
        figures = {code: found.pop(code, None) for code, _label in bringing.FIGURES}
        found["figures"] = {code: amount for code, amount in figures.items() if amount}
        if bringing.more_tax_than_pay(figures) and not self.errors:
            self.add_error("tax", _("More tax than taxable pay cannot be."))
        return found


class ElementFilters(Filters):
    """By code and name."""

    q = Search("code", "name")

    class Meta:
        model = Element
        fields = ["kind", "is_active"]


class PayItemFilters(Filters):
    """By person and element."""

    q = Search("employment__number", "employment__person__last_name", "element__name", "note")
    element = RecordFilter(queryset=Element.objects.all(), label=_("Element"))

    class Meta:
        model = PayItem
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
        label=_("National Insurance category"),
        choices=[(letter, format_lazy("{}: {}", letter, NI_LETTERS[letter])) for letter in insurance.CATEGORIES],
        initial="A",
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
