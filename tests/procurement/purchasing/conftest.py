import pytest

from tests.factories_payables import tax_code
from tests.factories_purchasing import a_supplier, somebody
from tests.factories_stock import an_item
from tests.fixtures_world import a_user, all_rights


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


@pytest.fixture
def tom(company):
    """Accounts-payable clerk: enters and submits, posts and approves nothing."""
    rights = [
        "payables.add_bill",
        "payables.change_bill",
        "payables.submit_bill",
        "payables.view_bill",
        "payables.block_bill",
    ]
    return a_user("Tom Ashworth", *rights, company=company)


@pytest.fixture
def imran(company):
    """Storekeeper."""
    return a_user("Imran Shah", *all_rights("stock", "ledger"), company=company)


@pytest.fixture
def boxes(company):
    return an_item(company, "MBX-60", name="Mailing box 600×400×300", tax_code=tax_code(company))
