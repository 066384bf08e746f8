"""What stock asks upper apps."""

from collections.abc import Callable, Collection
from decimal import Decimal

from backoffice.core.slots import Slot

# How much of each of these receipt lines is billed already, by line, in base units.
billed: Slot[Callable[[Collection[int]], dict[int, Decimal]]] = Slot("stock.billed")
