"""Files of a table: CSV and XLSX with the same rows and rights as the screen.

A text that a spreadsheet would run as a formula is written so that it stays a text.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: Any) -> Any:
    """A value as CSV may hold it; the apostrophe keeps a spreadsheet from running a text."""
    if value is None:
        return ""
    if isinstance(value, Decimal | int | float):
        return format(value, "f") if isinstance(value, Decimal) else value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    words = str(value)
    return f"'{words}" if words.startswith(DANGEROUS) else words


class _Echo:
    def write(self, text: str) -> str:
        return text


def csv_lines(headings: Sequence[str], records: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file line by line, with a mark that lets spreadsheets read UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow([harmless(heading) for heading in headings])
    for record in records:
        yield writer.writerow([harmless(value) for value in record])


def xlsx_bytes(title: str, headings: Sequence[str], records: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of one sheet with a fixed heading row and typed cells; no text becomes a formula or a link."""
    from xlsxwriter import Workbook

    out = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    book = Workbook(out, options)
    sheet = book.add_worksheet(_sheet_name(title))
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    day, moment = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, str(heading), bold)
    for row, record in enumerate(records, 1):
        for column, value in enumerate(record):
            match value:
                case None | "":
                    continue
                case bool():
                    sheet.write_boolean(row, column, value)
                case Decimal():
                    sheet.write_number(row, column, value, money)  # the file format itself holds binary numbers
                case int() | float():
                    sheet.write_number(row, column, value)
                case datetime():
                    sheet.write_datetime(row, column, value, moment)
                case date():
                    sheet.write_datetime(row, column, value, day)
                case _:
                    sheet.write_string(row, column, str(value))
    book.close()
    return out.getvalue()


def _sheet_name(title: str) -> str:
    return "".join(c for c in title if c not in "[]:*?/\\'")[:31] or "Rows"
