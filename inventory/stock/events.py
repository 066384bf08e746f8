"""What stock tells whoever listens."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple


class ReceivedLine(NamedTuple):
    """One line of a posted receipt; `value` is what is owed for it, in company currency."""

    receipt_line_id: int
    expected_id: int | None
    origin_type: int | None
    origin_id: int | None
    origin_line: int | None
    item_id: int | None
    quantity: Decimal
    value: Decimal


@dataclass(frozen=True)
class GoodsReceived:
    """A goods receipt was posted."""

    receipt_id: int
    company_id: int
    by_id: int
    lines: tuple[ReceivedLine, ...]


@dataclass(frozen=True)
class GoodsReturned:
    """Goods were sent back: so much of each receipt line."""

    return_id: int
    company_id: int
    lines: tuple[tuple[int, Decimal], ...]
