"""Journeys of buying: from a wish to the order in the supplier's mail, and from the door to the paid-for difference."""

from datetime import date
from decimal import Decimal

import pytest

from backoffice.messaging.models import OutgoingMail
from finance.ledger.models import Account, JournalLine, Role
from finance.payables import blocking
from finance.payables.models import Bill, BillLine, SupplierTerms
from inventory.catalogue.models import Barcode
from inventory.stock.models import CostEntry, Expected, GoodsIssue, GoodsReceipt, OnHand
from procurement.purchasing import grni
from procurement.purchasing.models import PurchaseOrder, Requisition
from tests.browsing import DARK, LIGHT, PHONE
from tests.factories_matching import balance, stock_is_in_the_books
from tests.factories_purchasing import a_centre, a_price, a_supplier, an_order, papers_drawn
from tests.factories_stock import a_bin, an_item, journals
from tests.fixtures_world import a_company
from tests.journeys import papers
from tests.journeys.test_people import SERIOUS, somebody
from tests.journeys.test_stock import fits, scanned
from tests.journeys.test_supplier_bill import brought_in, pressed

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def house(transactional_db):
    company = a_company()
    journals(company)
    return company


def judged(window, picture):
    """Nothing serious to find."""
    window.settle()
    window.picture(picture)
    assert [f for f in window.findings() if f[1] in SERIOUS] == []


def test_from_the_wish_to_the_order_in_the_suppliers_mail(house, visit):
    rosa, priya = somebody(house, "Rosa Lind", "member", "buyer"), somebody(house, "Priya Nair", "finance-manager")
    owen, box = somebody(house, "Owen Hughes", "member"), an_item(house, "MBX-60", name="Mailing box")
    northmoor = a_supplier(house, by=priya)
    a_bin(house)
    centre = a_centre(house)
    a_price(northmoor, box, "14.20", code="NP-60")

    asking = visit(owen, LIGHT)
    asking.go("/purchasing/requisitions/new/")
    page = asking.page
    page.locator("[name=purpose]").fill("Boxes for the peak")
    page.locator("[name=department]").select_option(str(centre.department_id))
    page.locator("[name=cost_centre]").select_option(str(centre.pk))
    page.locator("[name=lines-0-item]").select_option(str(box.pk))
    page.locator("[name=lines-0-quantity]").fill("600")
    judged(asking, "requisition-new")
    page.get_by_role("button", name="Send for approval").click()
    page.wait_for_url(lambda url: "new" not in url)
    judged(asking, "requisition")
    wish = Requisition.objects.get()
    assert (wish.state, wish.total) == ("submitted", 8520)

    approving = visit(priya, LIGHT)
    approving.go(wish.get_absolute_url())
    approving.page.get_by_role("button", name="Approve").first.click()
    approving.page.get_by_text("Approved").first.wait_for()

    buying = visit(rosa, LIGHT)
    page = buying.page
    buying.go("/purchasing/to-order/")
    judged(buying, "to-order")
    page.get_by_label("Order Mailing box").check()
    page.get_by_role("button", name="Draft orders").click()
    page.wait_for_url("**/purchasing/orders/*/")
    judged(buying, "order-draft")
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("Waiting for approval").first.wait_for()
    order = PurchaseOrder.objects.get()

    approving.go(order.get_absolute_url())
    approving.page.get_by_role("button", name="Approve").first.click()
    approving.page.get_by_text("Approved, not sent").first.wait_for()

    buying.go(order.get_absolute_url())
    page.get_by_role("button", name="Send to the supplier").click()
    page.get_by_text("Sent", exact=True).first.wait_for()
    judged(buying, "order-sent")

    papers_drawn()
    mail = OutgoingMail.objects.get(address="orders@northmoor.example")
    assert mail.attachments.get().name == "PO-2026-00001.pdf"
    assert Expected.objects.get().quantity == 600
    assert Requisition.objects.get().state == "ordered"


def received_at_the_door(window, order):
    """On a phone: 588 boxes and all the tape come in, twelve boxes are refused as damaged."""
    page = window.page
    window.go("/stock/expected/")
    page.get_by_role("link", name=order.number).first.click()
    page.get_by_role("button", name="Count in").click()
    page.wait_for_url("**/scan/")
    came = (("5012345678900", "Mailing box", "588", "12"), ("5012345678917", "Paper tape", "144", ""))
    for code, name, accepted, refused in came:
        page.locator("#code").focus()
        scanned(window, code)
        card = page.locator("section", has=page.locator("[name=accepted]")).filter(has_text=name)
        card.get_by_label("Accepted").fill(accepted)
        if refused:
            card.get_by_label("Refused", exact=True).fill(refused)
            card.get_by_label("Why refused").select_option("damaged")
        with page.expect_navigation():
            card.get_by_role("button", name="Keep this line").click()
        window.settle()
    page.get_by_label("Delivery note").fill("DN-4471")
    fits(window)
    page.get_by_role("button", name="Receive").click()
    page.wait_for_url(lambda url: "scan" not in url)


def issued(window, item, quantity, centre):
    """So many of an item go to a cost centre."""
    page = window.page
    window.go("/stock/issues/new/")
    page.locator("[name=warehouse]").select_option(index=1)
    page.locator("[name=cost_centre]").select_option(str(centre.pk))
    page.locator("[name=issued_on]").fill("23.11.2026")
    page.locator("[name=lines-0-item]").select_option(str(item.pk))
    page.locator("[name=lines-0-bin]").select_option(str(OnHand.objects.filter(item=item).first().bin_id))
    page.locator("[name=lines-0-quantity]").fill(quantity)
    with page.expect_navigation():
        page.get_by_role("button", name="Issue").first.click()
    window.settle()
    assert "new" not in page.url, window.text()


def uploaded(window, order, reference, *rows):
    """The supplier's electronic invoice of (text, article, quantity, price) comes in by the screen; the draft bill."""
    lines = [
        BillLine(text=text, article=code, quantity=Decimal(quantity), unit_price=Decimal(price))
        for text, code, quantity, price in rows
    ]
    party = order.supplier.party
    paper = papers.an_invoice_of(order.company, party, reference, lines, on=date(2026, 11, 20), order=order.number)
    brought_in(window, papers.as_upload(f"{reference}.xml", paper))
    bill = Bill.objects.get(reference=reference)
    window.go(bill.get_absolute_url())
    return bill


def test_from_the_door_to_the_released_payment(house, visit):
    imran, tom = (
        somebody(house, "Imran Sadiq", "member", "storekeeper"),
        somebody(house, "Tom Ash", "member", "ap-clerk"),
    )
    rosa = somebody(house, "Rosa Lind", "member", "buyer")
    priya = somebody(house, "Priya Nair", "member", "finance-manager")
    box, tape = an_item(house, "MBX-60", name="Mailing box"), an_item(house, "PTP-48", name="Paper tape")
    for item, code in ((box, "5012345678900"), (tape, "5012345678917")):
        Barcode.objects.create(company=house, item=item, code=code)
    northmoor, centre = a_supplier(house, by=priya), a_centre(house)
    order = an_order(northmoor, [(box, 600, "14.20"), (tape, 144, "3.60")], by=rosa, approver=priya)

    door = visit(imran, PHONE)
    received_at_the_door(door, order)
    door.picture("buying-received-phone")
    assert GoodsReceipt.objects.get().lines.get(item=box).rejected == 12
    issued(visit(imran), box, "88", centre)
    assert (GoodsIssue.objects.get().state, OnHand.objects.get(item=box).quantity) == ("posted", 500)

    # A little dearer: nobody is asked, and the difference goes to stock and to whom the 88 were issued.
    clerk = visit(tom)
    first = uploaded(clerk, order, "NP-1", ("Mailing box", "MBX-60", "300", "14.30"), ("Tape", "PTP-48", "144", "3.60"))
    judged(clerk, "buying-inside-tolerance")
    pressed(clerk, "submit")
    first.refresh_from_db()
    assert first.state == "posted" and not blocking.open_blocks(first).exists()
    learnt = sum(entry.amount for entry in CostEntry.objects.filter(kind=CostEntry.Kind.LATE, entry=first.entry))
    assert 0 < learnt < 30, "a part of the 30.00 is in stock, the rest went with the goods"
    assert stock_is_in_the_books(house)
    assert "Matched" in clerk.text()

    # Too dear, too many, and a delivery that nobody ordered: posted once it is approved, and its payment is blocked.
    account = Account.objects.filter(company=house, code="5120").first()
    SupplierTerms.objects.update_or_create(party=northmoor.party, defaults={"account": account, "cost_centre": centre})
    rows = (("Mailing box", "MBX-60", "300", "14.80"), ("Delivery", "", "1", "40.00"))
    second = uploaded(clerk, order, "NP-2", *rows)
    assert "3 differences" in clerk.text()
    pressed(clerk, "submit")
    approving = visit(priya)
    approving.go(second.get_absolute_url())
    pressed(approving, "approve")
    second.refresh_from_db()
    assert second.state == "posted"
    blocks = blocking.open_blocks(second)
    assert {block.reason for block in blocks} >= {"price", "quantity"} and {block.owner for block in blocks} == {rosa}
    for dress in (LIGHT, DARK, PHONE):
        window = visit(rosa, dress)
        window.go(second.get_absolute_url())
        window.settle()
        window.picture(f"buying-blocked-{dress[0]}-{dress[1]}")
        for words in ("Payment blocked", "12 were refused: damaged", "4.2% over the order", "Rosa Lind"):
            assert words in window.text()
        fits(window)

    # What is owed and not billed is explained line by line.
    reading = visit(priya)
    reading.go("/reports/purchasing.goods_not_invoiced/")
    judged(reading, "buying-not-invoiced")
    assert "The ledger says the same" in reading.text(), reading.text()
    assert sum(row.rest for row in grni.explain(house)) == grni.balance(house) == -balance(house, Role.GRNI)

    # The buyer accepts what differs, and the payment is free.
    buying = visit(rosa)
    buying.go(second.get_absolute_url())
    buying.page.get_by_role("link", name="Accept differences").click()
    buying.page.locator("[name=reason]").fill("Agreed by telephone")
    with buying.page.expect_navigation():
        buying.page.get_by_role("button", name="Accept differences").click()
    judged(buying, "buying-accepted")
    assert not blocking.open_blocks(second).exists()
    assert sum(line.debit - line.credit for line in JournalLine.objects.filter(entry__company=house)) == 0
