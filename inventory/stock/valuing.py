"""The cost rule (operations B0.15), pure: what moves are worth, and where a cost goes that is learnt later.

Nothing here reads or writes; callers lock the states, run this, and write what it says. Amounts are in company
currency, rounded to its digits once; parts always sum to the whole. An issue is valued once, in the order of
posting. What empties the stock, or a layer, takes the whole rest: quantity nought is worth nought.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from backoffice.core.rounding import ZERO, rounded

FIFO, AVERAGE, STANDARD = "fifo", "average", "standard"
ONE, NOTHING = Decimal(1), Decimal("0.000000001")


@dataclass(slots=True)
class Layer:
    """What one receipt brought; `key` is its id."""

    key: int
    received: Decimal
    remaining: Decimal
    worth: Decimal
    epoch: int = 0
    kept: float = 0.0

    @property
    def unit_cost(self) -> Decimal:
        return self.worth / self.remaining if self.remaining else ZERO


@dataclass(slots=True)
class State:
    """What the company holds of an item; layers only where the method needs them (first in, first out)."""

    item: int
    method: str
    standard: Decimal
    quantity: Decimal = ZERO
    value: Decimal = ZERO
    last_cost: Decimal = ZERO
    epoch: int = 0
    kept: float = 0.0
    layers: list[Layer] = field(default_factory=list)

    @property
    def unit_cost(self) -> Decimal:
        """What one more found piece would be worth, unrounded."""
        if self.method == STANDARD:
            return self.standard
        if self.method == FIFO and self.layers:
            return self.layers[-1].unit_cost
        return self.value / self.quantity if self.quantity > 0 else self.last_cost


@dataclass(slots=True)
class Take:
    """What a move out took: from which layer, or which share of all that lay there."""

    quantity: Decimal
    value: Decimal
    layer: int | None = None
    epoch: int = 0
    kept_before: float = 0.0
    share: float = 0.0
    is_return: bool = False  # went back to the supplier, and its price with it: it bears no later cost


@dataclass(slots=True)
class Valued:
    """A move with its worth: `amount` is what the stock gains (negative: loses).

    `cost` is what the other side gets (goods received not invoiced, the cost account); where they differ,
    `adjustment` is late cost of what was issued uncovered and `variance` is the difference to the standard cost:
    amount = cost - adjustment - variance for what comes in.
    """

    amount: Decimal
    cost: Decimal
    adjustment: Decimal = ZERO
    variance: Decimal = ZERO
    layer: Layer | None = None
    takes: list[Take] = field(default_factory=list)


def come_in(
    state: State, quantity: Decimal, unit_cost: Decimal | None, key: int, digits: int, *, is_bought: bool = True
) -> Valued:
    """Take `quantity` in at `unit_cost` (None: at what a found piece is worth); `key` names the new layer.

    Only what was bought says what the item costs last.
    """
    cost = rounded(quantity * (state.unit_cost if unit_cost is None else unit_cost), digits)
    covered = min(quantity, max(-state.quantity, ZERO))
    if state.method == STANDARD:
        worth = rounded((state.quantity + quantity) * state.standard, digits) - state.value
        valued = Valued(worth, cost, variance=cost - worth)
    else:
        owed = _part(-state.value, covered, -state.quantity, digits) if covered else ZERO
        paid = _part(cost, covered, quantity, digits)
        valued = Valued(cost - (paid - owed), cost, adjustment=paid - owed)
    rest = quantity - covered
    if covered and rest and state.method == AVERAGE:
        state.epoch, state.kept = state.epoch + 1, 0.0
    left = rest if state.method == FIFO else ZERO
    worth = cost - _part(cost, covered, quantity, digits) if state.method == FIFO else ZERO
    # What was issued before it came bears its share of later costs too: the layer starts as if that had been taken.
    before = math.log(quantity / rest) if covered and rest else 0.0
    valued.layer = Layer(key, quantity, left, worth, state.epoch, state.kept + before)
    state.quantity += quantity
    state.value += valued.amount
    if is_bought and unit_cost is not None and unit_cost > 0:
        state.last_cost = unit_cost
    if state.method == FIFO and left:
        state.layers.append(valued.layer)
    return valued


def go_out(state: State, quantity: Decimal, digits: int, *, layer: Layer | None = None) -> Valued:
    """Take `quantity` out; from `layer` while that has enough left, else by the method. Uncovered at the last cost."""
    covered = min(quantity, max(state.quantity, ZERO))
    takes: list[Take] = []
    if covered:
        if state.method == FIFO:
            takes = _from_layers(state, covered, digits, layer)
        elif state.method == AVERAGE:
            takes = [_from_average(state, covered, digits)]
        else:
            rest = rounded((state.quantity - covered) * state.standard, digits)
            takes = [Take(covered, state.value - rest)]
    value = sum((take.value for take in takes), ZERO)
    if uncovered := quantity - covered:
        at = state.standard if state.method == STANDARD else state.last_cost
        takes.append(Take(uncovered, rounded(uncovered * at, digits)))
        value += takes[-1].value
    state.quantity -= quantity
    state.value -= value
    if state.method == AVERAGE and state.quantity <= 0:
        state.epoch, state.kept = state.epoch + 1, 0.0
    return Valued(-value, -value, takes=takes)


def _from_average(state: State, quantity: Decimal, digits: int) -> Take:
    share = float(quantity / state.quantity)
    take = Take(
        quantity,
        _part(state.value, quantity, state.quantity, digits),
        epoch=state.epoch,
        kept_before=state.kept,
        share=share,
    )
    if quantity < state.quantity:
        state.kept += math.log1p(-share)
    return take


def _from_layers(state: State, quantity: Decimal, digits: int, first: Layer | None) -> list[Take]:
    takes = []
    if first is not None and first.remaining >= quantity:
        order: list[Layer] = [first]
    else:
        order = list(state.layers)
    for layer in order:
        if not quantity:
            break
        some = min(quantity, layer.remaining)
        value = _part(layer.worth, some, layer.remaining, digits)
        layer.remaining -= some
        layer.worth -= value
        takes.append(Take(some, value, layer.key))
        quantity -= some
    state.layers = [layer for layer in state.layers if layer.remaining]
    return takes


def _part(value: Decimal, quantity: Decimal, whole: Decimal, digits: int) -> Decimal:
    """The worth of a part; the whole takes all, so nothing is left behind."""
    return value if quantity == whole else rounded(value * quantity / whole, digits)


@dataclass(slots=True)
class Late:
    """A cost learnt later, split: what is still in stock, and what each taker (by place in the order given) bears."""

    stock: Decimal
    gone: list[tuple[Any, Decimal]]


def learn(
    method: str, state: State, layer: Layer, takes: Sequence[tuple[Any, Take]], delta: Decimal, digits: int
) -> Late:
    """Split `delta` of a layer between what is left and who took it; `takes` are (payer, take) of that item.

    First in, first out: by quantity. Moving average: by the retention factor, in the same epoch only. Standard: all
    of it is a variance, so nothing goes to stock and nobody is named. What nobody is named for (goods issued before
    they came) is left to the caller, who books it as late cost.
    """
    if method == STANDARD:
        return Late(ZERO, [])
    if method == FIFO:
        weights = [(payer, t, t.quantity / layer.received) for payer, t in takes if t.layer == layer.key]
        kept = layer.remaining / layer.received
    else:
        same = state.epoch == layer.epoch and state.quantity > 0
        kept = _exp(min(state.kept - layer.kept, 0.0)) if same else ZERO
        weights = [
            (payer, t, _exp(t.kept_before - layer.kept) * Decimal(repr(t.share)))
            for payer, t in takes
            if t.epoch == layer.epoch and t.share
        ]
    whole = ONE - sum((weight for _payer, take, weight in weights if take.is_return), ZERO)
    if whole <= NOTHING:
        return Late(ZERO, [])
    stock = rounded(delta * min(kept / whole, ONE), digits)
    return Late(stock, _spread(delta, stock, [(p, w / whole) for p, t, w in weights if not t.is_return], digits))


def _exp(power: float) -> Decimal:
    return Decimal(repr(math.exp(power)))


def _spread(
    delta: Decimal, stock: Decimal, weights: Iterable[tuple[Any, Decimal]], digits: int
) -> list[tuple[Any, Decimal]]:
    """What each payer bears, gathered; where the weights name everybody, the largest takes what rounding leaves."""
    gathered: dict[Any, Decimal] = {}
    for payer, weight in weights:
        gathered[payer] = gathered.get(payer, ZERO) + weight
    if not gathered or stock == delta:
        return []
    parts = {payer: rounded(delta * weight, digits) for payer, weight in gathered.items()}
    left = delta - stock - sum(parts.values(), ZERO)
    if abs(left) <= len(parts) * Decimal(1).scaleb(-digits):
        parts[max(gathered, key=lambda payer: gathered[payer])] += left
    return [(payer, part) for payer, part in parts.items() if part]
