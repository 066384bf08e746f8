"""The books and their readers, for the tests of reports."""

import pytest

from tests.fixtures_world import a_user, all_rights
from tests.reporting.reports.world import books, readers


@pytest.fixture
def clerk(company):
    return a_user("The Clerk", *all_rights("ledger"), company=company)


@pytest.fixture
def people(company, clerk):
    warehouse, _office = books(company, clerk)
    return readers(company, warehouse)
