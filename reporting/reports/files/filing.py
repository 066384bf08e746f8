"""Sheets as CSV and XLSX: exact figures, real dates, and no text that a spreadsheet would run as a formula."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from reporting.reports.defining import Column, Row, Sheet

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"  # without it spreadsheets read UTF-8 as something else
NAME_LIMIT = 31  # of a worksheet


def csv_file(sheet: Sheet) -> bytes:
    """One header line and one line a row; amounts as 1234.56 whatever the locale."""
    out = StringIO()
    writer = csv.writer(out)
    columns = [(i, c) for i, c in enumerate(sheet.columns) if c.kind != "bar"]
    writer.writerow([_harmless(c.label or sheet.currency or _("Line")) for _i, c in columns])
    for row in sheet.rows:
        writer.writerow([_csv_cell(row.cells[i] if i < len(row.cells) else None) for i, _c in columns])
    return (BOM + out.getvalue()).encode()


def _csv_cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return format(value, "f")
        case date() | datetime():
            return value.isoformat()
        case int():
            return str(value)
    return _harmless(str(value))


def _harmless(words: str) -> str:
    """An apostrophe before what a spreadsheet would take for a formula; importers take it away again."""
    return f"'{words}" if words.startswith(STARTS_A_FORMULA) else words


def xlsx_file(sheets: Sequence[Sheet], about: Sequence[tuple[str, str]], *, made_at: datetime) -> bytes:
    """A workbook with a worksheet for each sheet and one that says how it was made.

    Two workbooks of the same sheets and the same `made_at` are equal byte for byte.
    """
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"created": made_at.replace(tzinfo=None), "title": sheets[0].title})
    names: set[str] = set()
    for sheet in sheets:
        _write_sheet(book, sheet, _free_name(sheet.title, names))
    _write_about(book, about, _free_name(_("About"), names))
    book.close()
    return out.getvalue()


def _free_name(title: str, taken: set[str]) -> str:
    clean = "".join("-" if char in "[]:*?/\\'" else char for char in title)[:NAME_LIMIT].strip()
    name, number = clean, 2
    while name.lower() in taken:
        tail = f" {number}"
        name, number = clean[: NAME_LIMIT - len(tail)] + tail, number + 1
    taken.add(name.lower())
    return name


def _write_sheet(book: Any, sheet: Sheet, name: str) -> None:
    page = book.add_worksheet(name)
    page.outline_settings(symbols_below=False)
    page.write_string(0, 0, sheet.title, book.add_format({"bold": True, "font_size": 14}))
    page.write_string(1, 0, " · ".join(words for words in (sheet.subtitle, sheet.scope, sheet.currency) if words))
    columns = [(i, c) for i, c in enumerate(sheet.columns) if c.kind != "bar"]
    head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"}
    for at, (_index, column) in enumerate(columns):
        style = book.add_format({**head, "align": "right" if column.is_figure else "left"})
        page.write_string(3, at, column.label or sheet.currency, style)
        page.set_column(at, at, _width(sheet.rows, _index, column))
    page.freeze_panes(4, 1)
    styles: dict[tuple[str, str, int], Any] = {}
    for line, row in enumerate(sheet.rows, start=4):
        if row.level and row.kind != "total":
            page.set_row(line, None, None, {"level": min(row.level, 7)})
        for at, (index, column) in enumerate(columns):
            value = row.cells[index] if index < len(row.cells) else None
            indent = row.level if at == 0 else 0
            key = (column.kind, row.kind, indent)
            style = styles.setdefault(key, book.add_format(_style(column, row, indent)))
            _write_cell(page, line, at, value, style)


def _width(rows: Iterable[Row], index: int, column: Column) -> int:
    if column.is_figure or column.kind == "date":
        return 16
    longest = max((len(str(row.cells[index])) for row in rows if index < len(row.cells)), default=10)
    return min(max(longest + 2, 12), 60)


def _style(column: Column, row: Row, indent: int) -> dict[str, Any]:
    formats = {"figure": "#,##0.00;(#,##0.00)", "variance": "#,##0.00;[Red](#,##0.00)", "percent": "0.0;[Red](0.0)"}
    style: dict[str, Any] = {"indent": indent} if indent else {}
    if column.kind in formats:
        style["num_format"] = formats[column.kind]
    if column.kind == "date":
        style["num_format"] = "d mmm yyyy"
    if row.kind == "percent":
        style["num_format"] = '0.0"%";(0.0"%")'
    if row.kind in {"sum", "total", "head"}:
        style["bold"] = True
    if row.kind == "total":
        style["top"] = 1
    return style


def _write_cell(page: Any, line: int, at: int, value: Any, style: Any) -> None:
    match value:
        case None | "":
            page.write_blank(line, at, None, style)
        case Decimal() | int():
            page.write_number(line, at, value, style)
        case datetime():
            page.write_datetime(line, at, value.replace(tzinfo=None), style)
        case date():
            page.write_datetime(line, at, datetime(value.year, value.month, value.day), style)  # noqa: DTZ001
        case _:
            page.write_string(line, at, str(value), style)


def _write_about(book: Any, about: Sequence[tuple[str, str]], name: str) -> None:
    page = book.add_worksheet(name)
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 70)
    bold = book.add_format({"bold": True})
    for line, (label, words) in enumerate(about):
        page.write_string(line, 0, label, bold)
        page.write_string(line, 1, words)
