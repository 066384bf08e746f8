"""A new bank account belongs to the party of the address."""

from typing import Any

from django.http import Http404
from django.urls import reverse

from backoffice.parties.models import Party, PartyBankAccount
from backoffice.ui.screens import FormScreen


class BankAccountScreen(FormScreen):
    """Adds an account to a party, or changes what may change of one."""

    model = PartyBankAccount

    def load(self) -> Any:
        if "pk" in self.kwargs:
            return super().load()
        party = Party.objects.visible_to(self.request.user).filter(pk=self.kwargs["party"]).first()
        if party is None:
            raise Http404
        return PartyBankAccount(party=party)

    def result(self, document: Any) -> str:
        return reverse("parties:party", args=[document.party_id])

    def list_href(self) -> str:
        return reverse("parties:party_list")
