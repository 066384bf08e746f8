"""The one statement that writes moves: quantities, layers, what was taken, values, positions, what lies in bins."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from backoffice.core import hot
from backoffice.core.errors import Refused
from finance.ledger.models import Account
from inventory.stock.accounting import stock_account
from inventory.stock.holding import array
from inventory.stock.models import Bin

KEYS = "SELECT nextval('stock_stockmove_id_seq') FROM generate_series(1, %(count)s::int)"
# What lies in a bin: written in the order of items and bins by whoever holds the items' positions.
BINS = """
INSERT INTO stock_onhand AS o (company_id, item_id, bin_id, quantity)
SELECT %(company)s::bigint, item, bin, sum(quantity)
  FROM unnest(%(item)s::bigint[], %(bin)s::bigint[], %(quantity)s::numeric[]) AS x(item, bin, quantity)
 GROUP BY item, bin ORDER BY item, bin
ON CONFLICT (item_id, bin_id) DO UPDATE SET quantity = o.quantity + excluded.quantity
RETURNING item_id, bin_id, quantity
"""
MOVES = """
INSERT INTO stock_stockmove (id, company_id, item_id, bin_id, kind, quantity, moved_on, origin_type_id, origin_id,
                             origin_line, origin_name)
SELECT id, %(company)s::bigint, item, bin, kind, quantity, %(on)s::date, %(origin_type)s::int, %(origin)s::bigint,
       line, %(name)s::text
  FROM unnest(%(id)s::bigint[], %(item)s::bigint[], %(bin)s::bigint[], %(kind)s::text[], %(quantity)s::numeric[],
              %(line)s::bigint[]) AS x(id, item, bin, kind, quantity, line)
"""
# A layer has the id of the move that made it, so that its key is known before it is written.
VALUES = """
WITH layers AS (
    INSERT INTO stock_costlayer (company_id, item_id, move_id, received_on, received, remaining, remaining_value,
                                 epoch, kept)
    SELECT %(company)s::bigint, item, id, %(on)s::date, received, remaining, worth, epoch, kept
      FROM unnest(%(n_id)s::bigint[], %(n_item)s::bigint[], %(n_received)s::numeric[], %(n_remaining)s::numeric[],
                  %(n_worth)s::numeric[], %(n_epoch)s::int[], %(n_kept)s::float8[])
           AS x(id, item, received, remaining, worth, epoch, kept)
), used AS (
    UPDATE stock_costlayer AS k SET remaining = k.remaining - x.quantity, remaining_value = k.remaining_value - x.value
      FROM (SELECT layer, sum(quantity) AS quantity, sum(value) AS value
              FROM unnest(%(u_layer)s::bigint[], %(u_quantity)s::numeric[], %(u_value)s::numeric[])
                   AS u(layer, quantity, value) GROUP BY layer) AS x
     WHERE k.move_id = x.layer
), taken AS (
    INSERT INTO stock_issuecost (company_id, item_id, move_id, layer_id, quantity, value, account_id, cost_centre_id,
                                 epoch, kept_before, share)
    SELECT %(company)s::bigint, item, move, layer, quantity, value, account, centre, epoch, kept, share
      FROM unnest(%(t_item)s::bigint[], %(t_move)s::bigint[], %(t_layer)s::bigint[], %(t_quantity)s::numeric[],
                  %(t_value)s::numeric[], %(t_account)s::bigint[], %(t_centre)s::bigint[], %(t_epoch)s::int[],
                  %(t_kept)s::float8[], %(t_share)s::float8[])
           AS x(item, move, layer, quantity, value, account, centre, epoch, kept, share)
), costs AS (
    INSERT INTO stock_costentry (company_id, item_id, move_id, layer_id, kind, quantity, amount, cost_on, account_id,
                                 entry_id, place)
    SELECT %(company)s::bigint, item, move, NULL, 'move', quantity, amount, %(on)s::date, account, %(entry)s::bigint,
           place
      FROM unnest(%(c_item)s::bigint[], %(c_move)s::bigint[], %(c_quantity)s::numeric[], %(c_amount)s::numeric[],
                  %(c_account)s::bigint[], %(c_place)s::int[]) AS x(item, move, quantity, amount, account, place)
)
UPDATE stock_position SET quantity = x.quantity, value = x.value, last_cost = x.last_cost, epoch = x.epoch, kept = x.kept
  FROM unnest(%(p_item)s::bigint[], %(p_quantity)s::numeric[], %(p_value)s::numeric[], %(p_last)s::numeric[],
              %(p_epoch)s::int[], %(p_kept)s::float8[]) AS x(item, quantity, value, last_cost, epoch, kept)
 WHERE stock_position.item_id = x.item
"""


class Written(NamedTuple):
    """Whose moves these are, and where their values stand in the ledger."""

    company: int
    on: date
    origin_type: int
    origin: int
    name: str
    entry: int
    first_place: int

    @property
    def head(self) -> dict[str, Any]:
        return {
            "company": self.company,
            "on": self.on,
            "origin_type": self.origin_type,
            "origin": self.origin,
            "name": self.name[:60],
        }


def keys(count: int) -> list[int]:
    """Ids for the moves to come; the key of a layer is its move."""
    return [row[0] for row in hot.fetch(KEYS, {"count": count})]


def write(
    written: Written, movements: Sequence[Any], moved: Any, ids: Sequence[int], accounts: dict[str, Account]
) -> None:
    """Write everything that valued moves say. Raises `Refused` when a bin would fall below nought."""
    _bins(written.company, [(m.item, m.bin, m.quantity) for m in movements])
    hot.fetch(MOVES, {**written.head, **_moves(ids, movements)})
    hot.fetch(VALUES, {**written.head, "entry": written.entry, **_values(written, movements, moved, ids, accounts)})


def carry(written: Written, movements: Sequence[tuple[Any, Bin, Decimal]], kind: str) -> None:
    """Write moves that have no value."""
    _bins(written.company, movements)
    ids = keys(len(movements))
    columns = {
        "id": array(ids),
        "item": array(item.pk for item, _b, _q in movements),
        "bin": array(place.pk for _i, place, _q in movements),
        "kind": [kind] * len(movements),
        "quantity": array(quantity for _i, _b, quantity in movements),
        "line": array(None for _m in movements),
    }
    hot.fetch(MOVES, {**written.head, **columns})


def _bins(company: int, movements: Sequence[tuple[Any, Bin, Decimal]]) -> None:
    given = {
        "company": company,
        "item": array(item.pk for item, _b, _q in movements),
        "bin": array(place.pk for _i, place, _q in movements),
        "quantity": array(quantity for _i, _b, quantity in movements),
    }
    for item_id, bin_id, quantity in hot.fetch(BINS, given):
        if quantity < 0:
            item, place, moved = next(m for m in movements if m[0].pk == item_id and m[1].pk == bin_id)
            if not place.warehouse.allows_negative:
                raise Refused(
                    _("%(bin)s holds only %(quantity)s of %(item)s.")
                    % {"bin": place, "quantity": f"{(quantity - moved).normalize():f}", "item": item},
                    code="short",
                    details={"item": item_id, "bin": bin_id},
                )


def _moves(ids: Sequence[int], movements: Sequence[Any]) -> dict[str, Any]:
    return {
        "id": array(ids),
        "item": array(m.item.pk for m in movements),
        "bin": array(m.bin.pk for m in movements),
        "kind": [str(m.kind) for m in movements],
        "quantity": array(m.quantity for m in movements),
        "line": array(m.line for m in movements),
    }


def _values(
    written: Written, movements: Sequence[Any], moved: Any, ids: Sequence[int], accounts: dict[str, Account]
) -> dict[str, Any]:
    layers = [(v.layer, m) for v, m in zip(moved.valued, movements, strict=True) if v.layer is not None]
    new = {layer.key for layer, _m in layers}
    takes = [(t, m, i) for v, m, i in zip(moved.valued, movements, ids, strict=True) for t in v.takes]
    used = [t for t, _m, _i in takes if t.layer is not None and t.layer not in new]
    costs = [
        (m, i, v.amount, stock_account(m.item, accounts).pk, written.first_place - 1 + place)
        for v, m, i, place in zip(moved.valued, movements, ids, moved.places, strict=True)
        if place
    ]
    states = [state for _item, state in sorted(moved.states.items())]
    return {
        "n_id": array(layer.key for layer, _m in layers),
        "n_item": array(m.item.pk for _l, m in layers),
        "n_received": array(layer.received for layer, _m in layers),
        "n_remaining": array(layer.remaining for layer, _m in layers),
        "n_worth": array(layer.worth for layer, _m in layers),
        "n_epoch": array(layer.epoch for layer, _m in layers),
        "n_kept": array(layer.kept for layer, _m in layers),
        "u_layer": array(t.layer for t in used),
        "u_quantity": array(t.quantity for t in used),
        "u_value": array(t.value for t in used),
        "t_item": array(m.item.pk for _t, m, _i in takes),
        "t_move": array(i for _t, _m, i in takes),
        "t_layer": array(t.layer for t, _m, _i in takes),
        "t_quantity": array(t.quantity for t, _m, _i in takes),
        "t_value": array(t.value for t, _m, _i in takes),
        "t_account": array(m.account.pk for _t, m, _i in takes),
        "t_centre": array(m.cost_centre.pk if m.cost_centre else None for _t, m, _i in takes),
        "t_epoch": array(t.epoch for t, _m, _i in takes),
        "t_kept": array(t.kept_before for t, _m, _i in takes),
        "t_share": array(t.share for t, _m, _i in takes),
        "c_item": array(m.item.pk for m, *_rest in costs),
        "c_move": array(i for _m, i, *_rest in costs),
        "c_quantity": array(m.quantity for m, *_rest in costs),
        "c_amount": array(amount for _m, _i, amount, _a, _p in costs),
        "c_account": array(account for *_rest, account, _p in costs),
        "c_place": array(place for *_rest, place in costs),
        "p_item": array(s.item for s in states),
        "p_quantity": array(s.quantity for s in states),
        "p_value": array(s.value for s in states),
        "p_last": array(s.last_cost for s in states),
        "p_epoch": array(s.epoch for s in states),
        "p_kept": array(s.kept for s in states),
    }
