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
