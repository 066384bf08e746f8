import pytest

from tests.factories_payroll import a_clerk, a_director


@pytest.fixture
def clerk(company):
    return a_clerk(company)


@pytest.fixture
def director(company):
    return a_director(company)
