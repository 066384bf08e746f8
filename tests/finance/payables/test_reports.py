"""What is owed by age, on any day, as it was known then; and the largest bills, for those who may see them."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from finance.ledger import settling
from finance.ledger.models import OpenItem
from reporting.reports import making
from tests.factories_payables import a_posted_bill
from tests.fixtures_world import TODAY, a_company, a_party, a_user, all_rights
from tests.reporting.reports.world import book, books, readers


@pytest.fixture
def world():
    """The books of two years and their readers, committed."""
    company = a_company()
    clerk = a_user("The Clerk", *all_rights("ledger"), company=company)
    warehouse, _office = books(company, clerk)
    return company, clerk, readers(company, warehouse)


def aged(company, user, as_of=None, **given):
    return making.answer(making.ask("payables.aged_payables", given, company=company, user=user, on=TODAY, as_of=as_of))


def figures(sheet, label):
    row = next(row for row in sheet.rows if row.cells[0] == label)
    return {column.key: cell for column, cell in zip(sheet.columns, row.cells, strict=True)}


@pytest.mark.django_db
def test_what_is_owed_lies_in_the_bucket_of_its_lateness(world):
    company, _clerk, people = world

    sheet = aged(company, people["grace"], on="2026-10-31")

    owed = figures(sheet, "Łukasz Transport Ltd")
    assert (owed["current"], owed["to30"], owed["to60"], owed["to90"], owed["older"]) == (None, 500, 310, None, 300)
    assert (owed["total"], owed["before"]) == (1110, 610)
    total = figures(sheet, "Total")
    assert total["total"] == total["current"] + total["to30"] + total["to60"] + total["to90"] + total["older"] == 1110
    assert [row.links["total"].startswith("/ledger/journals/") for row in sheet.rows if row.kind == "line"] == [
        True
    ] * 3
    assert sheet.kpis[1].value == "£1,110"


@pytest.mark.django_db
def test_an_earlier_day_shows_what_was_owed_then(world):
    company, _clerk, people = world

    assert figures(aged(company, people["grace"], on="2026-09-30"), "Total")["total"] == 610


@pytest.mark.django_db
def test_a_department_sees_what_its_own_lines_owe(world):
    company, clerk, people = world
    other = a_party(company, "Office Rent Ltd")
    office = {"cost_centre": company.cost_centres.get(code="OF1")}
    owing = {"party": other, "due_on": date(2026, 10, 1)}
    book(company, clerk, date(2026, 10, 1), "Rent", ("7110", "900", office), ("2110", "-900", owing))

    labels = [row.cells[0] for row in aged(company, people["marcus"], on="2026-10-31").rows]

    assert "Łukasz Transport Ltd" in labels
    assert "Office Rent Ltd" not in labels
    assert "Office Rent Ltd" in [row.cells[0] for row in aged(company, people["grace"], on="2026-10-31").rows]


@pytest.mark.django_db(transaction=True)
def test_made_again_a_later_payment_does_not_count(world):
    company, clerk, people = world
    first, moment = aged(company, people["grace"], on="2026-10-31"), timezone.now()
    supplier = OpenItem.objects.filter(company=company).first().party
    paying = ("2110", "500", {"party": supplier, "due_on": date(2026, 10, 30)})
    book(company, clerk, date(2026, 10, 30), "Payment", paying, ("1210", "-500"))
    items = OpenItem.objects.filter(company=company, party=supplier)
    settling.allocate(
        items.get(amount=Decimal(500)), items.get(amount=Decimal(-500)), Decimal(500), on=date(2026, 10, 30), by=clerk
    )

    assert figures(aged(company, people["grace"], on="2026-10-31"), "Total")["total"] == 610
    assert aged(company, people["grace"], moment, on="2026-10-31").digest == first.digest


def test_the_largest_bills_lead_and_are_added_up(company, northmoor, tom, priya, grace):
    bills = [
        a_posted_bill(northmoor, by=tom, approvers=[priya], reference=f"NP-{price}", price=price, on=date(2026, 11, 10))
        for price in ("100.00", "3000.00", "500.00")
    ]
    asked = making.ask("payables.largest_bills", {"period": "2026-11"}, company=company, user=grace, on=TODAY)

    sheet = making.answer(asked)

    assert [row.cells[2] for row in sheet.rows[:-1]] == ["NP-3000.00", "NP-500.00", "NP-100.00"]
    assert sheet.rows[0].links["number"] == bills[1].get_absolute_url()
    assert sheet.rows[-1].cells[-1] == sum(bill.amount_company for bill in bills)
    empty = making.ask("payables.largest_bills", {"period": "2026-10"}, company=company, user=grace, on=TODAY)
    assert making.answer(empty).rows == []
