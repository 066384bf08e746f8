"""Many take from the same bins at once: nothing is oversold, nobody waits in a circle; without the lock it shows."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from backoffice.core.errors import Refused
from backoffice.core.verifying import verifications
from inventory.stock import holding, issuing
from inventory.stock.models import OnHand, Position
from tests.factories_stock import a_bin, a_receipt, an_issue, an_item
from tests.fixtures_world import a_company, a_user, all_rights

pytestmark = pytest.mark.django_db(transaction=True)
PROOFS = ("stock_value_equals_ledger", "positions_equal_moves", "bins_equal_moves", "layers_equal_positions")


@pytest.fixture
def world(transactional_db):
    company = a_company()
    keeper = a_user("Imran Sadiq", *all_rights("stock"), company=company)
    place = a_bin(company)
    items = [an_item(company, code, method=method) for code, method in (("A", "fifo"), ("B", "average"))]
    a_receipt(company, [(item, 10, "3.33", place) for item in items], by=keeper)
    return company, keeper, place, items


def rushed(world, pieces):
    """Eight issues at once, half of them in the other order; how many were refused."""
    company, keeper, place, items = world
    issues = [
        an_issue(company, [(item, pieces, place) for item in (items if n % 2 else items[::-1])], by=keeper, post=False)
        for n in range(8)
    ]

    def take(issue):
        try:
            issuing.post(issue, by=keeper)
        except Refused:
            return 1
        finally:
            connections.close_all()
        return 0

    with ThreadPoolExecutor(max_workers=8) as pool:
        return sum(pool.map(take, issues))


def found():
    return [finding for name in PROOFS for finding in verifications[name].findings()]


def test_eight_at_once_take_no_more_than_there_is(world):
    refused = rushed(world, 2)

    assert refused == 3
    assert set(OnHand.objects.values_list("quantity", flat=True)) == {0}
    assert set(Position.objects.values_list("quantity", "value")) == {(0, 0)}
    assert found() == []


def test_without_the_lock_on_positions_the_books_break(world, monkeypatch):
    monkeypatch.setattr(holding, "HELD", holding.HELD.replace("FOR UPDATE", ""))

    rushed(world, 1)

    assert found() != []
