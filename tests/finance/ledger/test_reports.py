"""The statements agree with the books and with each other, for those who may see them."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from finance.ledger.models import Period
from reporting.reports import making
from reporting.reports.defining import is_closed
from tests.fixtures_world import TODAY, a_company, a_user, all_rights
from tests.reporting.reports.world import book, books, readers


@pytest.fixture
def clerk(company):
    return a_user("The Clerk", *all_rights("ledger"), company=company)


@pytest.fixture
def people(company, clerk):
    warehouse, _office = books(company, clerk)
    return readers(company, warehouse)


def sheet(company, user, key, on=TODAY, as_of=None, limit=None, **given):
    return making.answer(making.ask(key, given, company=company, user=user, on=on, as_of=as_of, limit=limit))


def balance_sheet(company, user, day):
    return making.answer(making.ask("ledger.balance_sheet", {"on": day}, company=company, user=user, on=TODAY))


def figures(made, label):
    """The figures of the row with this label, by column."""
    row = next(row for row in made.rows if row.cells[0] == label)
    return {column.key: cell for column, cell in zip(made.columns, row.cells, strict=True)}


def test_profit_and_loss_compares_with_the_month_and_the_year_before(company, people):
    made = sheet(company, people["grace"], "ledger.profit_and_loss", period="2026-10")

    sales = figures(made, "Sales")
    assert (sales["now"], sales["prior_period"], sales["prior_year"]) == (10000, 9000, 8000)
    assert (sales["better"], sales["percent"]) == (1000, Decimal("11.1"))
    costs = figures(made, "Cost of sales")
    assert (costs["now"], costs["better"]) == (5200, -200)
    assert figures(made, "Gross profit")["now"] == 4800
    assert figures(made, "Gross margin")["now"] == Decimal("48.0")
    result = figures(made, "Operating profit")
    assert (result["now"], result["prior_period"], result["to_date"]) == (3300, 2690, 5990)
    assert made.subtitle == "October 2026, against Sep 2026 and Oct 2025"
    assert made.entries == 4
    assert made.kpis[0].value == "£10,000"
    assert made.kpis[0].note == "11.1% over Sep"


def test_profit_and_loss_without_comparison_has_one_column(company, people):
    made = sheet(company, people["grace"], "ledger.profit_and_loss", period="2026-10", against="", to_date="")

    assert [column.key for column in made.columns] == ["line", "now"]


def test_every_figure_of_the_profit_and_loss_opens_lines_that_add_up_to_it(company, people, client):
    client.force_login(people["grace"])
    made = sheet(company, people["grace"], "ledger.profit_and_loss", period="2026-10", unit="exact")
    rows = [row for row in made.rows if row.links]
    assert len(rows) > 5

    for row in rows:
        address, _mark, query = row.links["now"].partition("?")
        given = dict(pair.split("=") for pair in query.split("&"))
        behind = sheet(company, people["grace"], address.strip("/").split("/")[-1], **given)
        lines = [r.cells for r in behind.rows if r.kind == "line"]
        assert abs(sum((c[5] or 0) - (c[6] or 0) for c in lines)) == abs(row.cells[1]), row.cells[0]
        assert client.get(row.links["now"]).status_code == 200


def test_the_department_head_sees_only_lines_of_the_department(company, people):
    made = sheet(company, people["marcus"], "ledger.profit_and_loss", period="2026-10")

    labels = [row.cells[0] for row in made.rows]
    assert "Sales" not in labels
    assert "Premises" not in labels
    assert figures(made, "Cost of sales")["now"] == 5200
    assert figures(made, "Operating profit")["now"] == -5700
    assert made.scope == "only Warehouse"
    ledger = sheet(company, people["marcus"], "ledger.general_ledger", period="2026-10")
    assert {row.cells[4] for row in ledger.rows if row.kind == "line"} == {"WH1"}


def test_the_balance_sheet_is_not_for_a_department(company, people):
    with pytest.raises(PermissionDenied, match="whole company"):
        sheet(company, people["marcus"], "ledger.balance_sheet")
    with pytest.raises(PermissionDenied):
        sheet(company, people["tom"], "ledger.profit_and_loss")


def test_the_balance_sheet_balances_with_results_of_open_years(company, people):
    made = balance_sheet(company, people["grace"], "2026-10-31")

    for key in ("now", "month", "year"):
        assert figures(made, "Total assets")[key] == figures(made, "Total liabilities and equity")[key]
    assert figures(made, "Total assets")["now"] == 50000 + 27000 - 14200 - 3000
    assert figures(made, "Result of this fiscal year")["now"] == 5990
    assert figures(made, "Result of this fiscal year")["year"] == 2700
    assert figures(made, "Retained earnings")["now"] == 2700
    assert figures(made, "Total liabilities")["now"] == 1110


def test_the_trial_balance_is_zero_and_its_debits_are_its_credits(company, people):
    made = sheet(company, people["grace"], "ledger.trial_balance", period="2026-10", against="prior_year")

    total = figures(made, "Total")
    assert (total["opening"], total["closing"], total["before"]) == (0, 0, 0)
    assert total["debit"] == total["credit"] == 16700


def test_the_general_ledger_runs_from_opening_to_closing(company, people):
    made = sheet(company, people["grace"], "ledger.general_ledger", period="2026-10", account="1210")

    head, *lines, total = made.rows
    assert head.cells[-1] == 50000 + 17000 - 9000 - 2000
    assert [line.cells[-1] for line in lines] == [66000, 60800, 59800]
    assert (total.cells[5], total.cells[6], total.cells[7]) == (10000, 6200, 59800)
    assert all(line.links["entry"].startswith("/ledger/journals/") for line in lines)


def test_the_general_ledger_may_be_narrowed_to_a_cost_centre(company, people):
    made = sheet(company, people["grace"], "ledger.general_ledger", period="2026", cost_centre="OF1")

    assert {row.cells[4] for row in made.rows if row.kind == "line"} == {"OF1"}


def test_a_long_sheet_is_cut_and_says_so(company, people):
    made = sheet(company, people["grace"], "ledger.general_ledger", period="2026", limit=5)

    assert (len(made.rows), made.is_cut) == (5, True)


def test_the_list_of_entries_is_in_the_order_of_numbers(company, people):
    made = sheet(company, people["grace"], "ledger.journal_list", period="2026-10")

    assert [row.cells[0] for row in made.rows] == [f"GEN-2026-0000{n}" for n in (5, 6, 7, 8)] + ["Total"]
    assert made.rows[-1].cells[5] == 16700
    mine = sheet(company, people["marcus"], "ledger.journal_list", period="2026-10")
    assert [row.cells[3] for row in mine.rows[:-1]] == ["Goods", "Diesel for the lorry"]
    assert mine.rows[-1].cells[5] == 5700


def test_a_cost_centre_of_another_company_cannot_be_named(company, people):
    with pytest.raises(ValidationError):
        sheet(company, people["grace"], "ledger.profit_and_loss", period="2026-10", cost_centre="NOPE")


@pytest.mark.django_db(transaction=True)
def test_made_again_a_sheet_leaves_out_what_was_posted_later():
    company = a_company()
    clerk = a_user("The Clerk", *all_rights("ledger"), company=company)
    grace = readers(company, books(company, clerk)[0])["grace"]
    questions = [
        ("ledger.profit_and_loss", {"period": "2026-10"}),
        ("ledger.balance_sheet", {"on": "2026-10-31"}),
        ("ledger.trial_balance", {"period": "2026-10"}),
        ("ledger.general_ledger", {"period": "2026-10"}),
        ("ledger.journal_list", {"period": "2026-10"}),
    ]

    def digests(as_of=None):
        asked = [making.ask(key, given, company=company, user=grace, on=TODAY, as_of=as_of) for key, given in questions]
        return [making.answer(each).digest for each in asked]

    first, moment = digests(), timezone.now()
    assert digests(moment) == first
    book(company, clerk, date(2026, 10, 20), "Late sales", ("1210", "77"), ("4110", "-77"))

    assert all(now != then for now, then in zip(digests(), first, strict=True))
    assert digests(moment) == first


def test_the_books_are_closed_when_no_period_before_is_open(company):
    Period.objects.filter(company=company, starts_on__lt=date(2026, 11, 1)).update(state="closed")

    assert is_closed(company, date(2026, 10, 31))
    assert not is_closed(company, date(2026, 11, 30))
