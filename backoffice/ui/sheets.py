"""Reading the file that somebody brings in, CSV or workbook, as rows of texts."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from backoffice.core.errors import Refused

MOST = 5_000  # rows of one file


class Row(dict[str, str]):
    """One row as texts by heading; `line` is its number in the file, as a spreadsheet shows it."""

    def __init__(self, line: int, cells: Mapping[str, str]) -> None:
        super().__init__(cells)
        self.line = line


def read(name: str, content: bytes, *, columns: Sequence[str], needed: Sequence[str]) -> list[Row]:
    """The rows of a file as texts by heading, empty rows left out.

    Raises `Refused` when it can't be read, lacks a needed column, has one that nobody knows, or is too long.
    """
    numbered = _workbook(content) if content.startswith(b"PK\x03\x04") else _csv(content)
    grid = [(line, cells) for line, row in numbered if any(cells := [cell.strip() for cell in row])]
    if not grid:
        raise Refused(_("%(file)s is empty.") % {"file": name}, code="file")
    headings = [heading.lower().replace(" ", "_") for heading in grid[0][1]]
    if missing := [each for each in needed if each not in headings]:
        raise Refused(_("The file lacks the columns %s.") % ", ".join(missing), code="file")
    if unknown := [each for each in headings if each and each not in columns]:
        raise Refused(_("The file has columns that nobody knows: %s.") % ", ".join(unknown), code="file")
    if len(grid) > MOST + 1:
        raise Refused(_("At most %s rows in one file.") % MOST, code="file")
    rows = [Row(line, dict(zip(headings, cells, strict=False))) for line, cells in grid[1:]]
    return [row for row in rows if any(row.values())]


def _csv(content: bytes) -> Iterable[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    first = text.lstrip().partition("\n")[0]
    mark = max(",;\t", key=first.count)
    try:
        return list(enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark), start=1))
    except csv.Error as error:
        raise Refused(_("This file cannot be read."), code="file") from error


def _workbook(content: bytes) -> Iterable[tuple[int, list[str]]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except (CalamineError, ValueError) as error:
        raise Refused(_("This workbook cannot be read."), code="file") from error
    above = sheet.start[0] if sheet.start else 0  # empty rows in front are no part of the grid
    return enumerate(([_cell(value) for value in row] for row in sheet.to_python()), start=above + 1)


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
