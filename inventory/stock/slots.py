"""What stock asks upper apps."""

from collections.abc import Collection
from decimal import Decimal
from typing import Protocol

from backoffice.core.slots import Slot


class Billed(Protocol):
    """How much of each of these receipt lines is billed already, by line, in base units; lines without are left out.

    With `lock` nobody bills more of them until the transaction ends.
    """

    def __call__(self, lines: Collection[int], *, lock: bool = False) -> dict[int, Decimal]: ...


billed: Slot[Billed] = Slot("stock.billed")
