"""A journey: a colleague needs boxes, another approves, the buyer orders, a third approves, the supplier gets the paper."""

import pytest

from backoffice.messaging.models import OutgoingMail
from inventory.stock.models import Expected
from procurement.purchasing.models import PurchaseOrder, Requisition
from tests.browsing import LIGHT
from tests.factories_purchasing import a_centre, a_price, a_supplier
from tests.factories_stock import a_bin, an_item, journals
from tests.fixtures_world import a_company
from tests.journeys.test_people import SERIOUS, somebody

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

    mail = OutgoingMail.objects.get(address="orders@northmoor.example")
    assert mail.attachments.get().name == "PO-2026-00001.pdf"
    assert Expected.objects.get().quantity == 600
    assert Requisition.objects.get().state == "ordered"
