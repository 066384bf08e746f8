"""Costs learnt later: a bill that differs from its receipt, freight, a credit note (operations B0.15).

The difference is its own event, dated in the open period and split by what is left: a part to stock, the rest to
whoever took the goods. What was taken and taken back lies in a layer of its own, which learns the part of its taker.
History is never valued anew.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q, QuerySet

from backoffice.core import hot
from backoffice.core.rounding import ZERO
from backoffice.currencies import conversion
from backoffice.organisation.models import Company
from finance.ledger.models import Account, Role
from finance.ledger.posting import Line, debit
from inventory.stock import accounting, holding, receiving, valuing
from inventory.stock.holding import array
from inventory.stock.models import CostEntry, CostLayer, GoodsReceipt, IssueCost, Position, ReceiptLine, StockMove
from inventory.stock.valuing import STANDARD, State, Take

WORTH = """
UPDATE stock_position SET value = x.value FROM unnest(%(items)s::bigint[], %(values)s::numeric[]) AS x(item, value)
 WHERE stock_position.item_id = x.item
"""


# What the rule reads of a line of a receipt besides itself.
JOINS = (
    "item__category__stock_account", "item__category__cost_account", "item__account", "item__position",
    "expected__account", "expected__cost_centre",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LateCost:
    """What a receipt line cost more (negative: less) than was known, in company currency."""

    receipt_line: int
    amount: Decimal
    text: str = ""


@dataclass(slots=True)
class Facts:
    """What the rule reads; to be read under the locks of the items when what it says is written."""

    lines: dict[int, ReceiptLine]
    layers: dict[int, CostLayer] = field(default_factory=dict)  # by receipt line
    # By item: move, payer, take. The payer is an account with its cost centre, or the layer of what was taken back.
    takes: dict[int, list[tuple[int, Any, Take]]] = field(default_factory=dict)
    positions: dict[int, Position] = field(default_factory=dict)  # by item


@dataclass(slots=True)
class _Split:
    lines: list[Line] = field(default_factory=list)
    entries: list[CostEntry] = field(default_factory=list)
    gone: dict[tuple[int, int], list[Any]] = field(default_factory=dict)  # what accounts and cost centres bear
    stays: dict[CostLayer, Decimal] = field(default_factory=dict)  # what layers are worth more


def shares(
    company: Company,
    lates: Sequence[LateCost],
    *,
    facts: Facts | None = None,
    accounts: dict[str, Account] | None = None,
) -> list[Line]:
    """The lines that these costs would post now: debits to stock and to the accounts of who took the goods.

    Pure of effects; the sum of the lines is the sum of the amounts. `facts` and `accounts` are handed in by who read
    them already.
    """
    facts = facts or read(late.receipt_line for late in lates)
    items = [line.item for line in facts.lines.values() if line.item is not None]
    states = holding.look(items, facts.positions)
    return _split(company, lates, facts, states, accounts).lines


def learn(
    company: Company,
    lates: Sequence[LateCost],
    *,
    on: date,
    entry_id: int,
    first_place: int,
    by: Any,
    facts: Facts | None = None,
    accounts: dict[str, Account] | None = None,
) -> list[Line]:
    """Write these costs down as entries of cost; answers the lines, to stand in the entry from `first_place` on.

    Whoever hands in `facts` has held the items since before they were read.
    """
    wanted = {late.receipt_line for late in lates}
    known = (
        facts.lines.values() if facts else ReceiptLine.objects.filter(pk__in=wanted).select_related("item__category")
    )
    stock = [line.item for line in known if line.item is not None]
    states = holding.hold(company.pk, stock) if stock else {}
    facts = facts or read(wanted)
    split = _split(company, lates, facts, states, accounts)
    for entry in split.entries:
        entry.on, entry.entry_id = on, entry_id
        entry.place += first_place - 1
    CostEntry.objects.bulk_create(split.entries)
    grown = [layer for layer in split.stays if states[layer.item_id].method == valuing.FIFO]
    for layer in grown:
        layer.remaining_value += split.stays[layer]
    if grown:
        CostLayer.objects.bulk_update(grown, ["remaining_value"])
    worth = {"items": array(states), "values": array(state.value for state in states.values())}
    hot.fetch(WORTH, worth)
    return split.lines


def read(receipt_lines: Iterable[int], *, known: Iterable[ReceiptLine] = ()) -> Facts:
    """Everything the rule needs to know of these lines of receipts, in a constant number of queries.

    `known` are lines that were read just now with `JOINS`.
    """
    wanted = set(receipt_lines)
    lines = {line.pk: line for line in known if line.pk in wanted}
    if len(lines) < len(wanted):
        lines = {n.pk: n for n in ReceiptLine.objects.filter(pk__in=wanted).select_related(*JOINS)}
    facts = Facts(lines)
    for item in {line.item for line in lines.values() if line.item is not None}:
        if hasattr(item, "position"):
            facts.positions[item.pk] = item.position
    kind = ContentType.objects.get_for_model(GoodsReceipt)
    receipts = {line.receipt_id for line in facts.lines.values()}
    layers = CostLayer.objects.filter(
        move__origin_type=kind, move__origin_id__in=receipts, move__origin_line__in=wanted
    )
    for layer in layers.select_related("item__category__stock_account").annotate(_line=F("move__origin_line")):
        facts.layers[layer._line] = layer
    _read_takes(facts)
    return facts


def stays(company: Company, lates: Sequence[LateCost]) -> dict[CostLayer, Decimal]:
    """What of these costs would stay in stock if they were learnt now, by layer."""
    facts = read(late.receipt_line for late in lates)
    states = holding.look([line.item for line in facts.lines.values() if line.item is not None], facts.positions)
    in_stock = [late for late in lates if late.receipt_line in facts.layers]
    return _split(company, in_stock, facts, states, None).stays


def _read_takes(facts: Facts) -> None:
    """Who took from the layers, and from the layers of what was taken back of that, as long as there are any."""
    seen: set[int] = set()
    layers = list(facts.layers.values())
    while layers:
        rows = [row for row in _taken(layers) if row.pk not in seen]
        again = _taken_back(rows)
        for row in rows:
            payer = again.get(row.move_id) or (row.account, row.cost_centre)
            is_return = row.move.kind == StockMove.Kind.RETURN
            take = Take(row.quantity, row.value, row.layer_id, row.epoch, row.kept_before, row.share, is_return)
            facts.takes.setdefault(row.item_id, []).append((row.move_id, payer, take))
        seen |= {row.pk for row in rows}
        layers = list(again.values())


def _taken_back(rows: Sequence[IssueCost]) -> dict[int, CostLayer]:
    """By move of an issue that was taken back, the layer in which that lies."""
    issues = {row.move.origin_line: row.move_id for row in rows if row.move.kind == StockMove.Kind.ISSUE}
    if not issues:
        return {}
    layers = CostLayer.objects.filter(item__in={row.item_id for row in rows}, move__kind=StockMove.Kind.BACK)
    found = layers.filter(move__origin_line__in=issues).annotate(_line=F("move__origin_line"))
    found = found.select_related("item__category__stock_account")
    return {issues[layer._line]: layer for layer in found}


def _taken(layers: Collection[CostLayer]) -> QuerySet[IssueCost]:
    """Who took from these layers, or from the average of their epoch after they came."""
    first = min((layer.pk for layer in layers), default=0)
    from_average = Q(
        item__in={layer.item_id for layer in layers},
        epoch__in={layer.epoch for layer in layers},
        move__gt=first,
        layer=None,
        share__gt=0,
    )
    from_layers = Q(layer__in=[layer.pk for layer in layers])
    rows = IssueCost.objects.filter(from_average) | IssueCost.objects.filter(from_layers)
    return rows.select_related("account", "cost_centre", "move").order_by("id")


def _split(
    company: Company,
    lates: Sequence[LateCost],
    facts: Facts,
    states: dict[int, State],
    accounts: dict[str, Account] | None,
) -> _Split:
    accounts, digits = accounts or accounting.accounts_of(company), conversion.digits(company.currency)
    split = _Split()
    for late in lates:
        line, layer = facts.lines[late.receipt_line], facts.layers.get(late.receipt_line)
        if layer is None or line.item is None:
            account, centre = receiving.account_of(line, accounts)
            _gather(split.gone, account, centre, late.amount)
            continue
        todo = [(layer, late.amount)]
        while todo:
            layer, amount = todo.pop()
            takes = [(payer, take) for move, payer, take in facts.takes.get(line.item.pk, []) if move > layer.pk]
            state = states[line.item.pk]
            parts = valuing.learn(state.method, state, holding.as_layer(layer), takes, amount, digits)
            state.value += parts.stock
            todo += _book(split, company, layer, amount, parts, state.method, accounts, late.text or str(line.item))
    split.lines += [debit(a, amount, cost_centre=c) for a, c, amount in split.gone.values() if amount]
    return split


def _book(
    split: _Split, company: Company, layer: CostLayer, amount: Decimal, parts: valuing.Late, method: str,
    accounts: dict[str, Account], text: str,
) -> list[tuple[CostLayer, Decimal]]:  # fmt: skip
    """Add what a layer and its takers bear; answers what is for the layers of what was taken back."""
    if parts.stock:
        account = accounting.stock_account(layer.item, accounts)
        split.lines.append(debit(account, parts.stock, text=text[:200]))
        split.entries.append(_entry(company, layer, account, parts.stock, len(split.lines)))
        split.stays[layer] = split.stays.get(layer, ZERO) + parts.stock
    rest = amount - parts.stock - sum((part for _payer, part in parts.gone), ZERO)
    if rest:
        where = Role.PRICE_VARIANCE if method == STANDARD else Role.COST_ADJUSTMENT
        _gather(split.gone, accounting.role(accounts, where), None, rest)
    again = []
    for payer, part in parts.gone:
        if isinstance(payer, CostLayer):
            again.append((payer, part))
        else:
            account, centre = payer
            _gather(split.gone, account, centre, part)
    return again


def _entry(company: Company, layer: CostLayer, account: Account, amount: Decimal, place: int) -> CostEntry:
    return CostEntry(
        company=company,
        item_id=layer.item_id,
        layer=layer,
        kind=CostEntry.Kind.LATE,
        amount=amount,
        account=account,
        place=place,
    )


def _gather(gone: dict[tuple[int, int], list[Any]], account: Account, centre: Any, amount: Decimal) -> None:
    row = gone.setdefault((account.pk, centre.pk if centre else 0), [account, centre, ZERO])
    row[2] += amount
