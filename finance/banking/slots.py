"""What banking asks of the apps above: what is due, to whom, and why something must not be paid now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from backoffice.core.slots import Slot
from backoffice.organisation.models import Company


@dataclass(frozen=True, slots=True)
class Creditor:
    """Whom money goes to; `iban` and `bic` are plain here and encrypted wherever they are kept."""

    name: str
    iban: str = ""
    bic: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Payable:
    """One thing that is due. Credit notes are negative; what has the same `payee` is paid in one sum.

    `open_item` is what it settles in the ledger; without one the source's account is debited. `refusal` says why it
    can't be paid now, in words.
    """

    key: str
    payee: str
    creditor: Creditor
    amount: Decimal
    due_on: date
    text: str
    party_id: int | None = None
    open_item: int | None = None
    href: str = ""
    refusal: str = ""


class Source(Protocol):
    """Something that knows what is due: bills of suppliers, net wages."""

    label: Any
    role: str  # the account that is debited
    is_private: bool  # single payments are told only to who holds `right`
    right: str

    def due(self, company: Company, until: date, currency: str) -> list[Payable]:
        """What is due until a day in a currency, with what speaks against paying it."""

    def creditors(self, keys: Sequence[str]) -> Mapping[str, Creditor]:
        """The creditors of these payables as they are known now, by key; asked again when a run is released."""


payables: Slot[Source] = Slot("banking.payables")
# By key, why something must not be paid; asked for all payables of a source at once.
payment_checks: Slot[Callable[[Company, Sequence[Payable]], Mapping[str, str]]] = Slot("banking.payment_checks")
