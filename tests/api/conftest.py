"""People and programs that speak to the API."""

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from backoffice.api import tokens
from finance.ledger.models import Account
from tests.fixtures_world import a_user, all_rights


@pytest.fixture
def clerk(company):
    return a_user("Tom Ashworth", *all_rights("ledger", "tax", "organisation", "currencies"), company=company)


def client_of(user, scope="write", days=1):
    """A program with a fresh token of this user."""
    _token, secret = tokens.make(
        by=user, name="test", scope=scope, expires_at=timezone.now() + timezone.timedelta(days=days)
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


@pytest.fixture
def program(clerk):
    return client_of(clerk)


@pytest.fixture
def accounts(company):
    return {account.code: account.pk for account in Account.objects.filter(company=company)}


@pytest.fixture
def entry_body(company, accounts):
    """A manual journal: cash into the bank."""
    from finance.ledger.models import Journal

    return {
        "company": company.pk,
        "journal": Journal.objects.get(company=company, code="GEN").pk,
        "on": "2026-11-20",
        "text": "Cash taken to the bank",
        "lines": [
            {"account": accounts["1210"], "debit": "120.00", "text": "Paid in"},
            {"account": accounts["1230"], "credit": "120.00"},
        ],
    }
