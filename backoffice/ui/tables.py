"""Tables: columns declared once for screen, files and reports; rows written by plain Python.

A Django template loop costs four times as much for a page of 50 rows (measured), so cells are
made from `values_list` by the columns themselves.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.safestring import SafeString

from backoffice.ui.columns import (
    Badge,
    Choice,
    Column,
    Date,
    Due,
    Exact,
    Figure,
    Link,
    Moment,
    Money,
    NumberLink,
    Person,
    Priced,
    Text,
    YesNo,
    amount_markup,
)
from backoffice.ui.html import icon_markup, joined, text

__all__ = [
    "Badge",
    "Choice",
    "Column",
    "Date",
    "Due",
    "Exact",
    "Figure",
    "Link",
    "Moment",
    "Money",
    "NumberLink",
    "Person",
    "Priced",
    "Sums",
    "Table",
    "Text",
    "YesNo",
]


@dataclass
class Sums:
    """What a set of rows adds up to: rows, and for each totalled column the sum by currency ("" without one)."""

    rows: int = 0
    totals: dict[str, dict[str, Decimal]] = field(default_factory=dict)


class Table:
    """Declare columns as class attributes; the first `Link` heads the row.

    `url` names the page of a row (default `app:model`); `order` is the default order, always with
    a unique last part; `keyset` pages by that order instead of by number; `prepare` may annotate.
    """

    columns: ClassVar[list[Column]] = []
    url: ClassVar[str] = ""
    order: ClassVar[tuple[str, ...]] = ("-pk",)
    keyset: ClassVar[bool] = False
    one: str = ""
    many: str = ""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        inherited = {c.name: c for c in cls.columns}
        own = {name: value for name, value in vars(cls).items() if isinstance(value, Column)}
        for name, column in own.items():
            column.name = name
        cls.columns = list({**inherited, **own}.values())

    def __init__(self, model: Any, *, without: Iterable[str] = ()) -> None:
        self.model = model
        left_out = set(without)
        self.shown: list[Any] = [copy(column) for column in self.columns if column.name not in left_out]
        for column in self.shown:
            column.bind(column.name, model)
        self.has_state = any(f.name == "state" for f in model._meta.concrete_fields)
        self.paths = ["pk", *(["state"] if self.has_state else []), *(p for c in self.shown for p in c.paths)]
        self.one = self.one or str(model._meta.verbose_name)
        self.many = self.many or str(model._meta.verbose_name_plural)

    # --- Reading

    def prepare(self, rows: Any, user: Any) -> Any:
        """Annotate what the columns need."""
        return rows

    def read(self, rows: Any) -> list[tuple[Any, ...]]:
        """The values of all columns: of a queryset in one query, of rows that are read already without one."""
        if isinstance(rows, list):
            return [tuple(_along(row, path) for path in self.paths) for row in rows]
        return list(rows.values_list(*self.paths))

    def cut(self, values: Sequence[Any]) -> Iterator[tuple[Column, Sequence[Any]]]:
        """Each column with its own values of one row."""
        at = 2 if self.has_state else 1
        for column in self.shown:
            end = at + len(column.paths)
            yield column, values[at:end]
            at = end

    def sortable(self) -> dict[str, str]:
        """The orders that an address may ask for: name and path."""
        return {column.name: column.sort for column in self.shown if column.sort}

    # --- Screen

    def rows_html(self, read: Sequence[Sequence[Any]], *, select: bool = False) -> SafeString:
        """The rows of a page as markup."""
        pattern = self._address()
        spans, at = [], 2 if self.has_state else 1
        for column in self.shown:
            spans.append((column, at, at + len(column.paths), isinstance(column, Link) and bool(pattern)))
            at += len(column.paths)
        sum_at = next((a for c, a, _e, _l in spans if c.total and not isinstance(c, Money)), None)
        pieces: list[str] = []
        for values in read:
            pieces.append('<tr class="row">')
            if select:
                pieces.append(self._box(values, spans[0], sum_at))
            for at, (column, start, end, is_link) in enumerate(spans):
                own = values[start:end]
                if is_link:
                    pieces.append(column.link(pattern.replace("/0/", f"/{values[0]}/", 1), own))
                else:
                    pieces.append(column.cell(own) if at else column.heading(own))
            pieces.append("</tr>")
        return joined(pieces)

    def _box(self, values: Sequence[Any], first: tuple[Column, int, int, bool], sum_at: int | None) -> str:
        column, start, end, is_link = first
        words = column.words(values[start:end]) if is_link else str(values[0])  # type: ignore[attr-defined]
        state = f' data-state="{text(values[1])}"' if self.has_state else ""
        worth = f' data-n="{values[sum_at]}"' if sum_at is not None and values[sum_at] is not None else ""
        return (
            f'<td class="sel"><input class="check" type="checkbox" name="ids" form="bulk" value="{values[0]}"{state}{worth} '
            f'aria-label="Select {text(self.one)} {text(words)}"></td>'
        )

    def _address(self) -> str:
        name = self.url or f"{self.model._meta.app_label}:{self.model._meta.model_name}"
        try:
            return reverse(name, args=[0])
        except Exception:  # noqa: BLE001  (a model without a page of its own has rows without links)
            return ""

    def head_html(self, sort: str, base: str, *, select: bool = False, n: int = 0) -> SafeString:
        """The heading row; `base` is the address without its sort, ending in ? or &."""
        pieces = ["<thead><tr>"]
        if select:
            words = f"Select the {n} {text(self.many)} on this page"
            pieces.append(
                f'<th scope="col" class="sel"><input class="check" type="checkbox" data-act="pick-all" aria-label="{words}"></th>'
            )
        for column in self.shown:
            kind = ' class="num"' if column.numeric else ""
            words = text(column.label)
            if column.sort:
                down = sort == f"-{column.name}"
                mark = icon_markup("arrow-down" if down else "arrow-up", "s") if sort.lstrip("-") == column.name else ""
                state = f' aria-sort="{"descending" if down else "ascending"}"' if mark else ""
                target = f"{base}sort={'' if down or not mark else '-'}{column.name}"
                pieces.append(f'<th scope="col"{kind}{state}><a href="{text(target)}">{words}{mark}</a></th>')
            else:
                pieces.append(f'<th scope="col"{kind}>{words}</th>')
        return joined([*pieces, "</tr></thead>"])

    # --- Sums

    def totalled(self) -> list[Column]:
        """The columns that add up."""
        return [column for column in self.shown if column.total]

    def page_sums(self, read: Sequence[Sequence[Any]]) -> Sums:
        """What the rows of one page add up to."""
        sums = Sums(len(read), {column.name: {} for column in self.totalled()})
        for values in read:
            for column, own in self.cut(values):
                if column.total and own[0] is not None:
                    by = sums.totals[column.name]
                    currency = own[1] if isinstance(column, Money) else ""
                    by[currency] = by.get(currency, Decimal(0)) + own[0]
        return sums

    def all_sums(self, rows: Any) -> Sums:
        """What all found rows add up to, one query grouped by currency."""
        columns = self.totalled()
        currency = next((c.currency for c in columns if isinstance(c, Money)), None)
        asked = {f"_sum_{c.name}": Sum(c.path) for c in columns}
        rows = rows.order_by()
        groups = (
            rows.values(currency).annotate(_n=Count("pk"), **asked)
            if currency
            else [rows.aggregate(_n=Count("pk"), **asked)]
        )
        sums = Sums(0, {column.name: {} for column in columns})
        for group in groups:
            sums.rows += group["_n"]
            for column in columns:
                key = group[currency] if currency and isinstance(column, Money) else ""
                by, value = sums.totals[column.name], group[f"_sum_{column.name}"]
                if value is not None:
                    by[key] = by.get(key, Decimal(0)) + value
        return sums

    def sum_row(self, words: str, sums: Sums, *, select: bool = False) -> SafeString:
        """One row of the table's foot."""
        first = max(next((i for i, column in enumerate(self.shown) if column.total), len(self.shown)), 1)
        # Several currencies in one cell would widen the column: they get room from the words before them.
        lent = min(4, first - 1) if any(len(by) > 1 for by in sums.totals.values()) else 0
        pieces = [
            "<tr>",
            '<td class="sel"></td>' if select else "",
            f'<th scope="row" colspan="{first - lent}">{text(words)}</th>',
        ]
        for at, column in enumerate(self.shown[first:]):
            by = sums.totals.get(column.name, {})
            inner = "&ensp; ".join(_total(c, v, column) for c, v in sorted(by.items()))
            wide = f' colspan="{lent + 1}"' if lent and not at else ""
            pieces.append(f'<td class="num{"" if len(by) == 1 else " hide"}"{wide}>{inner}</td>')
        return joined([*pieces, "</tr>"])

    # --- Files and reports

    def headings(self) -> list[str]:
        """The headings of a file."""
        return [heading for column in self.shown if column.file for heading in column.headings()]

    def records(self, rows: Any) -> Iterator[list[Any]]:
        """The rows of a file as Python values, read in portions."""
        for values in rows.values_list(*self.paths).iterator(chunk_size=2000):
            yield [value for column, own in self.cut(values) if column.file for value in column.file_values(own)]


def _total(currency: str, value: Decimal, column: Column) -> str:
    mark = f'<span class="ccy">{text(currency)}</span>' if currency else ""
    return mark + amount_markup(value, getattr(column, "digits", 2))


def _along(row: Any, path: str) -> Any:
    """Follow a look-up path on an instance; None where a relation on the way is empty."""
    for name in path.split("__"):
        row = getattr(row, name, None) if row is not None else None
    return row.pk if isinstance(row, models.Model) else row
