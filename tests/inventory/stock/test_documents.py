"""Transfers, returns and counts through their verbs."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from backoffice.core.errors import Refused
from finance.ledger.models import JournalLine, Role
from inventory.stock import carrying, counting, issuing, receiving, returning
from inventory.stock.models import (
    OnHand,
    Position,
    StockCount,
    StockTransfer,
    TransferLine,
)
from tests.factories_stock import a_bin, a_receipt, a_return, an_issue, an_item
from tests.fixtures_world import a_user, all_rights

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def keeper(company):
    return a_user("Imran Sadiq", *all_rights("stock"), company=company)


@pytest.fixture
def marcus(company):
    return a_user("Marcus Bell", *all_rights("stock"), company=company)


def head(company, by, place):
    return {"company": company, "warehouse": place.warehouse, "entered_by": by, "changed_by": by}


def test_a_transfer_changes_the_place_and_no_value(company, keeper):
    item, here, there = an_item(company), a_bin(company), a_bin(company, "B-02")
    a_receipt(company, [(item, 10, 3, here)], by=keeper)
    transfer = StockTransfer.objects.create(moved_on=TODAY, **head(company, keeper, here))
    TransferLine.objects.create(transfer=transfer, place=1, item=item, from_bin=here, to_bin=there, quantity=4)

    carrying.carry(transfer, by=keeper)

    assert dict(OnHand.objects.values_list("bin__code", "quantity")) == {"A-01": 6, "B-02": 4}
    assert Position.objects.get(item=item).value == Decimal("30.00")


def test_a_transfer_or_receipt_or_issue_that_nobody_wants_is_dropped(company, keeper):
    item, here = an_item(company), a_bin(company)
    transfer = StockTransfer.objects.create(moved_on=TODAY, **head(company, keeper, here))
    receipt = a_receipt(company, [(item, 10, 3, here)], by=keeper, post=False)
    issue = an_issue(company, [(item, 1, here)], by=keeper, post=False)

    carrying.void(transfer, by=keeper)
    receiving.void(receipt, by=keeper)
    issuing.void(issue, by=keeper)

    assert {transfer.state, receipt.state, issue.state} == {"void"}
    assert not OnHand.objects.exists()


def test_what_goes_back_takes_its_own_price_with_it(company, keeper):
    item, place = an_item(company, method="fifo"), a_bin(company)
    first = a_receipt(company, [(item, 10, 10, place)], by=keeper)
    a_receipt(company, [(item, 10, 12, place)], by=keeper)

    back = a_return(first.lines.get(), 4, by=keeper)

    grni = JournalLine.objects.get(entry=back.entry, account__role=Role.GRNI)
    assert grni.debit == Decimal("40.00")
    assert Position.objects.get(item=item).value == Decimal("180.00")
    with pytest.raises(Refused, match="so much did not come"):
        a_return(first.lines.get(), 7, by=keeper)


def test_a_return_that_is_not_sent_is_dropped(company, keeper):
    item, place = an_item(company), a_bin(company)
    line = a_receipt(company, [(item, 10, 10, place)], by=keeper).lines.get()

    back = returning.void(a_return(line, 4, by=keeper, post=False), by=keeper)

    assert back.state == "void"
    assert OnHand.objects.get().quantity == 10


def a_count(company, by, item, place, counted):
    count = StockCount.objects.create(counted_on=TODAY, **head(company, by, place))
    counting.begin(count, [(item, place)], by=by)
    counting.write_down(count.lines.select_related("count").get(), Decimal(counted), by=by)
    return count


def test_a_count_is_posted_when_another_person_approved_it(company, keeper, marcus):
    item, place = an_item(company), a_bin(company)
    a_receipt(company, [(item, 10, 3, place)], by=keeper)
    count = counting.submit(a_count(company, keeper, item, place, 8), by=keeper)

    with pytest.raises((PermissionDenied, Refused)):
        counting.approve(count, by=keeper)
    counting.approve(count, by=marcus)

    count.refresh_from_db()
    assert (count.state, OnHand.objects.get().quantity) == ("posted", 8)
    assert JournalLine.objects.get(entry=count.entry, account__role=Role.STOCK_LOSS).debit == Decimal("6.00")
    assert OnHand.objects.get().counted_on == TODAY


def test_moves_during_a_count_do_no_harm(company, keeper, marcus):
    item, place = an_item(company), a_bin(company)
    a_receipt(company, [(item, 10, 3, place)], by=keeper)
    count = a_count(company, keeper, item, place, 9)
    an_issue(company, [(item, 4, place)], by=keeper)

    counting.submit(count, by=keeper)
    counting.approve(count, by=marcus)

    assert OnHand.objects.get().quantity == 5


def test_a_count_is_counted_again_or_dropped(company, keeper, marcus):
    item, place = an_item(company), a_bin(company)
    a_receipt(company, [(item, 10, 3, place)], by=keeper)
    count = counting.submit(a_count(company, keeper, item, place, 1), by=keeper)

    counting.send_back(count, by=marcus, reason="Ten were on the lorry")
    assert count.state == "counting"
    counting.void(count, by=keeper)

    assert (count.state, OnHand.objects.get().quantity) == ("void", 10)
