"""What programs may do with the books beyond documents: post at once, read lines and balances, each within its rights."""

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from backoffice.access.models import Role, RoleAssignment, User
from backoffice.api import tokens
from finance.ledger import accounts, posting
from finance.ledger.models import JournalEntry
from tests.finance.ledger.builders import a_posting, posted
from tests.fixtures_world import TODAY, a_user, all_rights

API = "/api/v1/ledger/"


def program_of(user):
    ends = timezone.now() + timezone.timedelta(days=1)
    _token, secret = tokens.make(by=user, name="test", scope="write", expires_at=ends)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


@pytest.fixture
def till(company):
    user = User.objects.create(email="till@calderwren.example", name="Till System")
    RoleAssignment.objects.create(user=user, role=Role.objects.get(key="integration"), company=company)
    return program_of(user)


def body(company, amount="120.00", **more):
    cash, sales = accounts.by_code(company, "1210").pk, accounts.by_code(company, "3110").pk
    lines = [{"account": cash, "debit": amount}, {"account": sales, "credit": amount}]
    return {"company": company.pk, "on": "2026-11-20", "text": "Takings", "lines": lines, **more}


def test_an_integration_posts_at_once_and_a_repeat_posts_nothing(till, company):
    key = {"HTTP_IDEMPOTENCY_KEY": "till-2026-11-20"}

    first = till.post(f"{API}entries/record/", body(company), **key)
    again = till.post(f"{API}entries/record/", body(company), **key)

    assert (first.status_code, first.json()["state"], first.json()["number"]) == (201, "posted", "GEN-2026-00001")
    assert again.json()["number"] == "GEN-2026-00001"
    assert JournalEntry.objects.count() == 1


def test_a_person_who_may_post_still_needs_a_second_one(company):
    priya = User.objects.create(email="priya@calderwren.example", name="Priya Nair")
    RoleAssignment.objects.create(user=priya, role=Role.objects.get(key="finance-manager"), company=company)

    assert program_of(priya).post(f"{API}entries/record/", body(company)).status_code == 403
    assert JournalEntry.objects.count() == 0


def test_what_does_not_fit_is_refused_in_words(till, company):
    control = company.accounts.get(role="ap").pk
    bad = body(company)
    bad["lines"][1]["credit"] = "100"
    two_sided = body(company)
    two_sided["lines"][0]["credit"] = "1"
    to_control = body(company)
    to_control["lines"][1]["account"] = control

    assert till.post(f"{API}entries/record/", bad).json()["code"] == "balance"
    assert till.post(f"{API}entries/record/", two_sided).status_code == 400
    assert till.post(f"{API}entries/record/", to_control).json()["code"] == "control"
    assert till.post(f"{API}entries/record/", body(company, on="2031-01-01")).json()["code"] == "period"


def test_balances_and_lines_are_read_by_account_and_day(till, company, bookkeeper):
    posted(company, bookkeeper, "100.00", on=TODAY.replace(day=1))
    posted(company, bookkeeper, "20.00")
    bank = accounts.by_code(company, "1210")

    early = till.get(f"{API}balances/", {"company": company.pk, "account": bank.pk, "on": "2026-11-10"}).json()[
        "results"
    ]
    late = till.get(f"{API}balances/", {"company": company.pk, "on": "2026-11-30"}).json()["results"]
    lines = till.get(f"{API}lines/", {"account": bank.pk, "on__gte": "2026-11-10"}).json()["results"]

    assert [(row["code"], row["balance"]) for row in early] == [("1210", "100.0000")]
    assert {row["code"]: row["balance"] for row in late} == {"1210": "120.0000", "3110": "-120.0000"}
    assert [(row["number"], row["debit"]) for row in lines] == [("GEN-2026-00002", "20.0000")]


def test_whoever_is_limited_to_a_department_reads_its_lines_and_balances_only(company, warehouse, bookkeeper):
    entry = a_posting(company, "50.00", debit="5120", credit="1320")
    entry.lines[0].cost_centre = warehouse
    made = posting.post(company, entry, by=bookkeeper)
    head = a_user("Marcus Bell", *all_rights("ledger"), company=company, department=warehouse.department)
    program = program_of(User.objects.get(pk=head.pk))

    one = program.get(f"{API}entries/{JournalEntry.objects.get(pk=made.pk).ref}/").json()
    balances = program.get(f"{API}balances/", {"company": company.pk, "on": "2026-11-30"}).json()["results"]
    lines = program.get(f"{API}lines/").json()["results"]

    assert [line["debit"] for line in one["lines"]] == ["50.0000"]
    assert [row["code"] for row in balances] == ["5120"]
    assert len(lines) == 1
