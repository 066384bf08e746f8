from decimal import Decimal

import pytest

from backoffice.workflow.models import ApprovalRule
from tests.fixtures_world import a_party, a_user, all_rights

CLERK = [
    "organisation.view_company", "payables.view_bill", "payables.add_bill", "payables.change_bill", "payables.submit_bill", "payables.withdraw_bill",
    "payables.void_bill", "parties.view_party", "parties.add_party", "parties.change_party", "parties.view_partybankaccount",
    "parties.add_partybankaccount", "exchange.view_upload", "exchange.add_upload", "ledger.view_account",
    "ledger.view_journalentry", "organisation.view_costcentre", "tax.view_taxcode",
]  # fmt: skip
MANAGER = [
    "organisation.view_company", "payables.view_bill", "payables.approve_bill", "payables.send_back_bill", "payables.post_bill", "payables.reverse_bill",
    "parties.view_party", "ledger.view_account", "ledger.view_journalentry", "organisation.view_costcentre", "tax.view_taxcode",
]  # fmt: skip


@pytest.fixture
def tom(company):
    """Accounts-payable clerk."""
    return a_user("Tom Ashworth", *CLERK, company=company)


@pytest.fixture
def priya(company):
    """Finance manager, approves to 25,000."""
    return a_user("Priya Nair", *MANAGER, company=company, approval_limit=Decimal(25000))


@pytest.fixture
def grace(company):
    """Finance director, without limit."""
    return a_user("Grace Okafor", *MANAGER, *all_rights("ledger"), company=company)


@pytest.fixture
def ada(company):
    """Administrator: may grant overrides, nothing else."""
    return a_user("Ada Quinn", "access.add_override", company=company)


@pytest.fixture(autouse=True)
def two_above_ten_thousand(request):
    if "company" in request.fixturenames:
        company = request.getfixturevalue("company")
        ApprovalRule.objects.create(company=company, kind="payables.bill", from_amount=Decimal(10000), approvers=2)


@pytest.fixture
def northmoor(company):
    return a_party(company)
