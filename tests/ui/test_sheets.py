import io

import pytest
import xlsxwriter

from backoffice.core.errors import Refused
from backoffice.ui import sheets


def a_workbook(*rows, top=0):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows, start=top):
            sheet.write_row(line, 0, row)
    return content.getvalue()


def lines_of(content):
    return [(row.line, row["name"]) for row in sheets.read("f", content, columns=("name", "note"), needed=("name",))]


@pytest.mark.parametrize(
    "content",
    [
        b"name,note\nA,\n\n,\nB,\n",
        b'name,note\nA,"two\nlines"\n\n \nB,\n',
        b"name;note\r\nA;\r\n\r\n;\r\nB;\r\n",
        a_workbook(["name", "note"], ["A"], [], [""], ["B"]),
    ],
)
def test_a_row_keeps_the_number_that_a_spreadsheet_shows_though_rows_before_it_are_empty(content):
    assert lines_of(content) == [(2, "A"), (5, "B")]


@pytest.mark.parametrize("content", [b"\n\nname,note\nA,\n", a_workbook(["name", "note"], ["A"], top=2)])
def test_headings_may_stand_below_empty_rows(content):
    assert lines_of(content) == [(4, "A")]


def test_what_the_reader_of_files_cannot_read_is_refused_in_words():
    with pytest.raises(Refused, match="cannot be read"):
        sheets.read("f", b"name,note\n" + b"A" * 200_000 + b",\n", columns=("name", "note"), needed=("name",))
