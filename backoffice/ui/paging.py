"""Pages of a list without counting: one row more is read than shown, so "next" is known."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

MOST_PAGES = 2000


@dataclass(frozen=True)
class Page:
    """The rows of one page and how to reach its neighbours ("" when there is none)."""

    rows: Sequence[Sequence[Any]]
    number: int
    size: int
    previous: str
    following: str

    @property
    def first_row(self) -> int:
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last_row(self) -> int:
        return (self.number - 1) * self.size + len(self.rows)


def by_number(table: Any, rows: Any, wanted: str, size: int) -> Page:
    """Page `wanted` (a number as text; nonsense is page 1)."""
    number = min(max(int(wanted), 1), MOST_PAGES) if wanted.isdigit() else 1
    start = (number - 1) * size
    read = table.read(rows[start : start + size + 1])
    previous = f"page={number - 1}" if number > 1 else ""
    return Page(read[:size], number, size, previous, f"page={number + 1}" if len(read) > size else "")


def by_key(table: Any, rows: Any, after: str, number: str, size: int) -> Page:
    """The page after a key: the same speed at the millionth row as at the first.

    All parts of the table's order must hold a value and go the same way.
    """
    order = table.order
    at = int(number) if number.isdigit() else 1
    if after and (key := _opened(after, len(order))):
        rows = rows.filter(_beyond(order, key))
    read = list(rows.values_list(*table.paths, *(part.lstrip("-") for part in order))[: size + 1])
    following = ""
    if len(read) > size:
        last = read[size - 1][len(table.paths) :]
        following = f"after={_closed(last)}&page={at + 1}"
    width = len(table.paths)
    return Page([row[:width] for row in read[:size]], at, size, "page=1" if after else "", following)


def _beyond(order: Sequence[str], key: Sequence[Any]) -> Q:
    found, same = Q(), Q()
    for part, value in zip(order, key, strict=True):
        name, way = part.lstrip("-"), "lt" if part.startswith("-") else "gt"
        found |= same & Q(**{f"{name}__{way}": value})
        same &= Q(**{name: value})
    # The first part alone lets the index start at the right place.
    first = order[0]
    return Q(**{f"{first.lstrip('-')}__{'lte' if first.startswith('-') else 'gte'}": key[0]}) & found


def _closed(values: Sequence[Any]) -> str:
    plain = [v.isoformat() if isinstance(v, date | datetime) else v for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain, default=str).encode()).decode().rstrip("=")


def _opened(text: str, parts: int) -> list[Any] | None:
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return None
    return values if isinstance(values, list) and len(values) == parts else None
