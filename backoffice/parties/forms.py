"""What people type in about parties, and how their list is narrowed."""

from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.parties import identifiers
from backoffice.parties.models import Party, PartyBankAccount
from backoffice.ui.filters import Filters, Search
from backoffice.ui.forms import BaseModelForm


class PartyForm(BaseModelForm):
    """A party with its numbers and address; check digits are judged as they are typed in."""

    class Meta:
        model = Party
        fields = [
            "name", "legal_name", "kind", "vat_number", "registration_number", "street", "postcode", "city", "country",
            "email", "phone", "currency", "payment_days", "is_active",
        ]  # fmt: skip
        widths = {"name": "x2", "legal_name": "x2", "street": "x2"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk is None and self.company is not None:
            for name in ("country", "currency"):  # a new row gives empty texts, not nothing
                self.initial[name] = self.initial.get(name) or getattr(self.company, name)


def suggested(request: Any) -> dict[str, Any]:
    """What the address suggests for a new party: its name."""
    return {"name": request.GET.get("name", "")[:120]}


class BankAccountForm(BaseModelForm):
    """A bank account of a party. The number of one that is in use is never shown again nor changed: add a new one."""

    class Meta:
        model = PartyBankAccount
        fields = ["number", "bic", "holder", "currency", "is_active"]
        widths = {"number": "x2", "holder": "x2"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            del self.fields["number"]

    def clean_number(self) -> str:
        """Refuse a number that this party has already."""
        number = identifiers.plain(self.cleaned_data["number"])
        known = PartyBankAccount.objects.filter(party=self.instance.party_id)
        if any(account.number == number for account in known.exclude(pk=self.instance.pk)):
            raise ValidationError(_("This party has the account already."))
        return number


class PartyFilters(Filters):
    """How the list of parties is narrowed."""

    q = Search(
        "name", "legal_name", "vat_number", "registration_number", "city", "email", label=gettext_lazy("Search parties")
    )
    kind = django_filters.ChoiceFilter(choices=Party.Kind.choices, label=gettext_lazy("Kind"))
    country = django_filters.CharFilter(lookup_expr="iexact", label=gettext_lazy("Country"))
    is_active = django_filters.BooleanFilter(label=gettext_lazy("Active"))

    class Meta:
        model = Party
        fields: list[str] = []
