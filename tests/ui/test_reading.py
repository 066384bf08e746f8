from datetime import date
from decimal import Decimal

import pytest

from backoffice.ui.reading import Unreadable, read_amount, read_date

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("t", MONDAY),
        ("-1", date(2026, 11, 22)),
        ("+30", date(2026, 12, 23)),
        ("mon", date(2026, 11, 30)),
        ("fri", date(2026, 11, 27)),
        ("eom", date(2026, 11, 30)),
        ("som", date(2026, 11, 1)),
        ("23", MONDAY),
        ("2311", MONDAY),
        ("231126", MONDAY),
        ("23112026", MONDAY),
        ("23 nov", MONDAY),
        ("23 November 2026", MONDAY),
        ("23/11/2026", MONDAY),
        ("3.2.27", date(2027, 2, 3)),
        ("2026-11-23", MONDAY),
    ],
)
def test_a_date_is_read_as_it_was_meant(typed, meant):
    assert read_date(typed, today=MONDAY) == meant


@pytest.mark.parametrize("typed", ["31 feb 2026", "32", "soon", "2313", "1/2/3/4", ""])
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(Unreadable):
        read_date(typed, today=MONDAY)


def test_a_day_that_the_month_lacks_is_explained():
    with pytest.raises(Unreadable, match="February 2026 has 28 days"):
        read_date("31 feb 2026", today=MONDAY)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1250", "1250.00"),
        ("1,250.00", "1250.00"),
        ("1.250,00", "1250.00"),
        ("1.250,00 €", "1250.00"),
        ("£1,250.00", "1250.00"),
        ("GBP 1,250", "1250.00"),
        ("12.5k", "12500.00"),
        ("2m", "2000000.00"),
        ("1200*1.2", "1440.00"),
        ("100+20-5", "115.00"),
        ("2*(3+4)", "14.00"),
        ("10/4", "2.50"),
        ("(50)", "-50.00"),
        ("−50", "-50.00"),
        ("-1,234,567.89", "-1234567.89"),
        ("0.1+0.2", "0.30"),
        ("1'000.5", "1000.50"),
        ("2.345", "2.35"),
    ],
)
def test_an_amount_is_read_as_it_was_meant(typed, meant):
    assert read_amount(typed) == Decimal(meant)


@pytest.mark.parametrize("typed", ["", "abc", "1/0", "1+", "((", "__import__('os')", "9" * 30, "1e9", "k", "1..2,,3x"])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(Unreadable):
        read_amount(typed)
