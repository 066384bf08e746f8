"""The bill of an order: typed in from what is left to bill, on goods received or on the order itself."""

from decimal import Decimal

import pytest

from backoffice.core.errors import Refused
from finance.ledger.models import Role
from finance.payables import approving as bill_approving
from finance.payables import blocking
from finance.payables.models import Bill
from procurement.purchasing import billing, judging
from procurement.suppliers.models import BilledOn
from tests.factories_matching import balance, billed, received, stock_is_in_the_books
from tests.factories_purchasing import TODAY, an_order
from tests.fixtures_world import a_user

pytestmark = pytest.mark.django_db
D = Decimal


def test_a_bill_on_receipt_asks_for_what_came_and_is_not_yet_billed(company, rosa, tom, imran, northmoor, boxes):
    order = an_order(northmoor, [(boxes, 10, "5.00")], by=rosa)
    with pytest.raises(Refused, match="Nothing of"):
        billing.draft(order, by=tom, reference="NP-1", on=TODAY)

    received(order, 4, by=imran)
    bill = billing.draft(order, by=tom, reference="NP-1", on=TODAY)

    assert (bill.state, bill.net, bill.order_reference) == ("draft", D("20.00"), order.number)
    assert (bill.due_on - TODAY).days == order.payment_days
    bill_approving.submit(bill, by=tom)
    assert bill.state == Bill.State.POSTED
    assert balance(company, Role.GRNI) == 0
    with pytest.raises(Refused, match="Nothing of"):
        billing.draft(order, by=tom, reference="NP-2", on=TODAY)


def test_a_bill_in_advance_waits_for_no_goods_and_the_receipt_settles_it(company, rosa, tom, imran, northmoor, boxes):
    northmoor.billed_on = BilledOn.ORDER
    northmoor.save()
    order = an_order(northmoor, [(boxes, 10, "5.00")], by=rosa, billed_on=northmoor.billed_on)

    bill = billing.draft(order, by=tom, reference="NP-1", on=TODAY)
    bill_approving.submit(bill, by=tom)

    assert (bill.state, bill.net) == (Bill.State.POSTED, D("50.00"))
    assert not blocking.open_blocks(bill).exists()
    assert balance(company, Role.GRNI) == D("50.00")
    received(order, 10, by=imran)
    assert balance(company, Role.GRNI) == 0
    assert stock_is_in_the_books(company)


def test_more_than_was_ordered_in_advance_is_a_difference(company, rosa, tom, northmoor, boxes):
    order = an_order(northmoor, [(boxes, 10, "5.00")], by=rosa, billed_on=BilledOn.ORDER)
    bill = billed(order, ("Mailing box MBX-60", 11, "5.00"), by=tom)

    bill_approving.submit(bill, by=tom)

    assert bill.state == Bill.State.SUBMITTED
    assert [finding.text for finding in judging.compare(bill).findings] == ["MBX-60: 11 are billed, 10 were ordered."]


def test_a_draft_order_has_no_bill(company, rosa, tom, northmoor, boxes):
    order = an_order(northmoor, [(boxes, 10, "5.00")], by=rosa, state="approved")

    with pytest.raises(Refused, match="does not know it yet"):
        billing.draft(order, by=tom, reference="NP-1", on=TODAY)


@pytest.fixture
def clerk(company):
    """Enters bills and looks at orders."""
    rights = ["payables.add_bill", "payables.view_bill", "purchasing.view_purchaseorder", "purchasing.view_orderline"]
    return a_user("Hannah Reid", *rights, company=company)


def test_the_clerk_types_the_bill_in_from_the_orders_page(company, rosa, clerk, imran, northmoor, boxes, client):
    order = an_order(northmoor, [(boxes, 10, "5.00")], by=rosa)
    address = f"/purchasing/orders/{order.pk}/bill/"
    client.force_login(clerk)
    assert address not in client.get(order.get_absolute_url()).content.decode()
    early = client.get(address)
    assert early.status_code == 409 and "left to bill" in early.content.decode()

    received(order, 10, by=imran)
    assert address in client.get(order.get_absolute_url()).content.decode()
    blank = client.post(address, {"reference": "", "on": "20.11.2026"})
    done = client.post(address, {"reference": "NP-88213", "on": "2026-11-20"})

    assert blank.status_code == 422 and "20" in blank.content.decode()
    bill = Bill.objects.get(reference="NP-88213")
    assert done["Location"] == bill.get_absolute_url()
    assert "Compare it with the paper" in client.get(done["Location"]).content.decode()
    again = client.post(address, {"reference": "NP-88213", "on": "2026-11-20"})
    assert again.status_code == 409 and "already" in again.content.decode()
    client.force_login(imran)
    assert client.get(address).status_code == 403


def test_a_program_drafts_the_bill_of_an_order(company, rosa, clerk, imran, northmoor, boxes, client):
    order = an_order(northmoor, [(boxes, 10, "5.00")], by=rosa)
    received(order, 10, by=imran)
    address = f"/api/v1/purchasing/orders/{order.ref}/bill/"
    client.force_login(clerk)

    wrong = client.post(address, {"reference": "NP-1"}, content_type="application/json")
    made = client.post(address, {"reference": "NP-1", "on": "2026-11-20"}, content_type="application/json")

    assert wrong.status_code == 400 and "on" in wrong.content.decode()
    assert made.status_code == 201, made.content.decode()
    assert (made.json()["state"], made.json()["net"]) == ("draft", "50.0000")
    client.force_login(imran)
    refused = client.post(address, {"reference": "NP-2", "on": "2026-11-20"}, content_type="application/json")
    assert refused.status_code == 403
