"""Files say the same as the screen, in right letters, and nothing in them acts."""

import csv
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import pikepdf
import pypdfium2
import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from backoffice.core.errors import Refused
from reporting.reports.defining import Chart, Column, Kpi, Row, Sheet
from reporting.reports.files import filing, printing

COLUMNS = [
    Column("line", "", "text"),
    Column("on", "Date", "date"),
    Column("now", "Oct 2026"),
    Column("better", "Better (worse)", "variance"),
    Column("bar", "Drawn", "bar"),
]
FOOT = printing.Provenance("Calder & Wren Ltd", "CW", "Made 7 Dec 2026, 07:30 for Łukasz · report 6f21c9")


def a_sheet(rows=3, title="Profit and loss", **more):
    lines = [
        Row((f"Łukasz €5 no. {i}", date(2026, 10, 1), Decimal("1234.56"), Decimal(-10), Decimal(-1)))
        for i in range(rows)
    ]
    return Sheet(title, "October 2026", COLUMNS, lines, currency="GBP", scope="whole company", **more)


def pages(content):
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def test_a_pdf_has_right_letters_from_two_font_files(tmp_path):
    content = printing.pdf_file([a_sheet()], FOOT)

    (text,) = pages(content)
    assert "Łukasz €5 no. 2" in text
    assert "for Łukasz" in text
    assert "(10.00)" in text
    assert "1,234.56" in text
    fonts = {str(name) for page in PdfReader(BytesIO(content)).pages for name in font_names(page)}
    assert any("Inter-Ext" in name or "Inter Ext" in name.replace("#20", " ") for name in fonts)


def font_names(page):
    fonts = page["/Resources"]["/Font"]
    return [fonts[key]["/BaseFont"] for key in fonts]


def test_the_glyph_of_a_letter_outside_latin_1_is_drawn_as_itself():
    """The letter is drawn from the extended file: with one family name for both, another glyph came out."""
    drawings = {}
    for letter in "Ł€La":
        sheet = a_sheet(rows=0)
        sheet.rows = [Row((letter * 30, None, None, None, None))]
        page = pypdfium2.PdfDocument(printing.pdf_file([sheet], FOOT))[0]
        drawings[letter] = bytes(page.render(grayscale=True).buffer)
    assert len(set(drawings.values())) == 4


def test_the_same_sheet_gives_the_same_bytes(monkeypatch):
    monkeypatch.setattr(printing, "CHUNK", 40)
    sheets = [a_sheet(90), a_sheet()]

    assert printing.pdf_file([a_sheet()], FOOT) == printing.pdf_file([a_sheet()], FOOT)
    assert printing.pdf_file(sheets, FOOT) == printing.pdf_file(sheets, FOOT)


def test_a_long_table_is_made_in_chunks_joined_with_tags_numbers_and_bookmarks(monkeypatch):
    monkeypatch.setattr(printing, "CHUNK", 60)
    content = printing.pdf_file([a_sheet(150, "General ledger"), a_sheet(2, "Balance sheet")], FOOT)

    texts = pages(content)
    assert f"Page 1 of {len(texts)}" in texts[0]
    assert f"Page {len(texts)} of {len(texts)}" in texts[-1]
    assert sum(text.count("Łukasz €5") for text in texts) == 152
    assert all("Better (worse)" in text for text in texts)
    assert all("report 6f21c9" in text for text in texts)
    with pikepdf.open(BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        keys = [int(n) for n in numbers[::2]]
        assert keys == sorted(set(keys))
        assert {int(page.obj.StructParents) for page in pdf.pages} <= set(keys)
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["General ledger", "Balance sheet"]


def test_key_figures_chart_and_provenance_stand_on_the_first_page():
    chart = Chart("Operating profit by month", "", ("Sep", "Oct"), (Decimal(10), Decimal(-5)))
    sheet = a_sheet(kpis=[Kpi("Sales", "£612,480", "3.8% over September")], chart=chart, notes=["Sales rose."])

    (text,) = pages(printing.pdf_file([sheet], FOOT))

    for words in (
        "Calder & Wren Ltd, whole company, GBP",
        "£612,480",
        "Operating profit by month",
        "Sales rose.",
        "Page 1 of 1",
    ):
        assert words in text


def test_paper_fetches_nothing_from_outside(caplog, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")

    content = printing.write(
        f'<p>Text</p><img src="http://127.0.0.1:9/x.png"><link rel=attachment href="file://{secret}">'
        f'<link rel=stylesheet href="file://{secret}"><a rel=attachment href="{printing.HERE}../settings.py">x</a>'
    )

    assert "Text" in pages(content)[0]
    assert not PdfReader(BytesIO(content)).attachments
    for url in ("http://127.0.0.1/", "file:///etc/passwd", f"{printing.HERE}css/../../settings.py", "data:text/css,a"):
        with pytest.raises(ValueError, match="may not fetch"):
            printing.OwnFilesOnly().fetch(url)


def test_too_many_rows_are_refused_with_the_way_on():
    with pytest.raises(Refused, match="XLSX or CSV"):
        printing.pdf_file([a_sheet(printing.MOST + 1)], FOOT)


DANGEROUS = ["=1+1", "+44 113", "-5", "@cmd", "\tx", "\rx"]


def test_csv_is_exact_and_harmless():
    sheet = a_sheet(1)
    sheet.rows += [Row((words, None, Decimal("-5.00"), None, None)) for words in DANGEROUS]

    content = filing.csv_file(sheet).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(content, newline="")))

    assert rows[0] == ["GBP", "Date", "Oct 2026", "Better (worse)"]
    assert rows[1] == ["Łukasz €5 no. 0", "2026-10-01", "1234.56", "-10"]
    assert [row[0] for row in rows[2:]] == [f"'{words}" for words in DANGEROUS]
    assert {row[2] for row in rows[2:]} == {"-5.00"}


def test_xlsx_has_real_figures_and_dates_no_formulas_and_says_how_it_was_made():
    sheet = a_sheet(1)
    sheet.rows += [Row((words, None, Decimal(5), None, None)) for words in DANGEROUS]
    content = filing.xlsx_file(
        [sheet, a_sheet(1)], [("Report id", "6f21c9")], made_at=datetime(2026, 12, 7, tzinfo=UTC)
    )

    book = CalamineWorkbook.from_filelike(BytesIO(content))
    assert book.sheet_names == ["Profit and loss", "Profit and loss 2", "About"]
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[4] == ["Łukasz €5 no. 0", date(2026, 10, 1), 1234.56, -10.0]
    assert [row[0] for row in rows[5:9]] == DANGEROUS[:4]
    with zipfile.ZipFile(BytesIO(content)) as parts:
        assert b"<f>" not in b"".join(parts.read(name) for name in parts.namelist())
    assert content == filing.xlsx_file(
        [sheet, a_sheet(1)], [("Report id", "6f21c9")], made_at=datetime(2026, 12, 7, tzinfo=UTC)
    )
