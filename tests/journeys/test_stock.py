"""A journey on a phone: goods are scanned in, twelve are refused; a shelf is counted blind; another person approves."""

from datetime import date

import pytest

from inventory.catalogue.models import Barcode, ItemUnit
from inventory.stock import expecting
from inventory.stock.expecting import Expectation
from inventory.stock.models import GoodsReceipt, OnHand, StockCount
from tests.browsing import LIGHT, PHONE
from tests.factories_stock import a_bin, a_receipt, an_item, journals
from tests.fixtures_world import a_company, a_party
from tests.journeys.test_people import SERIOUS, somebody

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def house(transactional_db):
    company = a_company()
    journals(company)
    return company


@pytest.fixture
def imran(house):
    return somebody(house, "Imran Sadiq", "member", "storekeeper")


def fits(window):
    """Nothing serious to find, and nothing that must be scrolled sideways."""
    assert [f for f in window.findings() if f[1] in SERIOUS] == []
    assert window.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def scanned(window, code):
    """What a scanner at the keyboard does: the code and Enter, into the field that waits for it."""
    assert window.page.evaluate("document.activeElement.id") == "code"
    window.page.keyboard.type(code)
    with window.page.expect_navigation():
        window.page.keyboard.press("Enter")
    window.settle()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_goods_are_counted_in_at_the_door(house, imran, visit, script):
    supplier, place = a_party(house, "Northmoor Packaging Ltd"), a_bin(house, "IN", kind="receiving")
    box = an_item(house, "MBX-60", name="Mailing box 600×400×300")
    Barcode.objects.create(company=house, item=box, code="5012345678900")
    pack = ItemUnit.objects.create(item=box, name="pack of 25", unit=box.unit, numerator=25)
    Barcode.objects.create(company=house, item=box, item_unit=pack, code="15012345678907")
    line = Expectation(1, 1, supplier, place.warehouse, box.name, 700, "14.20", item=box, due_on=date(2026, 11, 23))
    expecting.expect(house, [line], origin=supplier, number="PO-2026-03311", by=imran)

    window = visit(imran, PHONE, java_script_enabled=script)
    page = window.page
    page.goto(window.url + "/stock/expected/")
    page.get_by_role("link", name="PO-2026-03311").click()
    page.get_by_role("button", name="Count in").click()
    page.wait_for_url("**/scan/")
    if script:
        fits(window)
        for code in ("5012345678900", "15012345678907"):
            scanned(window, code)
        assert GoodsReceipt.objects.get().lines.get().quantity == 26
        scanned(window, "404")
        assert "Nothing has the code 404" in window.text("[role=alert]")
        fits(window)
    page.get_by_label("Accepted").fill("688")
    page.get_by_label("Refused", exact=True).fill("12")
    page.get_by_label("Why refused").select_option("damaged")
    page.get_by_role("button", name="Keep this line").click()
    if script:
        page.wait_for_function("document.activeElement.id === 'code'")
        page.keyboard.type("404\n")  # a scanner goes on where the page left it
        page.get_by_text("Nothing has the code 404").wait_for()
    page.get_by_label("Delivery note").fill("DN-4471")
    window.picture("stock-receipt-phone")
    page.get_by_role("button", name="Receive").click()
    page.wait_for_url(lambda url: "scan" not in url)

    receipt = GoodsReceipt.objects.get()
    assert (receipt.state, receipt.delivery_note, receipt.lines.get().rejected) == ("posted", "DN-4471", 12)
    assert OnHand.objects.get().quantity == 688
    if script:
        window.picture("stock-receipt-done-phone")
        fits(window)


def test_a_shelf_is_counted_blind_and_approved_by_another(house, imran, visit):
    box, tape, place = an_item(house, "MBX-60"), an_item(house, "PTP-48"), a_bin(house, "A-01")
    Barcode.objects.create(company=house, item=tape, code="5012345678900")
    a_receipt(house, [(box, 4321, "14.20", place), (tape, 90, "3.60", place)], by=imran)
    priya = somebody(house, "Priya Nair", "member", "finance-manager")

    window = visit(imran, PHONE)
    page = window.page
    window.go("/stock/counts/new/")
    page.locator("[name=warehouse-text], [name=warehouse]").first.wait_for()
    fits(window)
    if page.locator("[name=warehouse-text]").count():
        page.locator("[name=warehouse-text]").fill("Leeds")
        page.locator(".pop:not([hidden]) [role=option]").first.wait_for()
        page.keyboard.press("Enter")
    else:
        page.locator("[name=warehouse]").select_option(str(place.warehouse_id))
    page.locator("[name=counted_on]").fill("23.11.2026")
    page.get_by_role("button", name="Make the list").click()
    page.wait_for_url("**/count/")
    assert "4,321" not in page.content()
    assert "4321" not in page.content()
    window.settle()
    scanned(window, "5012345678900")
    page.keyboard.type("90")  # the field of the scanned item waits for the figure
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "code", "the next scan is waited for"
    page.get_by_label("In A-01").first.fill("4319")
    with page.expect_navigation():
        page.get_by_role("button", name="Keep").first.click()
    window.picture("stock-count-phone")
    fits(window)
    page.get_by_role("button", name="Submit the count").click()
    page.wait_for_url(lambda url: "/count/" not in url)
    assert "4,321" not in page.content()
    window.settle()
    fits(window)

    count = StockCount.objects.get()
    assert (count.state, OnHand.objects.get(item=box).quantity) == ("submitted", 4321)
    for dress in (PHONE, LIGHT):
        other = visit(priya, dress)
        other.go(count.get_absolute_url())
        other.settle()
        other.picture(f"stock-count-waits-{dress[1]}")
        assert "4,321" in other.text()
        fits(other)
    with other.page.expect_navigation():
        other.page.click(".head form[action$='/approve/'] button")

    assert StockCount.objects.get().state == "posted"
    assert OnHand.objects.get(item=box).quantity == 4319
    other.go("/stock/value/")
    assert "Equals the ledger" in other.text()
    fits(other)
