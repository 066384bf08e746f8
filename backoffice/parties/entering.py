"""Entering parties and their bank accounts from a form: right in the party's own company, then the row."""

from collections.abc import Sequence
from typing import Any

from backoffice.core.authority import authority
from backoffice.parties.models import Party, PartyBankAccount


def stored(
    row: Party | PartyBankAccount, lines: Sequence[Any], removed: Sequence[Any], *, by: Any
) -> Party | PartyBankAccount:
    """Save a party or bank account.

    Raises `PermissionDenied` without the right in the company that it belongs to.
    """
    action = "add" if row.pk is None else "change"
    meta = row._meta
    if denied := authority.only.refusal(by, f"{meta.app_label}.{action}_{meta.model_name}", row):
        raise denied
    row.save()
    return row
