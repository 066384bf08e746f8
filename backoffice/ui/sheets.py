"""Reading the file that somebody brings in, CSV or workbook, as rows of texts, and judging it row by row."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from backoffice.core.errors import Refused
from backoffice.ui.reading import Unreadable, read_amount, read_date

MOST = 5_000  # rows of one file


def template(columns: Sequence[str], example: Mapping[str, str]) -> str:
    """A CSV file with the headings and one example."""
    written = io.StringIO()
    rows = csv.DictWriter(written, columns)
    rows.writeheader()
    rows.writerow(example)
    return written.getvalue()


@dataclass
class Planned:
    """What would become of one row: something new, what is on record already, or problems that stop the file."""

    line: int
    is_known: bool = field(default=False, kw_only=True)
    problems: list[str] = field(default_factory=list, kw_only=True)
    remarks: list[str] = field(default_factory=list, kw_only=True)


P = TypeVar("P", bound=Planned)


@dataclass
class Plan(Generic[P]):
    """A judged file."""

    rows: Sequence[P]
    refusals: list[str] = field(default_factory=list)  # what concerns the file as a whole

    @property
    def new(self) -> int:
        """How many rows tell what is not on record."""
        return len(self.rows) - self.known

    @property
    def known(self) -> int:
        """How many rows are on record already."""
        return sum(row.is_known for row in self.rows)

    @property
    def problems(self) -> list[str]:
        """Every problem with its line; while there is one, nothing is brought in."""
        return self.refusals + [
            _("Line %(line)s: %(words)s") % {"line": r.line, "words": w} for r in self.rows for w in r.problems
        ]


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


class Reader:
    """Reads one row; what is wrong is noted, not raised, so that one look shows everything."""

    def __init__(self, row: Mapping[str, str], planned: Planned, *, today: date) -> None:
        self.row, self.planned, self.today = row, planned, today

    def object(self, words: str) -> None:
        """Note what stops the file."""
        self.planned.problems.append(words)

    def demand(self, names: Sequence[str]) -> None:
        """Note which of these cells are empty."""
        for name in names:
            if not self.row.get(name):
                self.object(_("“%s” is empty") % name)

    def day(self, name: str) -> date | None:
        """A day as computers or people write it."""
        text = self.row.get(name, "")
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
        try:
            return read_date(text, today=self.today)
        except Unreadable:
            self.object(_("“%(text)s” in %(name)s is no date") % {"text": text, "name": name})
            return None

    def number(
        self, name: str, low: str, high: str, otherwise: Decimal | None = None, *, digits: int | None = None
    ) -> Decimal | None:
        """A figure within bounds, rounded to `digits` decimals where that is said."""
        text = self.row.get(name, "")
        if not text:
            return otherwise
        try:
            value = read_amount(text, digits=digits)
        except Unreadable:
            value = None
        if value is None or not Decimal(low) <= value <= Decimal(high):
            self.object(_("“%(text)s” in %(name)s is not possible") % {"text": text, "name": name})
            return otherwise
        return value

    def choice(self, name: str, known: Sequence[str], otherwise: str) -> str:
        """One of the words that are known."""
        text = self.row.get(name, "").lower() or otherwise
        if text not in known:
            self.object(_("“%(text)s” in %(name)s is none of %(known)s") % {"text": text, "name": name, "known": ", ".join(known)})  # fmt: skip
        return text


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
