from datetime import date
from decimal import Decimal
from io import BytesIO

from python_calamine import CalamineWorkbook

from backoffice.ui.charts import Series, chart, nice_ticks, spark
from backoffice.ui.exporting import csv_lines, xlsx_bytes
from backoffice.ui.management.commands import vendor


def test_a_text_that_looks_like_a_formula_stays_a_text_in_csv():
    lines = list(
        csv_lines(["=Name"], [["=1+1"], ["+44 113"], ["@x"], ["-5"], [Decimal("-5.00")], [None], [date(2026, 11, 23)]])
    )

    assert [line.strip() for line in lines[1:]] == [
        "'=Name",
        "'=1+1",
        "'+44 113",
        "'@x",
        "'-5",
        "-5.00",
        '""',
        "2026-11-23",
    ]


def test_a_workbook_holds_typed_cells_and_no_formulas():
    content = xlsx_bytes("Bills: [open]", ["Bill", "Amount"], [["=HYPERLINK(1)", Decimal("12.50")], ["04817", None]])

    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    assert sheet.to_python() == [["Bill", "Amount"], ["=HYPERLINK(1)", 12.5], ["04817", ""]]


def test_a_chart_says_its_finding_and_escapes_it():
    svg = chart("bars", ["Oct", "Nov"], [Series("<b>", [Decimal(10), Decimal(-3)])], title="Up & away")

    assert "<title>Up &amp; away</title>" in svg
    assert "&lt;b&gt;" in svg
    assert "style=" not in svg


def test_a_chart_for_print_carries_its_colours_itself():
    assert 'fill="#0b5d78"' in chart("bars", ["Oct"], [Series("Actual", [5])], title="x", target="print")
    assert "fill=" not in chart("bars", ["Oct"], [Series("Actual", [5])], title="x")


def test_axes_have_round_figures_that_cover_the_range():
    assert nice_ticks(0, 97) == [0, 20, 40, 60, 80, 100]
    assert nice_ticks(-30, 70)[0] <= -30
    assert nice_ticks(5, 5)[-1] > 5


def test_a_spark_of_one_value_is_nothing():
    assert spark([1]) == ""


def test_vendored_files_are_those_of_the_lock():
    assert vendor.differing() == []
