"""Accounts that an app keeps alone: what stands on them is explained by its own rows, so nobody else books there."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from backoffice.core.slots import Slot


@dataclass(frozen=True)
class Keeper:
    """Who keeps the accounts of some roles; `why` is the end of “1310 Stock on hand: …” and names what to use instead."""

    roles: AbstractSet[str]
    why: Any


# By the name that stands on the account (`Account.kept_by`). A keeper may mark further accounts by itself.
keepers: Slot[Keeper] = Slot("ledger.keepers")


def keeper_of(role: str) -> str:
    """The name of whoever keeps the account of this role; empty where anybody may book there."""
    return next((name for name, keeper in keepers.items() if role in keeper.roles), "")


def why(name: str) -> str:
    """Why nobody books by hand to an account that `name` keeps, and what to use instead."""
    keeper = keepers.get(name)
    return str(keeper.why) if keeper is not None else _("only documents post to it")
