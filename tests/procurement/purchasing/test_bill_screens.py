"""A bill beside its order on the screen: what differs, who may accept it, matching by hand, asking for credit."""

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.messaging.models import OutgoingMail
from finance.ledger.models import Role
from finance.payables import approving, blocking
from finance.payables.models import BillLine
from procurement.purchasing import grni, judging, matching
from procurement.purchasing.models import OrderLine
from tests.factories_matching import balance, billed, delivery_account, received
from tests.factories_purchasing import an_order
from tests.factories_stock import an_item
from tests.fixtures_world import a_user, all_rights

pytestmark = pytest.mark.django_db


def page(user, url, **data):
    client = Client()
    client.force_login(user)
    return client.post(url, data) if data else client.get(url)


@pytest.fixture
def rosa(company):
    apps = ("suppliers", "purchasing", "stock", "catalogue", "payables", "ledger", "documents", "tax", "parties")
    return a_user("Rosa Lind", *all_rights(*apps), "organisation.view_company", company=company)


@pytest.fixture
def differing(company, northmoor, boxes, rosa, imran, tom, priya):
    """The bill of screen 04, posted and blocked."""
    tape = an_item(company, "PTP-48", name="Paper tape 48 mm", tax_code=boxes.tax_code)
    order = an_order(northmoor, [(boxes, 600, "14.20"), (tape, 144, "3.60")], by=rosa)
    received(order, 588, 144, by=imran, rejected=0)
    bill = billed(
        order, ("Mailing box MBX-60", 600, "14.80"), ("Paper tape 48 mm", 144, "3.60"), ("Delivery", 1, "40.00"), by=tom
    )
    BillLine.objects.filter(bill=bill, place=3).update(account=delivery_account(company))
    approving.submit(bill, by=tom)
    return approving.approve(bill, by=priya)


def test_the_page_shows_order_receipt_and_bill_side_by_side(differing, rosa):
    text = page(rosa, differing.get_absolute_url()).content.decode()

    assert "Order, receipt and bill" in text
    assert "3 differences" in text
    assert "+530.40" in text and "+40.00" in text
    assert "the price is 4.2% over the order; the limit is 2%" in text
    assert "Ask for credit of GBP 684.48" in text
    assert "Payment blocked: Price" in text


def test_the_buyer_accepts_the_differences_on_a_page(differing, rosa):
    answer = page(rosa, reverse("purchasing:bill_accept", args=[differing.pk]), reason="Agreed by telephone")

    assert answer.status_code == 302
    assert not blocking.open_blocks(differing).exists()


def test_without_the_right_nobody_accepts_matches_or_writes(differing, imran):
    for name in ("bill_accept", "bill_choose", "bill_credit"):
        assert page(imran, reverse(f"purchasing:{name}", args=[differing.pk])).status_code in (403, 404)


def test_asking_for_credit_is_a_draft_that_a_person_sends(differing, rosa):
    url = reverse("purchasing:bill_credit", args=[differing.pk])
    shown = page(rosa, url).content.decode()
    assert "684.48" in shown and "orders@northmoor.example" in shown

    answer = page(rosa, url, to="orders@northmoor.example", subject="Please credit", text="Dear Northmoor")

    assert answer.status_code == 302
    assert OutgoingMail.objects.filter(subject="Please credit").exists()


def test_a_person_corrects_the_match(company, northmoor, boxes, rosa, imran, tom):
    order = an_order(northmoor, [(boxes, 10, "10.00")], by=rosa)
    received(order, 10, by=imran)
    bill = billed(order, ("Something quite different", 10, "10.00"), by=tom)
    line = bill.lines.get()
    assert judging.compare(bill) is None

    matching.choose(line, OrderLine.objects.get(order=order), by=rosa)
    assert judging.compare(bill).off == 0
    answer = page(rosa, reverse("purchasing:bill_choose", args=[bill.pk]), **{f"line{line.pk}": "0"})

    assert answer.status_code == 302
    bill.__dict__.pop("_compared", None)
    assert judging.compare(bill) is None
    matching.forget(line, by=rosa)
    assert not matching.chosen(bill)


def test_goods_received_are_explained_line_by_line(company, differing):
    rows = grni.explain(company)

    assert [row.rest for row in rows] == [-balance(company, Role.GRNI)]
    assert sum(row.rest for row in rows) == grni.balance(company)
    assert len(grni.explain(company, whole=True)) == 2
