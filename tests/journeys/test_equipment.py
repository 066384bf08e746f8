"""A journey of two laptops: bought, labelled, handed over and accepted on a phone, asked back when somebody leaves.

How orders, receipts and bills are made in the browser is walked elsewhere; here their verbs set the scene.
"""

from decimal import Decimal
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from backoffice.messaging.models import Notice
from finance.payables import approving, blocking
from finance.payables.models import Bill
from hr.people import leaving
from itsm.assets import labels
from itsm.assets.models import Asset
from procurement.purchasing import approving as purchasing
from procurement.purchasing import ordering, sending
from procurement.purchasing.models import OrderLine, PurchaseOrder
from tests.browsing import AWAKE, DARK, PHONE
from tests.factories_assets import a_laptop
from tests.factories_matching import billed, received
from tests.factories_people import an_employment, an_officer
from tests.factories_purchasing import TODAY, a_supplier
from tests.factories_purchasing import somebody as a_buyer
from tests.factories_stock import a_bin
from tests.fixtures_world import a_company
from tests.journeys.test_people import SERIOUS, somebody

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def house(transactional_db):
    return a_company()


def fits(window):
    """Nothing serious to find, and nothing that must be scrolled sideways."""
    window.settle()
    assert [f for f in window.findings() if f[1] in SERIOUS] == []
    assert window.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def asked(window, verb):
    """Open the dialog of a verb that asks something first: in the head, on a phone in the dock."""
    place = ".head" if window.page.viewport_size["width"] > 700 else ".dock"
    window.page.locator(f"{place} a[href$='/{verb}/']").first.click()
    window.page.locator("#ask footer").wait_for()
    window.page.wait_for_function(AWAKE)


def confirmed(window):
    with window.page.expect_navigation():
        window.page.click("#ask footer .btn:not([data-act])")
    window.settle()


def bought(house):
    """Two laptops ordered at 890.00, received, and billed 5.00 dearer apiece, within what is tolerated."""
    rosa, imran, tom, priya = (
        a_buyer(house, name) for name in ("Rosa Lind", "Imran Sadiq", "Tom Ashworth", "Priya Nair")
    )
    supplier = a_supplier(house, "Kestrel Computers Ltd", by=rosa)
    order = PurchaseOrder(
        company=house, supplier=supplier, buyer=rosa, warehouse=a_bin(house).warehouse, ordered_on=TODAY, needed_on=TODAY, currency="GBP"
    )  # fmt: skip
    ordering.enter(order, by=rosa, lines=[OrderLine(item=a_laptop(house), quantity=2, price=Decimal(890))])
    purchasing.submit(order, by=rosa)
    purchasing.approve(order, by=priya)
    sending.send(order, by=rosa)
    received(order, 2, by=imran)
    bill = billed(order, ("Laptop 14 inch", 2, "895.00"), by=tom)
    approving.submit(bill, by=tom)
    if bill.state == Bill.State.SUBMITTED:
        approving.approve(bill, by=priya)
    assert bill.state == Bill.State.POSTED
    assert not blocking.open_blocks(bill).exists()
    return order, bill


def test_a_laptop_from_its_order_to_its_return(house, visit):
    order, bill = bought(house)
    ben, grace = (
        somebody(house, "Ben Carlisle", "member", "it-agent"),
        somebody(house, "Grace Okafor", "finance-director"),
    )
    daniel = somebody(house, "Daniel Osei", "member")
    employment = an_employment(house, by=an_officer(house), user=daniel)
    laptop, other = Asset.objects.order_by("number")

    window = visit(grace, DARK)
    window.go(laptop.get_absolute_url())
    words = window.text()
    for known in (
        "895.00",
        "0130 Computers at cost",
        "Kestrel Computers Ltd",
        order.number,
        bill.number,
        laptop.receipt_line.receipt.number,
    ):
        assert known in words, known
    assert laptop.cost + other.cost == Decimal("1790.00")
    window.picture("asset-dark")
    fits(window)
    window.page.locator(f"main a[href='{bill.get_absolute_url()}']").click()
    assert bill.reference in window.text()

    window = visit(ben)
    page = window.page
    window.go("/assets/?view=stock")
    page.get_by_role("link", name=laptop.number).first.click()
    with window.context.expect_page() as opened:
        page.locator(".head a[href$='/label/']").click(modifiers=["Control"])
    opened.value.close()
    sticker = page.request.get(window.url + f"{laptop.get_absolute_url()}label/")
    (sheet,) = PdfReader(BytesIO(sticker.body())).pages
    assert laptop.number in sheet.extract_text()
    assert labels.address(laptop).endswith(f"/assets/t/{laptop.number}/")
    asked(window, "hand_over")
    if page.locator("select[name=employment]").count():
        page.locator("select[name=employment]").select_option(str(employment.pk))
    else:
        page.locator("[name=employment-text]").fill("Osei")
        page.locator(".pop:not([hidden]) [role=option]").first.wait_for()
        page.keyboard.press("Enter")
    confirmed(window)
    assert "not accepted yet" in window.text()
    window.picture("asset-handed-over")
    fits(window)

    own = visit(daniel, PHONE)
    own.go("/")
    own.page.get_by_role("link", name="Laptop 14 inch").first.click()
    own.page.wait_for_url("**/assets/mine/")
    fits(own)
    own.picture("asset-accept-phone")
    with own.page.expect_navigation():
        own.page.get_by_role("button", name=f"Accept {laptop.number}").click()
    assert "Accepted" in own.text()
    assert other.number not in own.text()
    fits(own)
    assert laptop.hand_overs.get().accepted_at is not None

    today = timezone.localdate()
    officer = an_officer(house, "Olga Officer")
    leaving.give_notice(employment, by=officer, last_day=today)
    own.go("/assets/mine/")
    assert f"Give back by {today.day} {today:%b}" in own.text()
    leaving.leave(employment, by=officer)
    assert laptop.number in Notice.objects.get(to=ben, key=f"assets.left:{employment.pk}").text

    scanned = visit(ben, PHONE)
    scanned.go("/assets/?view=back")
    assert laptop.number in scanned.text()
    scanned.go(f"/assets/t/{laptop.number}/")  # what a phone's camera reads from the sticker
    assert scanned.page.url.endswith(laptop.get_absolute_url())
    scanned.settle()
    scanned.picture("asset-back-phone")
    asked(scanned, "take_back")
    scanned.page.locator("#ask [name=condition]").fill("Good as new")
    confirmed(scanned)
    fits(scanned)
    laptop.refresh_from_db()
    assert (laptop.state, laptop.holder, laptop.hand_overs.get().condition) == ("returned", None, "Good as new")
    with scanned.page.expect_navigation():
        scanned.page.locator(".dock form[action$='/restock/'] button").first.click()
    laptop.refresh_from_db()
    assert laptop.state == Asset.State.IN_STOCK
