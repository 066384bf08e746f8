"""The parts of a party's screen."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.parties.models import Party, PartyBankAccount
from backoffice.ui.lookups import Lookup
from backoffice.ui.panels import FactsPanel, Panel
from backoffice.ui.slots import Hit, MenuEntry, Search, lookups, menu, palette


class PartyFacts(FactsPanel):
    """Who it is, where, and on what terms."""

    fields = [
        "kind", "legal_name", "vat_number", "registration_number", "street", "postcode", "city", "country", "email", "phone",
        "currency", "payment_days",
    ]  # fmt: skip


class BankAccounts(Panel):
    """Where the party is paid, by the last four digits."""

    title = _("Bank accounts")
    template = "backoffice/parties/bank_accounts.html"
    permission = "parties.view_partybankaccount"
    side = True
    order = 20

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        return {
            "accounts": PartyBankAccount.objects.visible_to(user).filter(party=document).select_related("entered_by"),
            "may_add": user.has_perm("parties.add_partybankaccount", document),
            "may_change": user.has_perm("parties.change_partybankaccount"),
        }


def find_parties(user: Any, words: str) -> list[Hit]:
    """Parties by name or number for the palette."""
    rows = Party.objects.visible_to(user).filter(name__icontains=words) | Party.objects.visible_to(user).filter(
        vat_number__istartswith=words.replace(" ", "")
    )
    return [
        Hit(
            party.name,
            reverse("parties:party", args=[party.pk]),
            "building-2",
            party.city or party.country,
            of=f"parties.party:{party.pk}",
        )
        for party in rows.order_by("name")[:6]
    ]


class PartyLookup(Lookup):
    """Parties are searched even when they are few: whoever is missing can be added from there."""

    always_search = True

    def sub(self, row: Party) -> str:
        return row.city


lookups.fill("parties.party", PartyLookup(Party, ("name", "legal_name", "vat_number")))
palette.fill("parties.party", Search(_("Parties"), find_parties, prefix="party:", order=40))
menu.fill(
    "parties.party",
    MenuEntry("finance", _("Suppliers"), "parties:party_list", "building-2", "parties.view_party", order=30),
)
