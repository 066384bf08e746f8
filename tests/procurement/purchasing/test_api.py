"""The match for programs: read, compared, corrected, accepted, and its block released, with the same refusals."""

import pytest
from rest_framework.test import APIClient

from finance.payables import blocking
from finance.payables.models import Bill
from procurement.purchasing import matching
from procurement.purchasing.models import MatchChoice, OrderLine
from tests.factories_matching import billed, received
from tests.factories_purchasing import an_order
from tests.fixtures_world import a_user

pytestmark = pytest.mark.django_db
HOUSE = "/api/v1/purchasing"


def calling(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def bill(northmoor, boxes, rosa, imran, tom):
    """Ten boxes ordered at 10.00 and received, billed at 11.00 in words that nobody finds."""
    order = an_order(northmoor, [(boxes, 10, "10.00")], by=rosa)
    received(order, 10, by=imran)
    return billed(order, ("Something quite different", 10, "11.00"), by=tom)


def compared(client, bill):
    return client.get(f"{HOUSE}/matches/comparison/?bill={bill.ref}").data


def test_a_program_matches_submits_posts_and_releases_a_bill(bill, rosa, tom, priya):
    buyer, line = calling(rosa), bill.lines.get()
    assert compared(buyer, bill) == {
        "matched": False, "differences": 0, "difference": "0.0000", "accepted": False, "lines": [],
    }  # fmt: skip

    order_line = OrderLine.objects.get()
    made = buyer.post(f"{HOUSE}/match-choices/", {"bill_line": line.pk, "order_line": order_line.pk})
    assert (made.status_code, made.data["by"]) == (201, rosa.pk), made.data
    (row,) = buyer.get(f"{HOUSE}/matches/?bill={bill.ref}").data["results"]
    assert (row["order_line"], row["quantity"], row["value"], row["entry"]) == (
        order_line.pk, "10.000000", "110.0000", None,
    )  # fmt: skip
    told = compared(buyer, bill)
    assert (told["differences"], told["difference"]) == (1, "10.0000")
    assert told["lines"][0]["findings"][0]["reason"] == "price"

    Bill.flow.perform(Bill.objects.get(pk=bill.pk), "submit", by=tom)
    address = f"/api/v1/payables/bills/{bill.ref}/"
    assert calling(priya).post(f"{address}approve/").data["state"] == "posted"
    assert [b.reason for b in blocking.open_blocks(bill)] == ["price"]
    assert calling(priya).post(f"{address}release_payment/", {"note": "Agreed"}).status_code == 200
    assert not blocking.open_blocks(bill).exists()
    (row,) = buyer.get(f"{HOUSE}/matches/?bill={bill.ref}").data["results"]
    assert (row["cleared"], row["late"]) == ("100.0000", "10.0000")


def test_a_program_accepts_what_differs_with_a_reason(bill, rosa, tom):
    line = bill.lines.get()
    matching.choose(line, OrderLine.objects.get(), by=rosa)
    buyer, body = calling(rosa), {"bill": str(bill.ref), "reason": "Agreed by telephone"}

    assert buyer.post(f"{HOUSE}/acceptances/", {**body, "reason": " "}).status_code == 400
    assert calling(tom).post(f"{HOUSE}/acceptances/", body).status_code == 403
    made = buyer.post(f"{HOUSE}/acceptances/", body)

    assert (made.status_code, made.data["difference"]) == (201, "10.0000"), made.data
    assert compared(buyer, bill)["accepted"] is True
    assert buyer.post(f"{HOUSE}/acceptances/", body).status_code == 409, "it is accepted already"


def test_a_choice_is_made_anew_and_taken_back(bill, rosa, tom, company):
    buyer, line = calling(rosa), bill.lines.get()
    body = {"bill_line": line.pk, "order_line": OrderLine.objects.get().pk}
    assert calling(tom).post(f"{HOUSE}/match-choices/", body).status_code == 403
    for given in (body, {**body, "order_line": None}, body):
        assert buyer.post(f"{HOUSE}/match-choices/", given, format="json").status_code == 201
    choice = MatchChoice.objects.get()

    assert calling(tom).post(f"{HOUSE}/match-choices/{choice.pk}/forget/").status_code == 403
    assert buyer.post(f"{HOUSE}/match-choices/{choice.pk}/forget/").status_code == 204
    assert compared(buyer, bill)["matched"] is False


def test_without_the_right_matches_are_neither_read_nor_compared(bill, company):
    stranger = calling(a_user("Nobody At All", company=company))
    assert stranger.get(f"{HOUSE}/matches/").status_code == 403
    assert stranger.get(f"{HOUSE}/matches/comparison/?bill={bill.ref}").status_code == 403
    assert stranger.get(f"{HOUSE}/acceptances/").status_code == 403
