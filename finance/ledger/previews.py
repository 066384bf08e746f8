"""What a document would post: the very function that posting uses, asked before."""

from collections.abc import Callable
from typing import Any

from backoffice.core.slots import Slot
from finance.ledger.posting import Line

previews: Slot[Callable[[Any], list[Line]]] = Slot("ledger.previews")


def entry_for(document: Any) -> list[Line]:
    """The lines that a draft would post now; raises `Refused` with the reason why it cannot."""
    return previews[document._meta.label_lower](document)
