"""Receipts and issues move quantities and values, and the ledger with them."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from backoffice.core.errors import Refused
from finance.ledger.models import JournalLine, Role
from inventory.stock import costing
from inventory.stock.models import CostEntry, CostLayer, OnHand, Position
from tests.factories_stock import a_bin, a_receipt, an_issue, an_item
from tests.fixtures_world import a_user, all_rights

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(company):
    return a_user("Imran Sadiq", *all_rights("stock"), company=company)


def stock_in_books(company):
    lines = JournalLine.objects.filter(entry__company=company, account__role=Role.STOCK, entry__state="posted")
    sums = lines.aggregate(d=Sum("debit"), c=Sum("credit"))
    return (sums["d"] or 0) - (sums["c"] or 0)


def explained(company):
    return CostEntry.objects.filter(company=company).aggregate(s=Sum("amount"))["s"] or 0


@pytest.mark.parametrize(("method", "cost", "left"), [("fifo", "80.00", "140.00"), ("average", "88.00", "132.00")])
def test_an_issue_is_valued_by_the_method_of_the_item(company, keeper, method, cost, left):
    item, place = an_item(company, method=method), a_bin(company)
    a_receipt(company, [(item, 10, 10, place)], by=keeper)
    a_receipt(company, [(item, 10, 12, place)], by=keeper)

    issue = an_issue(company, [(item, 8, place)], by=keeper)

    assert issue.lines.get().value == Decimal(cost)
    position = Position.objects.get(item=item)
    assert (position.quantity, position.value) == (12, Decimal(left))
    assert OnHand.objects.get(item=item).quantity == 12
    assert stock_in_books(company) == explained(company) == Decimal(left)


def test_a_bin_never_gives_more_than_it_holds(company, keeper):
    item, place = an_item(company), a_bin(company)
    a_receipt(company, [(item, 10, 10, place)], by=keeper)

    with pytest.raises(Refused, match="holds only 10"):
        an_issue(company, [(item, 11, place)], by=keeper)

    assert OnHand.objects.get(item=item).quantity == 10


def test_a_cost_learnt_later_follows_the_goods(company, keeper):
    item, place = an_item(company, method="fifo"), a_bin(company)
    receipt = a_receipt(company, [(item, 10, 10, place)], by=keeper)
    an_issue(company, [(item, 4, place)], by=keeper)

    lines = costing.shares(company, [costing.LateCost(receipt.lines.get().pk, Decimal("5.00"))])

    assert [(line.account.role, line.debit) for line in lines] == [
        (Role.STOCK, Decimal("3.00")),
        (Role.COGS, Decimal("2.00")),
    ]


def test_under_a_moving_average_the_share_is_what_is_kept_of_the_receipt(company, keeper):
    # The case of a long-standing complaint: 12.00 is right, not 11.88 (operations B0.15).
    item, place = an_item(company), a_bin(company)
    receipt = a_receipt(company, [(item, 10, 10, place)], by=keeper)
    an_issue(company, [(item, 5, place)], by=keeper)
    a_receipt(company, [(item, 5, 10, place)], by=keeper)

    (stock, gone) = costing.shares(company, [costing.LateCost(receipt.lines.get().pk, Decimal("10.00"))])

    assert (stock.debit, gone.debit) == (Decimal("5.00"), Decimal("5.00"))


def test_what_is_emptied_is_worth_nothing(company, keeper):
    item, place = an_item(company), a_bin(company)
    a_receipt(company, [(item, 3, "3.333333", place)], by=keeper)
    for _n in range(3):
        an_issue(company, [(item, 1, place)], by=keeper)

    position = Position.objects.get(item=item)
    assert (position.quantity, position.value) == (0, 0)
    assert stock_in_books(company) == 0
    assert not CostLayer.objects.filter(remaining__gt=0).exists()


def test_an_uncovered_issue_is_settled_by_the_next_receipt(company, keeper):
    item, place = an_item(company), a_bin(company, warehouse="BR", negative=True)
    a_receipt(company, [(item, 2, 10, place)], by=keeper)
    an_issue(company, [(item, 5, place)], by=keeper)
    assert Position.objects.get(item=item).value == Decimal("-30.00")

    receipt = a_receipt(company, [(item, 10, 12, place)], by=keeper)

    position = Position.objects.get(item=item)
    assert (position.quantity, position.value) == (7, Decimal("84.00"))
    late = JournalLine.objects.get(entry=receipt.entry, account__role=Role.COST_ADJUSTMENT)
    assert late.debit == Decimal("6.00")
    assert stock_in_books(company) == Decimal("84.00")
