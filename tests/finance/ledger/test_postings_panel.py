"""What a document posts is shown before it is posted, by the very function that posts it."""

import pytest

from finance.ledger.panels import PostingsPanel
from tests.factories_payables import a_bill
from tests.fixtures_world import a_party, a_user, all_rights


@pytest.fixture
def clerk(company):
    return a_user(
        "Tom Ashworth", *all_rights("payables", "ledger", "parties", "workflow", "organisation"), company=company
    )


def test_a_draft_bill_previews_its_postings_on_its_page(client, company, clerk):
    bill = a_bill(a_party(company), by=clerk, reference="N-1")
    client.force_login(clerk, backend="backoffice.access.backends.RoleBackend")

    told = PostingsPanel().context(bill, clerk)
    page = client.get(bill.get_absolute_url()).content.decode()

    assert sum(row["debit"] or 0 for row in told["rows"]) == sum(row["credit"] or 0 for row in told["rows"]) > 0
    assert "Postings, as they would be now" in page
    assert str(company.accounts.get(role="ap")) in page


def test_whoever_may_not_read_the_books_sees_no_postings(client, company, clerk):
    bill = a_bill(a_party(company), by=clerk, reference="N-1")
    reader = a_user("Rea Der", "payables.view_bill", "payables.view_billline", company=company)
    client.force_login(reader, backend="backoffice.access.backends.RoleBackend")

    page = client.get(bill.get_absolute_url())

    assert page.status_code == 200
    assert "Postings" not in page.content.decode()
