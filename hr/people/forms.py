"""What is typed about people, and how their lists are narrowed."""

from datetime import date, datetime, time
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.organisation import places
from backoffice.organisation.models import CostCentre, Department
from backoffice.ui.filters import DateFilter, Filters, RecordFilter, Search
from backoffice.ui.forms import AmountField, BaseForm, BaseModelForm, DateField, LookupField
from hr.people import changing, hiring, nino, queries
from hr.people.hiring import Starter
from hr.people.leaving import CLOSES
from hr.people.models import Assignment, Employment, PayRate, Person, PersonBankAccount, PrivateDetails

PRIVATE = (
    "born_on", "national_insurance_number", "private_email", "phone", "street", "postcode", "city", "country",
)  # fmt: skip


class HireForm(BaseModelForm):
    """One starter: person, first day, job, and as far as the rights reach private details, pay and bank account."""

    first_names = forms.CharField(label=gettext_lazy("First names"), max_length=80)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=60)
    known_as = forms.CharField(label=gettext_lazy("Known as"), max_length=40, required=False)
    job_title = forms.CharField(label=gettext_lazy("Job title"), max_length=80)
    department = LookupField(Department.objects.all(), label=gettext_lazy("Department"))
    cost_centre = LookupField(CostCentre.objects.filter(is_active=True), label=gettext_lazy("Cost centre"))
    manager = LookupField(Employment.objects.all(), label=gettext_lazy("Manager"), required=False)
    grade = forms.CharField(label=gettext_lazy("Grade"), max_length=12, required=False)
    weekly_hours = AmountField(label=gettext_lazy("Hours a week"), digits=2, initial="37.5")
    fte = AmountField(label=gettext_lazy("Full-time equivalent"), digits=4, initial="1")
    born_on = DateField(label=gettext_lazy("Date of birth"), required=False)
    national_insurance_number = forms.CharField(
        label=gettext_lazy("National insurance number"), max_length=13, required=False
    )
    private_email = forms.EmailField(label=gettext_lazy("Private e-mail"), required=False)
    phone = forms.CharField(label=gettext_lazy("Private phone"), max_length=40, required=False)
    street = forms.CharField(label=gettext_lazy("Street"), max_length=120, required=False)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=12, required=False)
    city = forms.CharField(label=gettext_lazy("City"), max_length=60, required=False)
    country = forms.CharField(label=gettext_lazy("Country"), max_length=2, initial="GB")
    pay = AmountField(label=gettext_lazy("Pay"), digits=2, required=False)
    pay_basis = forms.ChoiceField(label=gettext_lazy("Pay is"), choices=PayRate.Basis.choices, required=False)
    is_another = forms.BooleanField(
        label=gettext_lazy("This is somebody else"),
        required=False,
        help_text=gettext_lazy("Tick it when a person of the same name and birth is on record by chance."),
    )

    class Meta:
        model = Employment
        fields = ["starts_on"]
        widths = {"first_names": "x2", "last_name": "x2", "job_title": "x2", "street": "x2"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        wanted = ["first_names", "last_name", "known_as", "starts_on"]
        self.order_fields([*wanted, *(name for name in self.fields if name not in wanted)])
        if self.user is not None and not self.user.has_perm("people.add_privatedetails"):
            for name in PRIVATE:
                del self.fields[name]
        if self.user is not None and not self.user.has_perm("people.add_payrate"):
            del self.fields["pay"], self.fields["pay_basis"]
        if not self.is_bound:
            del self.fields["is_another"]  # asked only after somebody alike was found

    def clean_national_insurance_number(self) -> str:
        """One spelling; refuses a number that HMRC would not issue."""
        number = nino.plain(self.cleaned_data["national_insurance_number"])
        if number and not nino.valid(number):
            raise ValidationError(_("This is not a national insurance number, such as AB 12 34 56 C."))
        return number

    def clean_country(self) -> str:
        """The two letters of a country that there is."""
        return a_country(self.cleaned_data["country"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        number = values.get("national_insurance_number", "")
        alike = hiring.look_alikes(
            self.company,
            last_name=values.get("last_name", ""),
            first_names=values.get("first_names", ""),
            born_on=values.get("born_on"),
            number=number,
        ).first()
        if alike is not None:
            same = number and alike.private.national_insurance_number == number
            if same and alike.employments.exclude(state="withdrawn").filter(ends_on__isnull=True).exists():
                self.add_error("national_insurance_number", _("%s has this number and is employed.") % alike)
            elif same:
                self.instance.person = alike  # somebody who comes back: another employment of the same person
            elif not values.get("is_another"):
                self.add_error("is_another", _("%s, born on the same day, is on record.") % alike)
        return values

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return {*excluded, "person", "number", "continuous_from"}

    def save(self, commit: bool = True) -> Employment:
        """The employment with its starter: what becomes rows is written by `hiring`."""
        values = dict(self.cleaned_data)
        values.pop("is_another", None)
        private = {name: values.pop(name) for name in PRIVATE if name in values}
        if private:
            private["email"] = private.pop("private_email")
        basis = values.pop("pay_basis", "") or PayRate.Basis.ANNUAL
        person = self.instance.person if self.instance.person_id else None
        self.instance.starter = Starter(pay_basis=basis, private=private, person=person, **values)
        return self.instance


def a_country(text: str) -> str:
    """The code of a country in capitals. Raises `ValidationError` for what is none."""
    code = text.strip().upper()
    if code and code not in dict(places.countries()):
        raise ValidationError(_("Give the two letters of a country, e.g. GB."))
    return code


class PersonForm(BaseModelForm):
    """How somebody is called, and who signs in as them."""

    class Meta:
        model = Person
        fields = ["first_names", "last_name", "known_as", "user"]


class PrivateForm(BaseModelForm):
    """What only the officers read."""

    class Meta:
        model = PrivateDetails
        fields = [
            "born_on", "national_insurance_number", "email", "phone", "street", "postcode", "city", "country",
        ]  # fmt: skip
        widths = {"street": "x2"}

    national_insurance_number = forms.CharField(
        label=gettext_lazy("National insurance number"), max_length=13, required=False
    )

    def clean_country(self) -> str:
        """The two letters of a country that there is."""
        return a_country(self.cleaned_data["country"])


class BankAccountForm(BaseModelForm):
    """Where pay goes; a second person confirms it."""

    class Meta:
        model = PersonBankAccount
        fields = ["holder", "iban", "bic"]
        widths = {"holder": "x2", "iban": "x2"}

    iban = forms.CharField(label=gettext_lazy("IBAN"), max_length=42)


class PayRateForm(BaseModelForm):
    """What is paid from a day on."""

    class Meta:
        model = PayRate
        fields = ["valid_from", "amount", "basis", "reason"]
        widths = {"reason": "x2"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["valid_from"].help_text = _(
            "May lie ahead or behind; payslips that are made already do not change."
        )
        amount: Any = self.fields["amount"]
        amount.digits = amount.widget.digits = 2


class AssignmentForm(BaseForm):
    """What changes from a day on; what is left as it is stays as it is."""

    effective_from = DateField(
        label=gettext_lazy("From"),
        help_text=gettext_lazy("May lie ahead or behind; payslips that are made already do not change."),
    )
    job_title = forms.CharField(label=gettext_lazy("Job title"), max_length=80)
    department = LookupField(Department.objects.all(), label=gettext_lazy("Department"))
    cost_centre = LookupField(CostCentre.objects.filter(is_active=True), label=gettext_lazy("Cost centre"))
    manager = LookupField(Employment.objects.all(), label=gettext_lazy("Manager"), required=False)
    grade = forms.CharField(label=gettext_lazy("Grade"), max_length=12, required=False)
    weekly_hours = AmountField(label=gettext_lazy("Hours a week"), digits=2)
    fte = AmountField(label=gettext_lazy("Full-time equivalent"), digits=4)

    def __init__(self, *args: Any, document: Employment, **options: Any) -> None:
        now = queries.held(document, timezone.localdate(timezone=document.company.zone))
        initial = {name: getattr(now, name) for name in changing.FIELDS} if now else {}
        super().__init__(*args, initial=initial, **options)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        changed = {name: values[name] for name in self.changed_data if name in values}
        if "effective_from" in values and len(changed) < 2:
            raise ValidationError(_("Nothing is different."))
        return changed


class TakeBackForm(BaseForm):
    """Which change that lies ahead is taken back."""

    assignment = forms.ModelChoiceField(Assignment.objects.none(), label=gettext_lazy("Change"), empty_label=None)

    def __init__(self, *args: Any, document: Employment, **options: Any) -> None:
        super().__init__(*args, **options)
        today = timezone.localdate(timezone=document.company.zone)
        field: Any = self.fields["assignment"]
        field.queryset = document.assignments.filter(valid_from__gt=today).select_related("department")


class NoticeForm(BaseForm):
    """When somebody leaves, and at what time access ends on that day."""

    last_day = DateField(label=gettext_lazy("Last day"))
    access_time = forms.TimeField(
        label=gettext_lazy("Access ends at"),
        initial=CLOSES,
        input_formats=["%H:%M", "%H.%M"],
        widget=forms.TimeInput(format="%H:%M"),
        help_text=gettext_lazy("On the last day, where the company is"),
    )
    why = forms.CharField(label=gettext_lazy("Reason for leaving"), max_length=120, required=False)

    def __init__(self, *args: Any, document: Employment, **options: Any) -> None:
        initial: dict[str, Any] = {}
        if document.ends_on:
            initial = {"last_day": document.ends_on, "why": document.notice_reason}
        super().__init__(*args, initial=initial, **options)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        last_day, at = values.get("last_day"), values.pop("access_time", None)
        if isinstance(last_day, date) and isinstance(at, time) and self.company is not None:
            values["access_ends_at"] = datetime.combine(last_day, at, self.company.zone)
        return values


class EmploymentFilters(Filters):
    """By words, day, department and manager; the day says who was employed then and as what."""

    q = Search(
        "number", "person__last_name", "person__first_names", "person__known_as", "job",
        label=gettext_lazy("Search employees"),
    )  # fmt: skip
    on = DateFilter(label=gettext_lazy("As of"), method="leave")
    department = RecordFilter(
        queryset=Department.objects.all(), field_name="held_department", label=gettext_lazy("Department")
    )
    manager = RecordFilter(queryset=Employment.objects.all(), field_name="held_manager", label=gettext_lazy("Manager"))

    class Meta:
        model = Employment
        fields: list[str] = []

    def leave(self, rows: Any, name: str, value: Any) -> Any:
        """The day narrows before all else."""
        return rows

    def filter_queryset(self, queryset: Any) -> Any:
        on = self.form.cleaned_data.get("on")
        rows = queries.as_of(queryset, on or timezone.localdate())
        return super().filter_queryset(rows.filter(queries.running(on)) if on else rows)


class PayRateFilters(Filters):
    """By words and state."""

    q = Search("employment__number", "employment__person__last_name", "reason", label=gettext_lazy("Search pay"))
    state = django_filters.ChoiceFilter(choices=PayRate.State.choices, label=gettext_lazy("State"))

    class Meta:
        model = PayRate
        fields: list[str] = []


class BankAccountFilters(Filters):
    """By words and state."""

    q = Search(
        "person__last_name", "person__first_names", "holder", "ending", label=gettext_lazy("Search bank details")
    )
    state = django_filters.ChoiceFilter(choices=PersonBankAccount.State.choices, label=gettext_lazy("State"))

    class Meta:
        model = PersonBankAccount
        fields: list[str] = []
