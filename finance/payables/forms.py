"""What people type into bills, and how their list is narrowed."""

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.access import rights
from backoffice.access.models import User
from backoffice.core.errors import Refused
from backoffice.currencies.models import Currency
from backoffice.parties.models import Party, PartyBankAccount
from backoffice.ui.filters import DateFilter, Filters, RecordFilter, Search
from backoffice.ui.forms import BaseForm, BaseModelForm, DateField, LineForm, lines_of
from finance.payables import coding, duplicates
from finance.payables.models import Bill, BillLine, PaymentBlock


class BillForm(BaseModelForm):
    """The head of a bill. What is left empty follows from the supplier and the bill's date."""

    currency = forms.ModelChoiceField(
        Currency.objects.filter(is_active=True), required=False, label=gettext_lazy("Currency"), to_field_name="code"
    )

    class Meta:
        model = Bill
        fields = [
            "party", "reference", "order_reference", "kind", "bill_date", "due_on", "tax_point", "booked_on", "currency", "rate", "bank_account",
            "stated_tax", "tax_rounding", "note",
        ]  # fmt: skip
        widths = dict.fromkeys(fields, "x2") | {"note": "x6"}
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "due_on": gettext_lazy("Left empty: by the supplier's days to pay"),
            "tax_point": gettext_lazy("Left empty: the bill's date"),
            "booked_on": gettext_lazy("Left empty: the bill's date"),
            "bank_account": gettext_lazy("Left empty: the supplier's only account"),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("due_on", "tax_point", "booked_on", "bank_account"):
            self.fields[name].required = False
        if self.instance.pk is None:
            self.initial.setdefault("tax_rounding", Bill.Rounding.DOCUMENT)

    def clean_currency(self) -> str:
        """The code; empty until the supplier is known."""
        chosen = self.cleaned_data["currency"]
        return chosen.code if chosen is not None else ""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        party, dated = values.get("party"), values.get("bill_date")
        if party is not None:
            values["currency"] = values.get("currency") or party.currency
            values["bank_account"] = values.get("bank_account") or only_account(party)
            if values["bank_account"] and values["bank_account"].party_id != party.pk:
                self.add_error("bank_account", _("This account is not %s's.") % party)
        if dated is not None:
            values["tax_point"] = values.get("tax_point") or dated
            values["booked_on"] = values.get("booked_on") or dated
            if party is not None:
                values["due_on"] = values.get("due_on") or dated + timedelta(days=party.payment_days)
        return values

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors or self.company is None:
            return
        if self.instance.company_id is None:
            self.instance.company = self.company
        try:
            duplicates.demand_first(self.instance)
        except Refused as reason:
            self.add_error("reference", str(reason))


def suggested(request: Any) -> dict[str, Any]:
    """What the address suggests for a new bill: its supplier."""
    party = request.GET.get("party", "")
    return {"party": int(party)} if party.isdigit() else {}


def only_account(party: Party) -> PartyBankAccount | None:
    """The bank account of a party that has exactly one."""
    accounts = list(PartyBankAccount.objects.filter(party=party, is_active=True)[:2])
    return accounts[0] if len(accounts) == 1 else None


class NetOutput(forms.Widget):
    """The net of a line, worked out by the browser while typing; the server's figure until then."""

    is_plain = True

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        shown, n = (f"{value:,.2f}", f"{value}") if value not in (None, "") else ("", "")
        if not self.is_plain:
            return format_html('<output class="num" data-k="net" data-n="{}">{}</output>', n, shown)
        calc = "quantity*unit_price"
        return format_html('<output class="num" data-k="net" data-n="{}" data-calc="{}">{}</output>', n, calc, shown)


class BillLineForm(LineForm):
    """A line of a bill; a line may be kept without coding, it is asked for when the bill is submitted."""

    given = frozenset({"quantity"})
    net = forms.CharField(required=False, disabled=True, label=gettext_lazy("Net"), widget=NetOutput)

    class Meta:
        model = BillLine
        fields = ["text", "account", "cost_centre", "tax_code", "quantity", "unit_price"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        line = self.instance
        self.fields["account"].col = "c-acc"  # type: ignore[attr-defined]
        self.fields["cost_centre"].col = "c-dim"  # type: ignore[attr-defined]
        for name in ("quantity", "unit_price", "net"):
            self.fields[name].col = "c-amt"  # type: ignore[attr-defined]
        self.fields["net"].numeric = True  # type: ignore[attr-defined]
        if line.pk:
            self.initial["net"] = line.net
            self.fields["net"].widget.is_plain = not line.discount and line.price_per == 1


class BillLines(
    lines_of(  # type: ignore[misc]
        Bill,
        BillLine,
        form=BillLineForm,
        title=gettext_lazy("Bill lines"),
        sums=[(gettext_lazy("Net"), "net")],
        extra=3,
        least=1,
    )
):
    """The lines of a bill; empty coding of new lines is filled with what the supplier's last bill used."""

    def get_queryset(self) -> Any:
        if not hasattr(self, "_rows"):
            self._rows = super().get_queryset().select_related("account", "cost_centre", "tax_code").order_by("place")
        return self._rows


def check(form: BillForm, lines: BillLines) -> None:
    """Propose the supplier's usual coding for lines that have none."""
    party = form.cleaned_data.get("party")
    if party is not None:
        coding.propose(party.pk, [each.instance for each in lines.kept()])


class ReverseForm(BaseForm):
    """The day of the mirror entry and the reason that stands in the history."""

    on = DateField(
        label=gettext_lazy("Date of the reversal"),
        required=False,
        help_text=gettext_lazy("Left empty: the bill's day while its period is open"),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, help_text=gettext_lazy("Auditors read this"))


class BlockForm(BaseForm):
    """Why a payment is stopped, and who can clear it."""

    reason = forms.ChoiceField(choices=PaymentBlock.Reason.choices, label=gettext_lazy("Reason"))
    owner = forms.ModelChoiceField(
        User.objects.filter(is_active=True), required=False, label=gettext_lazy("Who can clear it")
    )
    note = forms.CharField(
        required=False, max_length=500, label=gettext_lazy("Note"), widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        company = getattr(self, "company", None)
        if company is not None:
            able = [user.pk for user in rights.holders("payables.release_payment_bill", company.pk)]
            self.fields["owner"].queryset = User.objects.filter(pk__in=able).order_by("name")  # type: ignore[attr-defined]


class ReleaseForm(BaseForm):
    """Why a blocked bill may be paid."""

    note = forms.CharField(
        max_length=500, label=gettext_lazy("Why it may be paid"), help_text=gettext_lazy("Auditors read this")
    )


class BillFilters(Filters):
    """How the list of bills is narrowed."""

    q = Search(
        "number",
        "reference",
        "order_reference",
        "party__name",
        amount="total",
        label=gettext_lazy("Number, supplier, amount"),
    )
    party = RecordFilter(queryset=Party.objects.all(), label=gettext_lazy("Supplier"))
    state = django_filters.MultipleChoiceFilter(choices=Bill.State.choices, label=gettext_lazy("State"))
    kind = django_filters.ChoiceFilter(choices=Bill.Kind.choices, label=gettext_lazy("Kind"))
    dated_from = DateFilter(field_name="bill_date", lookup_expr="gte", label=gettext_lazy("Dated from"))
    dated_until = DateFilter(field_name="bill_date", lookup_expr="lte", label=gettext_lazy("Dated until"))
    due_until = DateFilter(field_name="due_on", lookup_expr="lte", label=gettext_lazy("Due until"))
    currency = django_filters.CharFilter(lookup_expr="iexact", label=gettext_lazy("Currency"))

    class Meta:
        model = Bill
        fields: list[str] = []
