"""Keeping the chart of accounts on screens; and how many queries the screens of the books may cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backoffice.audit.models import Act
from finance.ledger import accounts
from finance.ledger.models import Account, Heading
from tests.finance.ledger.builders import posted
from tests.fixtures_world import a_user, all_rights


@pytest.fixture
def priya(client, company):
    user = a_user("Priya Nair", *all_rights("ledger", "organisation", "documents"), company=company)
    client.force_login(user, backend="backoffice.access.backends.RoleBackend")
    return client


def account_data(company, **more):
    heading = Heading.objects.filter(company=company).last()
    return {
        "code": "7999",
        "name": "Sundry",
        "kind": "expense",
        "heading": heading.pk,
        "role": "",
        "is_active": "on",
        **more,
    }


def test_an_account_is_entered_and_written_down(priya, company):
    answer = priya.post(reverse("ledger:account_new"), account_data(company))

    made = Account.objects.get(company=company, code="7999")
    assert answer.status_code == 302
    assert Act.objects.get(verb="enter").object_id == made.pk


def test_code_and_role_are_given_once(priya, company):
    page = priya.post(reverse("ledger:account_new"), account_data(company, code="5120", role="ap"))

    assert page.status_code == 422
    assert "There is an account with this code." in page.content.decode()
    assert "plays this role" in page.content.decode()


def test_an_account_with_postings_keeps_code_and_kind(priya, company, bookkeeper):
    posted(company, bookkeeper)
    bank = accounts.by_code(company, "1210")
    data = account_data(
        company, code="9999", kind="income", name="Bank, renamed", heading=bank.heading_id, role=bank.role
    )

    priya.post(reverse("ledger:account_edit", args=[bank.pk]), data)

    bank.refresh_from_db()
    assert (bank.code, bank.kind, bank.name) == ("1210", "asset", "Bank, renamed")


def test_the_screens_of_the_books_keep_to_their_queries(priya, company, bookkeeper):
    entry = posted(company, bookkeeper)
    for _n in range(20):
        posted(company, bookkeeper)
    budgets = {
        reverse("ledger:journalentry_list"): 12,
        reverse("ledger:account_list"): 12,
        entry.get_absolute_url(): 20,
        reverse("ledger:account", args=[accounts.by_code(company, "1210").pk]): 20,
        reverse("ledger:journalentry_new"): 20,
    }
    for address in budgets:
        priya.get(address)  # content types and the like are read once a process
    spent = {}
    for address in budgets:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert priya.get(address).status_code == 200
        spent[address] = len(queries)

    assert {address: n for address, n in spent.items() if n > budgets[address]} == {}


def test_the_next_fiscal_year_is_opened_once_for_each_press(priya, company):
    address = reverse("ledger:fiscalyear_new")
    key = {"idempotency_key": "5c5f2bb8-3f0e-4a34-9a2e-0e6a6f1d8a12"}

    assert "Open the fiscal year that starts on 1 Jan 2028?" in priya.get(address).content.decode()
    priya.post(address, key)
    priya.post(address, key)

    assert company.fiscal_years.order_by("starts_on").values_list("name", flat=True).last() == "2028"
    assert company.periods.filter(fiscal_year__name="2028", state="open").count() == 12
    assert address in priya.get(reverse("ledger:period_list")).content.decode()


def test_without_the_right_no_year_is_opened(client, company):
    reader = a_user("Rea Der", "ledger.view_period", company=company)
    client.force_login(reader, backend="backoffice.access.backends.RoleBackend")

    assert client.post(reverse("ledger:fiscalyear_new")).status_code == 403
    assert "open-year" not in client.get(reverse("ledger:period_list")).content.decode()


def test_the_search_for_accounts_tells_balances_to_those_who_may_read_the_books(client, priya, company, bookkeeper):
    posted(company, bookkeeper, "120.00")
    address = reverse("ui:lookup", args=["ledger.account"]) + f"?q=1210&company={company.pk}"

    told = priya.get(address).content.decode()
    client.force_login(
        a_user("Rea Der", "ledger.view_account", company=company), backend="backoffice.access.backends.RoleBackend"
    )
    untold = client.get(address).content.decode()

    assert "balance 120.00 Dr" in told
    assert "balance" not in untold and "Asset" in untold
