"""A blocked bill is owed and in the books, and not paid before somebody clears the reason."""

import pytest

from backoffice.core.errors import Refused
from finance.payables import blocking, queries
from finance.payables.models import Bill, PaymentBlock
from tests.factories_payables import a_posted_bill
from tests.fixtures_world import a_user, all_rights

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(company):
    return a_user("Tom Clerk", *all_rights("payables", "ledger"), company=company)


@pytest.fixture
def director(company):
    return a_user("Grace Director", *all_rights("payables", "ledger"), company=company)


@pytest.fixture
def bill(northmoor, clerk, director):
    return a_posted_bill(northmoor, by=clerk, approvers=[director])


def blocked_at(bill):
    return queries.with_progress(Bill.objects.filter(pk=bill.pk)).get().blocked_at


def test_a_block_says_why_and_stands_until_somebody_releases_it(bill, clerk, director):
    blocking.block(bill, by=clerk, reason=PaymentBlock.Reason.PRICE, note="Dearer than agreed", owner=director)
    assert blocked_at(bill) is not None

    blocking.release_payment(bill, by=director, note="They raised the price in writing")

    row = PaymentBlock.objects.get()
    assert (row.released_by, row.release_note) == (director, "They raised the price in writing")
    assert blocked_at(bill) is None


def test_one_reason_stands_once_and_nothing_is_released_without_a_note(bill, clerk, director):
    blocking.block(bill, by=clerk, reason=PaymentBlock.Reason.PRICE)

    for wrong in (
        lambda: blocking.block(bill, by=clerk, reason=PaymentBlock.Reason.PRICE),
        lambda: blocking.block(bill, by=clerk, reason="mood"),
        lambda: blocking.release_payment(bill, by=director, note=" "),
        lambda: blocking.release_payment(bill, by=director, note="Fine", reason=PaymentBlock.Reason.QUANTITY),
        lambda: blocking.release_payment(bill, by=clerk, note="I entered it"),
    ):
        with pytest.raises(Refused):
            wrong()
    assert PaymentBlock.objects.filter(released_at=None).count() == 1


def test_a_bill_that_is_not_blocked_cannot_be_released(bill, director):
    with pytest.raises(Refused, match="Nothing blocks"):
        blocking.release_payment(bill, by=director, note="Fine")


def test_whoever_can_clear_a_block_finds_it_in_my_work_until_it_is_cleared(client, bill, clerk, director):
    blocking.block(bill, by=clerk, reason=PaymentBlock.Reason.PRICE, owner=director)
    client.force_login(director)

    page = client.get("/").text
    assert "1 to clear for payment" in page and bill.get_absolute_url() in page

    blocking.release_payment(bill, by=director, note="They raised the price in writing")
    assert "to clear for payment" not in client.get("/").text
    client.force_login(clerk)
    assert "to clear for payment" not in client.get("/").text
