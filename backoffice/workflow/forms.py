"""What people type in about the rules of approval."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.ui.forms import AmountField, BaseForm, BaseModelForm
from backoffice.workflow.models import ApprovalRule, kind_words
from backoffice.workflow.slots import subjects


class RuleForm(BaseModelForm):
    """A rule for one kind of document."""

    kind = forms.ChoiceField(label=_("Kind of document"))

    class Meta:
        model = ApprovalRule
        fields = ["kind", "department", "from_amount", "approvers"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = kinds()  # type: ignore[attr-defined]


def kinds() -> list[tuple[str, str]]:
    """The kinds of documents that can wait for approval, with their words."""
    return [(label, kind_words(label)) for label, _subject in subjects.items()]


class FirstRuleForm(BaseForm):
    """Above which amount two people approve, as the set-up of a company asks it."""

    from_amount = AmountField(
        label=_("Two people above"), initial=Decimal(10000), help_text=_("Gross, in the currency of the books")
    )

    def clean_from_amount(self) -> Decimal:
        """Not below nought."""
        amount: Decimal = self.cleaned_data["from_amount"]
        if amount < 0:
            raise forms.ValidationError(_("Give an amount of nought or more."))
        return amount
