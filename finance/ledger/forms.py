"""What people type into the ledger: journals with their lines, reasons, days, and how lists are narrowed."""

from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils import dates, timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.errors import Refused
from backoffice.currencies import conversion
from backoffice.organisation.models import Company, CostCentre
from backoffice.ui.filters import DateFilter, Filters, RecordFilter, Search
from backoffice.ui.forms import (
    AmountField,
    AmountInput,
    BaseForm,
    BaseModelForm,
    DateField,
    LineForm,
    LookupField,
    lines_of,
)
from finance.ledger import accounts, charts, entering, opening, reversing
from finance.ledger.models import Account, Journal, JournalEntry, JournalLine, Period

BY_HAND = (Journal.Code.GENERAL, Journal.Code.OPENING)


def is_sent(form: Any) -> bool:
    """Whether the person asked to hand the journal on; a draft that is only kept may be incomplete."""
    return bool(form.data.get("then") == "go")


class JournalForm(BaseModelForm):
    """The head of a manual journal. Its day must lie in an open period, which the form says at once."""

    class Meta:
        model = JournalEntry
        fields = ["on", "journal", "document_on", "text"]
        widths = {"on": "x1", "journal": "x1", "document_on": "x1", "text": "x3"}
        help_texts = {
            "on": gettext_lazy("Try “t”, “-1”, “eom”, “311026”"),
            "text": gettext_lazy("Auditors read this"),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["journal"]
        field.queryset = Journal.objects.filter(company=self.company, code__in=BY_HAND).order_by("code")
        if self.instance.pk is None:
            self.initial["journal"] = self.initial.get("journal") or field.queryset.filter(code=BY_HAND[0]).first()
            self.initial["on"] = self.initial.get("on") or timezone.localdate()
        field.for_user(self.user, {"company": str(self.company.pk)} if self.company else {})

    def clean_on(self) -> Any:
        """The day, with its period remembered for saving; a closed one is refused here, not at the end."""
        on = self.cleaned_data["on"]
        try:
            period = entering.open_period(self.company, on)
        except Refused as reason:
            raise ValidationError(str(reason), code=reason.code) from reason
        self.instance.period = period
        return on


class JournalLineForm(LineForm):
    """One side of an entry, in the company's currency."""

    cost_centre = LookupField(CostCentre.objects.all(), required=False, label=gettext_lazy("Cost centre"))
    debit = AmountField(required=False, label=gettext_lazy("Debit"))
    credit = AmountField(required=False, label=gettext_lazy("Credit"))

    class Meta:
        model = JournalLine
        fields = ["account", "text", "cost_centre", "debit", "credit"]

    field_order = ["account", "text", "cost_centre", "debit", "credit"]

    def __init__(self, *args: Any, company: Company | None = None, **options: Any) -> None:
        super().__init__(*args, company=company, **options)
        line, places = self.instance, conversion.digits(company.currency) if company else 2
        for name in ("debit", "credit"):
            field: Any = self.fields[name]
            field.digits, field.widget = places, AmountInput(digits=places)
            self.initial[name] = getattr(line, name) or None
            field.col = "c-amt"
        self.fields["account"].col, self.fields["cost_centre"].col = "c-acc", "c-dim"  # type: ignore[attr-defined]
        if line.dimension_set_id:
            self.initial["cost_centre"] = line.dimension_set.cost_centre_id
        self.remedies: list[dict[str, str]] = []

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        debit, credit = values.get("debit") or Decimal(0), values.get("credit") or Decimal(0)
        if debit < 0 or credit < 0:
            self.add_error("debit" if debit < 0 else "credit", _("Use the other side instead of a minus."))
        if debit and credit:
            self.add_error("credit", _("A line has one side: debit or credit."))
        if is_sent(self) and self.has_changed():
            self._demand_whole(values, debit or credit)
        return values

    def _demand_whole(self, values: dict[str, Any], amount: Decimal) -> None:
        account = values.get("account")
        if not amount and not {"debit", "credit"} & self.errors.keys():
            self.add_error("debit", _("Give an amount."))
        if (
            account is None
            or not account.needs_cost_centre
            or values.get("cost_centre")
            or "cost_centre" in self.errors
        ):
            return
        words = _("Account %(code)s needs a cost centre.") % {"code": account.code}
        if last := entering.last_cost_centre(account, self.user):
            words += " " + _("Last time you used %(centre)s.") % {"centre": last.name}
            self.remedies.append(
                {"for": self["cost_centre"].id_for_label, "value": self._as_typed(last), "label": _("Use it")}
            )
        self.add_error("cost_centre", words)

    def _as_typed(self, centre: CostCentre) -> str:
        """What stands in the field when this cost centre is chosen: its key in a list, its words in a search box."""
        field: Any = self.fields["cost_centre"]
        return str(centre.pk) if isinstance(field.widget, forms.Select) else field.lookup.text(centre)

    def save(self, commit: bool = True) -> JournalLine:
        """The line with its amounts in both currencies and its dimensions."""
        line: JournalLine = super().save(commit=False)
        values = self.cleaned_data
        line.debit, line.credit = values.get("debit") or Decimal(0), values.get("credit") or Decimal(0)
        line.currency = self.company.currency
        line.currency_debit, line.currency_credit = line.debit, line.credit
        line.dimension_set = accounts.dimension_set(self.company, values.get("cost_centre"))
        return line


class JournalLines(
    lines_of(  # type: ignore[misc]
        JournalEntry,
        JournalLine,
        form=JournalLineForm,
        title=gettext_lazy("Journal lines"),
        sums=[(gettext_lazy("Debits"), "debit"), (gettext_lazy("Credits"), "credit")],
        balanced=True,
        extra=5,
        least=1,
    )
):
    """The lines of a journal; whoever sends it on must have both sides alike."""

    def get_queryset(self) -> Any:
        if not hasattr(self, "_rows"):
            rows = super().get_queryset()
            self._rows = rows.select_related("account", "dimension_set__cost_centre").order_by("place")
        return self._rows

    def clean(self) -> None:
        super().clean()
        if not is_sent(self) or any(self.errors):
            return
        kept = self.kept()
        debit = sum((f.cleaned_data.get("debit") or Decimal(0) for f in kept), Decimal(0))
        credit = sum((f.cleaned_data.get("credit") or Decimal(0) for f in kept), Decimal(0))
        if debit != credit:
            short = _("Credits are %s short.") if debit > credit else _("Debits are %s short.")
            places = conversion.digits(self.company.currency)
            raise ValidationError(short % number_format(abs(debit - credit), decimal_pos=places, force_grouping=True))


class JournalFilters(Filters):
    """How the list of journals is narrowed."""

    q = Search("number", "text", label=gettext_lazy("Search journals"))
    journal = RecordFilter(queryset=Journal.objects.all(), label=gettext_lazy("Journal"))
    period = RecordFilter(queryset=Period.objects.order_by("-starts_on"), label=gettext_lazy("Period"))
    after = DateFilter(field_name="on", lookup_expr="gte", label=gettext_lazy("From"))
    before = DateFilter(field_name="on", lookup_expr="lte", label=gettext_lazy("Until"))

    class Meta:
        model = JournalEntry
        fields: list[str] = []


class AccountFilters(Filters):
    """How the chart is narrowed."""

    q = Search("code", "name", label=gettext_lazy("Search accounts"))
    kind = django_filters.ChoiceFilter(choices=Account.Kind.choices, label=gettext_lazy("Kind"))
    is_active = django_filters.BooleanFilter(label=gettext_lazy("Active"))

    class Meta:
        model = Account
        fields: list[str] = []


class AccountForm(BaseModelForm):
    """An account of the chart; code and kind of one that was posted to stay."""

    class Meta:
        model = Account
        fields = ["code", "name", "kind", "heading", "role", "is_control", "needs_cost_centre", "is_active"]
        widths = {"name": "x2"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk and entering.is_posted_to(self.instance):
            for name in ("code", "kind", "is_control"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Stays: the account has postings.")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        self.instance.company = self.instance.company if self.instance.pk else self.company
        twins = Account.objects.filter(company=self.instance.company).exclude(pk=self.instance.pk)
        if values.get("code") and twins.filter(code=values["code"]).exists():
            self.add_error("code", _("There is an account with this code."))
        if values.get("role") and (twin := twins.filter(role=values["role"]).first()):
            self.add_error("role", _("%(account)s plays this role.") % {"account": twin})
        return values


class ReverseForm(BaseForm):
    """The day of the mirror entry and the reason that stands in the history."""

    on = DateField(label=gettext_lazy("Date of the reversal"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, help_text=gettext_lazy("Auditors read this"))

    def __init__(self, *args: Any, document: JournalEntry | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if document is not None:
            self.initial.setdefault("on", reversing.default_day(document))


class LedgerForm(BaseForm):
    """Between which days the lines of an account are shown."""

    marks_required = False
    starts_on = DateField(label=gettext_lazy("From"), required=False)
    ends_on = DateField(label=gettext_lazy("Until"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.width = "x1"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("starts_on") and values.get("ends_on") and values["starts_on"] > values["ends_on"]:
            self.add_error("ends_on", _("The last day lies before the first."))
        return values


class BooksForm(BaseForm):
    """Which chart of accounts a new company takes, and when its fiscal year starts."""

    chart = forms.ChoiceField(label=gettext_lazy("Chart of accounts"), choices=list(charts.CHARTS.items()))
    first_month = forms.TypedChoiceField(
        label=gettext_lazy("The fiscal year starts in"),
        choices=[(month, dates.MONTHS[month]) for month in range(1, 13)],
        coerce=int,
        initial=1,
    )

    def __init__(self, *args: Any, company: Company | None = None, **options: Any) -> None:
        super().__init__(*args, company=company, **options)
        if company is not None:
            self.initial.setdefault("chart", opening.proposed_chart(company.country))
