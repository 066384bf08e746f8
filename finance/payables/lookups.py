"""How bank accounts of suppliers are found while a bill is typed in."""

from typing import Any

from backoffice.parties.models import PartyBankAccount
from backoffice.ui.lookups import Lookup
from backoffice.ui.slots import lookups


class AccountLookup(Lookup):
    """Bank accounts by their party and last digits."""

    def __init__(self) -> None:
        super().__init__(PartyBankAccount, ("party__name", "ending", "holder"))

    def rows(self, user: Any, queryset: Any, hints: dict[str, str]) -> Any:
        rows = super().rows(user, queryset, hints).select_related("party")
        return rows.filter(party__company_id=hints["company"]) if hints.get("company") else rows

    def text(self, row: Any) -> str:
        return f"{row.party.name} {row.masked}"


lookups.fill("parties.partybankaccount", AccountLookup())
