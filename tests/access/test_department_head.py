"""The department head of the sample: one assignment with company and department, and nothing beyond it."""

import pytest
from django.urls import reverse

from backoffice.access.models import Role, RoleAssignment, User
from finance.ledger import accounts, posting
from tests.finance.ledger.builders import a_posting, posted


@pytest.fixture
def marcus(client, company, warehouse):
    user = User.objects.create(email="marcus.bell@calderwren.example", name="Marcus Bell")
    role = Role.objects.get(key="department-head")
    RoleAssignment.objects.create(user=user, role=role, company=company, department=warehouse.department)
    client.force_login(user, backend="backoffice.access.backends.RoleBackend")
    return client


@pytest.fixture
def carriage(company, warehouse, bookkeeper):
    entry = a_posting(company, "50.00", debit="5120", credit="1320")
    entry.lines[0].cost_centre = warehouse
    return posting.post(company, entry, by=bookkeeper)


def test_the_head_works_in_the_company_and_sees_the_entries_of_the_department(marcus, company, carriage, bookkeeper):
    posted(company, bookkeeper, "777.00")

    journals = marcus.get(reverse("ledger:journalentry_list")).content.decode()
    chart = marcus.get(reverse("ledger:account_list")).content.decode()
    account = marcus.get(reverse("ledger:account", args=[accounts.by_code(company, "5120").pk])).content.decode()

    assert company.short_name.replace("&", "&amp;") in journals
    assert carriage.number in journals and "GEN-2026-00002" not in journals
    assert "5120" in chart and "Carriage in" in chart
    assert "50.00" in account and "Only the lines of your department are shown." in account


def test_sums_hold_the_lines_of_the_department_only(marcus, company, warehouse, bookkeeper):
    entry = a_posting(company, "50.00", debit="5120", credit="1320")
    entry.lines[0].cost_centre = warehouse
    more = a_posting(company, "900.00", debit="1210", credit="3110")
    entry.lines = [*entry.lines, *more.lines]
    posting.post(company, entry, by=bookkeeper)

    listed = marcus.get(reverse("ledger:journalentry_list")).content.decode()
    exported = b"".join(marcus.get(reverse("ledger:journalentry_list") + "?export=csv").streaming_content).decode()

    assert "50.00" in listed and "950" not in listed
    assert "50.0" in exported and "950" not in exported


def test_the_head_sees_no_history_no_overrides_no_administration(marcus, company, carriage):
    for name in ("documents:act_list", "documents:override_list", "ledger:journalentry_new", "organisation:setup"):
        assert marcus.get(reverse(name)).status_code == 403
    assert marcus.get(reverse("admin:index")).status_code == 302
