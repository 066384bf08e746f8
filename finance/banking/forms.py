"""What people type into bank accounts and proposals."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.ui.filters import Filters, Search
from backoffice.ui.forms import AmountField, BaseForm, BaseModelForm, DateField
from backoffice.ui.lookups import none_yet
from finance.banking import slots
from finance.banking.models import BankAccount, PaymentRun


class BankAccountForm(BaseModelForm):
    """An account of ours; the number is typed once and shown by its last digits afterwards."""

    iban = forms.CharField(label=_("IBAN"), max_length=42)

    class Meta:
        model = BankAccount
        fields = ["name", "account", "holder", "iban", "bic", "currency", "is_active"]
        widths = dict.fromkeys(fields, "x2")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            del self.fields["iban"]


class ProposalForm(BaseForm):
    """Which account pays what, when, due until when."""

    source = forms.ChoiceField(label=_("Pay"))
    bank_account = forms.ModelChoiceField(BankAccount.objects.none(), label=_("From"))
    pay_on = DateField(label=_("Pay on"))
    due_until = DateField(label=_("Due until"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = BankAccount.objects.visible_to(self.user).filter(company=self.company, is_active=True)
        self.fields["bank_account"].queryset = rows  # type: ignore[attr-defined]
        if self.user is not None and not rows.exists():
            self.fields["bank_account"].help_text = none_yet(BankAccount, self.user)
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            (key, source.label)
            for key, source in slots.payables.items()
            if not source.is_private or (self.user is not None and self.user.has_perm(source.right))
        ]

    def clean_pay_on(self) -> date:
        return to_come(self.cleaned_data["pay_on"])


class DateForm(BaseForm):
    """Another day on which a proposal is paid."""

    pay_on = DateField(label=_("Pay on"), help_text=_("Who chooses the date can't release the run"))

    def clean_pay_on(self) -> date:
        return to_come(self.cleaned_data["pay_on"])


def to_come(day: date) -> date:
    """The day, unless it has passed."""
    if day < (today := timezone.localdate()):
        raise ValidationError(_("This day has passed: the bank can pay from %s on.") % f"{today:%-d %B %Y}")
    return day


class LeaveOutForm(BaseForm):
    """Why a payment is refused."""

    reason = forms.CharField(label=_("Reason"), max_length=120, help_text=_("Stays beside the payment in this run"))


class PayPartForm(BaseForm):
    """How much of one item is paid."""

    amount = AmountField(label=_("Amount"), digits=2)


class RunFilters(Filters):
    """How runs are narrowed."""

    q = Search("number", "payments__creditor", label=_("Number, creditor"))

    class Meta:
        model = PaymentRun
        fields: list[str] = []
