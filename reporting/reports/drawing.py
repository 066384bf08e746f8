"""Sheets as rows of HTML, for screen and paper; written by plain Python, as long tables are many cells."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backoffice.ui.charts import nice_ticks, short
from backoffice.ui.html import icon_markup, joined, text
from reporting.reports.defining import Chart, Column, Percent, Row, Sheet

SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}
ROW_CLASS = {"sum": "sum", "total": "tot", "group": "grp", "percent": "sec", "head": "sum"}
BAR_FULL = Decimal(25)  # percent better or worse that fill the little bar


def figure(value: Any, digits: int = 2) -> str:
    """An amount as statements print it: 1,234 and (1,234); nothing for None."""
    if value is None or value == "":
        return ""
    amount = Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"({-amount:,f})" if amount < 0 else f"{abs(amount):,f}"


def money(value: Decimal, currency: str, digits: int = 0) -> str:
    """An amount with its sign, for key figures and sentences: £612,480, −£1,200."""
    amount = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    sign = "−" if amount < 0 else ""
    return f"{sign}{SIGNS.get(currency, currency + ' ')}{abs(amount):,f}"


def cell_text(value: Any, column: Column, digits: int) -> str:
    """A cell in words, without markup."""
    if value is None or value == "":
        return ""
    if isinstance(value, Percent):
        return figure(value, 1) if column.kind == "variance" else f"{figure(value, 1)}%"
    match column.kind:
        case "figure" | "variance":
            return figure(value, digits) if isinstance(value, Decimal | int) else str(value)
        case "percent":
            return figure(value, 1)
        case "number":
            return f"{value:,}"
    if isinstance(value, date):
        return date_format(value, "j M Y")
    return str(value)


def screen_table(sheet: Sheet, label: str) -> str:
    """The table of the screen: folding groups, figures that open what is behind them."""
    return joined(
        ['<table class="tbl rep">', _head(sheet, screen=True), "<tbody>", *_screen_rows(sheet), "</tbody></table>"]
    )


def print_table(sheet: Sheet, rows: Iterable[Row]) -> str:
    """The table of the paper, for a part of the rows; column heads repeat on each page."""
    wide = " wide" if sum(column.kind != "bar" for column in sheet.columns) > 6 else ""
    return joined(
        [
            f'<table class="rep{wide}">',
            _head(sheet, screen=False),
            "<tbody>",
            *_print_rows(sheet, rows),
            "</tbody></table>",
        ]
    )


def _head(sheet: Sheet, *, screen: bool) -> str:
    cells = []
    for index, column in enumerate(sheet.columns):
        if column.kind == "bar":
            cells.append('<th scope="col"><span class="sr">' + text(column.label) + "</span></th>" if screen else "")
            continue
        words = column.label or (sheet.currency if index == 0 and not screen else "")
        kinds = [name for name, is_so in (("num", column.is_figure), ("nw", len(words) < 9)) if is_so]
        kind = f' class="{" ".join(kinds)}"' if kinds else ""
        shown = text(words) or f'<span class="sr">{_("Line")}</span>'
        cells.append(f'<th scope="col"{kind}>{shown}</th>')
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def _screen_rows(sheet: Sheet) -> Iterable[str]:
    shut_at: int | None = None
    for row in sheet.rows:
        if shut_at is not None and row.level <= shut_at:
            shut_at = None
        hidden = " hidden" if shut_at is not None else ""
        kind = row_class(row)
        mark = f' class="{kind}"' if kind else ""
        cells = [_screen_cell(sheet, row, i, c) for i, c in enumerate(sheet.columns)]
        yield f'<tr{mark} data-level="{row.level}"{hidden}>{"".join(cells)}</tr>'
        if row.is_open is False and shut_at is None:
            shut_at = row.level


def _screen_cell(sheet: Sheet, row: Row, index: int, column: Column) -> str:
    value = row.cells[index] if index < len(row.cells) else None
    if column.kind == "bar":
        return f"<td>{bar(value)}</td>"
    words = text(cell_text(value, column, sheet.digits))
    if words and (href := row.links.get(column.key)):
        words = f'<a href="{text(href)}">{words}</a>'
    if index == 0:
        if row.is_open is None:
            return f'<th scope="row">{words}</th>'
        opened = "true" if row.is_open else "false"
        return (
            f'<th scope="row"><button class="tw" type="button" data-act="fold" aria-expanded="{opened}">'
            f"{icon_markup('chevron-down', 's')}{words}</button></th>"
        )
    return f"<td{_cell_class(value, column)}>{words}</td>"


def _print_rows(sheet: Sheet, rows: Iterable[Row]) -> Iterable[str]:
    shown = [(i, c) for i, c in enumerate(sheet.columns) if c.kind != "bar"]
    for row in rows:
        kind = row_class(row).replace("grp", "lv1")
        mark = f' class="{kind}"' if kind else ""
        cells = []
        for index, column in shown:
            value = row.cells[index] if index < len(row.cells) else None
            words = text(cell_text(value, column, sheet.digits))
            if index == 0:
                cells.append(f"<th>{words}</th>")
            else:
                cells.append(f"<td{_cell_class(value, column)}>{words}</td>")
        yield f"<tr{mark}>{''.join(cells)}</tr>"


def row_class(row: Row) -> str:
    """The class that gives a row its weight and depth."""
    if row.kind == "line" or (row.kind == "group" and row.level > 1):
        return f"lv{min(row.level, 2)}" if row.level else ""
    return ROW_CLASS[row.kind]


def _cell_class(value: Any, column: Column) -> str:
    kinds = ["num"] if column.is_figure else ["nw"] if column.kind == "date" else []
    if column.quiet:
        kinds.append("sec")
    if column.is_figure and isinstance(value, Decimal | int) and value < 0 and column.kind in {"variance", "percent"}:
        kinds.append("neg")
    return f' class="{" ".join(kinds)}"' if kinds else ""


def bar(percent: Any) -> str:
    """A little bar to the right for better, to the left for worse."""
    if percent is None or not percent:
        return ""
    size = min(abs(Decimal(percent)), BAR_FULL) / BAR_FULL * 32
    width = max(size, Decimal("1.5")).quantize(Decimal("0.1"))
    x, tone = (Decimal(36), "fgood") if percent > 0 else (Decimal(36) - width, "fbad")
    return (
        '<svg class="vbar" viewBox="0 0 72 12" aria-hidden="true"><path class="ax0" d="M36 0v12"/>'
        f'<rect class="{tone}" x="{x}" y="2.5" width="{width}" height="7" rx="1"/></svg>'
    )


def print_bars(chart: Chart) -> str:
    """Bars for paper, the last one dark; colours are attributes, as the page's style does not reach into an SVG."""
    values = [float(value) for value in chart.values]
    ticks = nice_ticks(min(0.0, *values), max(0.0, *values), wanted=3)
    low, high = ticks[0], ticks[-1]

    def y(value: float) -> float:
        return round(92 - (value - low) / (high - low) * 80, 1)

    grey = 'font-family="Inter" font-size="8" fill="#65666d"'
    pieces = [
        f'<svg class="bars" viewBox="0 0 504 108" width="178mm" height="38mm" role="img"><title>{text(chart.title)}</title>'
    ]
    for tick in ticks:
        paint = 'stroke="#1b1c1f"' if tick == 0 else 'stroke="#e7e4de"'
        pieces.append(f'<path d="M30 {y(tick)}H504" {paint} stroke-width="0.5"/>')
        pieces.append(f'<text x="26" y="{y(tick) + 2.5}" text-anchor="end" {grey}>{short(tick)}</text>')
    step = 474 / max(len(values), 1)
    for i, (label, value) in enumerate(zip(chart.labels, values, strict=True)):
        top, base = y(max(value, 0)), y(min(value, 0))
        fill = "#0b5d78" if i == len(values) - 1 else "#8fb7c4"
        x = round(30 + (i + 0.5) * step, 1)
        pieces.append(f'<rect x="{x - 9:.1f}" y="{top}" width="18" height="{base - top:.1f}" fill="{fill}"/>')
        pieces.append(f'<text x="{x}" y="104" text-anchor="middle" {grey}>{text(label)}</text>')
    return joined([*pieces, "</svg>"])
