"""Taking hold of what moves touch: one locked row an item, in the order of the items, then layers.

Whoever moves an item holds its position until the transaction ends, so two who issue the same item wait for each
other and neither sees what the other has not finished; the sorted order keeps them from waiting in a circle.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from backoffice.core import hot
from inventory.catalogue.models import Item
from inventory.stock.models import CostLayer, Position
from inventory.stock.valuing import FIFO, Layer, State

KNOWN = """
INSERT INTO stock_position (company_id, item_id, quantity, value, last_cost, epoch, kept)
SELECT %(company)s::bigint, id, 0, 0, 0, 0, 0 FROM unnest(%(items)s::bigint[]) AS x(id) ORDER BY id
ON CONFLICT (item_id) DO NOTHING
"""
HELD = """
SELECT item_id, quantity, value, last_cost, epoch, kept FROM stock_position
 WHERE item_id = ANY(%(items)s::bigint[]) ORDER BY item_id FOR UPDATE
"""
LAYERS = """
SELECT item_id, move_id, received, remaining, remaining_value, epoch, kept FROM stock_costlayer
 WHERE item_id = ANY(%(items)s::bigint[]) AND remaining > 0 ORDER BY item_id, move_id
"""


def hold(company_id: int, items: Iterable[Item]) -> dict[int, State]:
    """The locked states of these items, by id; made where an item has never moved."""
    wanted = {item.pk: item for item in items}
    ids = sorted(wanted)
    given = {"company": company_id, "items": array(ids)}
    rows = hot.fetch(HELD, given)
    if len(rows) < len(ids):
        hot.fetch(KNOWN, given)
        rows = hot.fetch(HELD, given)
    states = {row[0]: _state(wanted[row[0]], *row[1:]) for row in rows}
    if fifo := [pk for pk in ids if states[pk].method == FIFO]:
        for item, *layer in hot.fetch(LAYERS, {"items": array(fifo)}):
            states[item].layers.append(Layer(*layer))
    return states


def look(items: Iterable[Item], known: Mapping[int, Position] = MappingProxyType({})) -> dict[int, State]:
    """The states as they are now, for previews; nothing is locked. `known` are positions that were read just now."""
    wanted = {item.pk: item for item in items}
    missing = wanted.keys() - known.keys()
    found = [known[pk] for pk in wanted if pk in known]
    found += Position.objects.filter(item__in=missing) if missing else []
    states = {p.item_id: _state(wanted[p.item_id], p.quantity, p.value, p.last_cost, p.epoch, p.kept) for p in found}
    for pk, item in wanted.items():
        states.setdefault(pk, _state(item, Decimal(0), Decimal(0), Decimal(0), 0, 0.0))
    fifo = [pk for pk, state in states.items() if state.method == FIFO]
    layers = CostLayer.objects.filter(item__in=fifo, remaining__gt=0).order_by("item", "move")
    for layer in layers if fifo else ():
        states[layer.item_id].layers.append(as_layer(layer))
    return states


def as_layer(layer: CostLayer) -> Layer:
    """A row as the cost rule knows it."""
    return Layer(layer.pk, layer.received, layer.remaining, layer.remaining_value, layer.epoch, layer.kept)


def array(values: Iterable[Any]) -> str:
    """A PostgreSQL array of numbers or dates as text: many times faster to hand over than a list."""
    return "{" + ",".join(["NULL" if v is None else str(v) for v in values]) + "}"


def _state(item: Item, quantity: Decimal, value: Decimal, last_cost: Decimal, epoch: int, kept: float) -> State:
    return State(item.pk, item.method, item.standard_cost, quantity, value, last_cost, epoch, kept)
