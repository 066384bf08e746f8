"""Who proposes, who releases, and what is due on one Monday in November 2026."""

from datetime import UTC, datetime

import pytest
import time_machine

from tests.factories_banking import IBANS, a_due_bill, a_supplier, our_account
from tests.fixtures_world import a_user, all_rights


@pytest.fixture(autouse=True)
def clock():
    """The morning on which all of this happens."""
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC)) as traveller:
        yield traveller


@pytest.fixture
def tom(company):
    return a_user("Tom Ashworth", *all_rights("banking", "payables", "ledger"), company=company)


@pytest.fixture
def grace(company):
    return a_user("Grace Okafor", *all_rights("banking", "payables", "ledger", "jobs"), company=company)


@pytest.fixture
def account(company):
    return our_account(company)


@pytest.fixture
def bills(company, tom, grace):
    north, kestrel = a_supplier(company, "Northmoor"), a_supplier(company, "Kestrel", IBANS[1])
    return [
        a_due_bill(north, tom=tom, grace=grace, reference="N-1"),
        a_due_bill(north, tom=tom, grace=grace, reference="N-2", price="50.00"),
        a_due_bill(kestrel, tom=tom, grace=grace, reference="K-1"),
    ]
