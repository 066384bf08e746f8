"""What `manage.py verify` proves of stock, each by one statement over all rows."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from backoffice.core.verifying import Finding, verification


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


@verification("stock_value_equals_ledger", "Cost entries equal the stock accounts")
def stock_value_equals_ledger() -> Iterator[Finding]:
    """By stock account: what the entries of cost explain is what the ledger holds."""
    statement = """
        SELECT a.code, coalesce(c.amount, 0), coalesce(b.balance, 0)
          FROM ledger_account a
          LEFT JOIN (SELECT account_id, sum(amount) AS amount FROM stock_costentry GROUP BY 1) c ON c.account_id = a.id
          LEFT JOIN (SELECT account_id, sum(debit - credit) AS balance FROM ledger_balance GROUP BY 1) b
               ON b.account_id = a.id
         WHERE (a.role = 'stock' OR c.amount IS NOT NULL) AND coalesce(c.amount, 0) <> coalesce(b.balance, 0)
         ORDER BY a.code
    """
    for code, explained, balance in _rows(statement):
        yield Finding(code, f"entries of cost {explained:f}, account {balance:f}")


@verification("cost_entries_are_ledger_lines", "Every entry of cost is a line of the ledger")
def cost_entries_are_ledger_lines() -> Iterator[Finding]:
    """Same entry and place, same account, same amount."""
    statement = """
        SELECT c.id, c.amount, l.debit - l.credit
          FROM stock_costentry c LEFT JOIN ledger_journalline l ON l.entry_id = c.entry_id AND l.place = c.place
         WHERE l.id IS NULL OR l.account_id <> c.account_id OR l.debit - l.credit <> c.amount ORDER BY c.id
    """
    for key, amount, line in _rows(statement):
        yield Finding(f"cost entry {key}", f"amount {amount:f}, ledger line {line}")


@verification("positions_equal_moves", "What is held equals moves and entries of cost")
def positions_equal_moves() -> Iterator[Finding]:
    """By item: quantity and value, recomputed; nothing held is worth nothing."""
    statement = """
        SELECT i.code, p.quantity, coalesce(m.quantity, 0), p.value, coalesce(c.amount, 0)
          FROM stock_position p JOIN catalogue_item i ON i.id = p.item_id
          LEFT JOIN (SELECT item_id, sum(quantity) AS quantity FROM stock_stockmove GROUP BY 1) m ON m.item_id = p.item_id
          LEFT JOIN (SELECT item_id, sum(amount) AS amount FROM stock_costentry GROUP BY 1) c ON c.item_id = p.item_id
         WHERE p.quantity <> coalesce(m.quantity, 0) OR p.value <> coalesce(c.amount, 0)
            OR (p.quantity = 0 AND p.value <> 0) ORDER BY i.code
    """
    for code, quantity, moved, value, explained in _rows(statement):
        yield Finding(code, f"held {quantity:f} worth {value:f}, moves {moved:f} worth {explained:f}")


@verification("bins_equal_moves", "What lies in bins equals moves")
def bins_equal_moves() -> Iterator[Finding]:
    """By item and bin, recomputed."""
    statement = """
        SELECT i.code, o.bin_id, o.quantity, coalesce(m.quantity, 0)
          FROM stock_onhand o JOIN catalogue_item i ON i.id = o.item_id
          LEFT JOIN (SELECT item_id, bin_id, sum(quantity) AS quantity FROM stock_stockmove GROUP BY 1, 2) m
               ON m.item_id = o.item_id AND m.bin_id = o.bin_id
         WHERE o.quantity <> coalesce(m.quantity, 0) ORDER BY i.code
    """
    for code, place, quantity, moved in _rows(statement):
        yield Finding(code, f"bin {place} holds {quantity:f}, moves say {moved:f}")


@verification("layers_equal_positions", "Layers equal what is held, first in, first out")
def layers_equal_positions() -> Iterator[Finding]:
    """By item of that method without a deficit: what is left in layers, in quantity and worth."""
    statement = """
        SELECT i.code, p.quantity, coalesce(l.remaining, 0), p.value, coalesce(l.worth, 0)
          FROM stock_position p JOIN catalogue_item i ON i.id = p.item_id JOIN catalogue_category k ON k.id = i.category_id
          LEFT JOIN (SELECT item_id, sum(remaining) AS remaining, sum(remaining_value) AS worth
                       FROM stock_costlayer WHERE remaining > 0 GROUP BY 1) l ON l.item_id = p.item_id
         WHERE k.cost_method = 'fifo' AND p.quantity >= 0
           AND (p.quantity <> coalesce(l.remaining, 0) OR p.value <> coalesce(l.worth, 0)) ORDER BY i.code
    """
    for code, quantity, left, value, worth in _rows(statement):
        yield Finding(code, f"held {quantity:f} worth {value:f}, layers {left:f} worth {worth:f}")
