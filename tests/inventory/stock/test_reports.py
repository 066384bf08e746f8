"""The reports of stock: worth, places and movements, on any day."""

from datetime import date

import pytest
from django.urls import reverse

from tests.factories_stock import a_bin, a_receipt, an_issue, an_item
from tests.fixtures_world import a_user, all_rights

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = date(2026, 10, 12), date(2026, 11, 12)


@pytest.fixture
def reader(client, company):
    user = a_user("Priya Nair", *all_rights("stock", "reports", "organisation"), "catalogue.view_item", company=company)
    client.force_login(user)
    return user


@pytest.fixture
def moved(company, reader):
    item, place = an_item(company), a_bin(company)
    a_receipt(company, [(item, 40, "2.50", place)], by=reader, on=OCTOBER)
    an_issue(company, [(item, 15, place)], by=reader, on=NOVEMBER)
    return item


def page(client, key, **parameters):
    return client.get(reverse("reports:report", args=[key]), parameters).text


def test_stock_by_bin_is_what_lay_there_on_the_day(client, moved):
    assert "MBX-60" not in page(client, "stock.places", on="2026-10-11")
    assert ">40<" in page(client, "stock.places", on="2026-10-31")
    assert ">25<" in page(client, "stock.places", on="2026-11-30", warehouse="LN")


def test_movements_lead_from_before_to_after(client, moved):
    text = page(client, "stock.movements", period="2026-11")

    for words in (">40<", "(15)", ">25<"):
        assert words in text


def test_the_valuation_of_a_day_is_what_the_ledger_held(client, moved):
    assert "100.00" in page(client, "stock.valuation", on="2026-10-31")
    assert "62.50" in page(client, "stock.valuation", on="2026-11-30")


@pytest.mark.parametrize("key", ["stock.places", "stock.movements", "stock.valuation"])
def test_reports_of_stock_are_for_those_who_hold_the_right(client, company, key):
    client.force_login(a_user("Norma None", "catalogue.view_item", company=company))

    assert client.get(reverse("reports:report", args=[key])).status_code == 403
