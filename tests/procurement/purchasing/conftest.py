import pytest

from tests.factories_purchasing import a_supplier, somebody


@pytest.fixture
def rosa(company):
    """The buyer."""
    return somebody(company)


@pytest.fixture
def priya(company):
    """Approves."""
    return somebody(company, "Priya Nair")


@pytest.fixture
def owen(company):
    """A colleague who needs things."""
    return somebody(company, "Owen Hughes")


@pytest.fixture
def northmoor(company, rosa):
    return a_supplier(company, by=rosa)
