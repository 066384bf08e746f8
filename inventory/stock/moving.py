"""Moving stock: what is moved is valued, written into the three ledgers, and becomes lines of one journal entry.

Documents (receipt, issue and what is taken back of it, return, count) say what moves as `Movement`s; `move` takes hold of the items, values the
moves in their order, and writes everything in one statement. The value of each move is one line of the ledger on
the stock account; the other sides are gathered by account, cost centre and party.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from backoffice.core.rounding import ZERO
from backoffice.currencies import conversion
from backoffice.organisation.models import Company, CostCentre
from backoffice.parties.models import Party
from finance.ledger.models import Account, Role
from finance.ledger.posting import Line, debit
from inventory.catalogue.models import Item
from inventory.stock import holding, recording, valuing
from inventory.stock.accounting import role, stock_account
from inventory.stock.models import Bin, StockMove
from inventory.stock.valuing import Layer, State, Valued


@dataclass(slots=True)
class Movement:
    """So much of an item into a bin (positive) or out of it (negative), in base units.

    `account` gets the other side. `unit_cost` of what comes in; None: what a found piece is worth. `layer` is the
    move of the receipt that a return goes back to, `other` what the other side gets for a return, in company currency.
    """

    item: Item
    bin: Bin
    quantity: Decimal
    kind: str
    account: Account
    unit_cost: Decimal | None = None
    cost_centre: CostCentre | None = None
    party: Party | None = None
    line: int | None = None
    layer: int | None = None
    other: Decimal | None = None
    text: str = ""


@dataclass(slots=True)
class Moved:
    """What came of the moves: their worth in the order given, and the lines of the entry."""

    valued: list[Valued]
    lines: list[Line]
    states: dict[int, State]
    places: list[int] = field(default_factory=list)  # the line of the entry that each move's value is, 0 for none


def preview(company: Company, movements: Sequence[Movement], accounts: dict[str, Account]) -> Moved:
    """What moving would post now; nothing is written or locked. The same rule as `move`."""
    return _value(company, movements, accounts, holding.look([m.item for m in movements]), [0] * len(movements))


def move(
    company: Company,
    movements: Sequence[Movement],
    *,
    on: date,
    origin: models.Model,
    name: str,
    entry_id: int,
    accounts: dict[str, Account],
    first_place: int = 1,
) -> Moved:
    """Move, value and write down; `entry_id` is the journal entry that will hold the lines from `first_place` on.

    Raises `Refused` when a bin would fall below nought in a warehouse that does not allow that.
    """
    states = holding.hold(company.pk, [m.item for m in movements])
    ids = recording.keys(len(movements))
    moved = _value(company, movements, accounts, states, ids)
    written = recording.Written(
        company.pk, on, ContentType.objects.get_for_model(origin).pk, origin.pk, name, entry_id, first_place
    )
    recording.write(written, movements, moved, ids, accounts)
    return moved


def carry(
    company: Company, movements: Sequence[tuple[Item, Bin, Decimal]], *, on: date, origin: Any, name: str
) -> None:
    """Move between bins; quantities only. Raises `Refused` as `move` does."""
    holding.hold(company.pk, [item for item, _bin, _quantity in movements])
    written = recording.Written(company.pk, on, ContentType.objects.get_for_model(origin).pk, origin.pk, name, 0, 0)
    recording.carry(written, movements, StockMove.Kind.TRANSFER)


def _value(
    company: Company,
    movements: Sequence[Movement],
    accounts: dict[str, Account],
    states: dict[int, State],
    keys: Sequence[int],
) -> Moved:
    digits = conversion.digits(company.currency)
    moved = Moved([], [], states)
    others: dict[tuple[int, int, int], list[Any]] = {}
    for movement, key in zip(movements, keys, strict=True):
        state = states[movement.item.pk]
        if movement.quantity > 0:
            is_bought = movement.kind != StockMove.Kind.BACK
            valued = valuing.come_in(state, movement.quantity, movement.unit_cost, key, digits, is_bought=is_bought)
            other = -valued.cost
        else:
            layer = _layer_of(state, movement.layer)
            valued = valuing.go_out(state, -movement.quantity, digits, layer=layer)
            other = -valued.amount
            if movement.other is not None:
                other = movement.other
                if state.method == valuing.STANDARD:
                    valued.variance = -valued.amount - other
                else:
                    valued.adjustment = -valued.amount - other
        moved.valued.append(valued)
        moved.places.append(_own_line(moved.lines, movement, valued, accounts))
        _gather(others, movement.account, movement.cost_centre, movement.party, other)
        for amount, known in ((valued.adjustment, Role.COST_ADJUSTMENT), (valued.variance, Role.PRICE_VARIANCE)):
            if amount:
                _gather(others, role(accounts, known), None, None, amount)
    moved.lines += [debit(a, amount, cost_centre=c, party=p) for a, c, p, amount in others.values() if amount]
    return moved


def _own_line(lines: list[Line], movement: Movement, valued: Valued, accounts: dict[str, Account]) -> int:
    if not valued.amount:
        return 0
    account = stock_account(movement.item, accounts)
    lines.append(debit(account, valued.amount, text=(movement.text or str(movement.item))[:200]))
    return len(lines)


def _gather(
    others: dict[tuple[int, int, int], list[Any]],
    account: Account,
    cost_centre: CostCentre | None,
    party: Party | None,
    amount: Decimal,
) -> None:
    key = (account.pk, cost_centre.pk if cost_centre else 0, party.pk if party else 0)
    row = others.setdefault(key, [account, cost_centre, party, ZERO])
    row[3] += amount


def _layer_of(state: State, key: int | None) -> Layer | None:
    return next((layer for layer in state.layers if layer.key == key), None) if key else None
