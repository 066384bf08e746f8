"""What was ordered is received as it was ordered, whoever writes the receipt down."""

from decimal import Decimal

import pytest

from backoffice.core.errors import Refused
from finance.ledger.models import Role
from inventory.stock import receiving
from inventory.stock.models import Expected, GoodsReceipt, ReceiptLine
from tests.factories_matching import balance
from tests.factories_purchasing import TODAY, a_supplier, an_order
from tests.factories_stock import a_bin, an_item

pytestmark = pytest.mark.django_db


def drafted(order, by, *, party=None, **line):
    place = a_bin(order.company)
    kept = {"company": order.company, "warehouse": place.warehouse, "entered_by": by, "changed_by": by}
    receipt = GoodsReceipt.objects.create(party=party or order.supplier.party, received_on=TODAY, **kept)
    expected = Expected.objects.get(origin_id=order.pk)
    ReceiptLine.objects.create(receipt=receipt, place=1, expected=expected, bin=place, quantity=4, **line)
    return receipt


def test_goods_cost_what_the_order_says_when_they_come(company, rosa, imran, northmoor, boxes):
    order = an_order(northmoor, [(boxes, 10, "5.00")], by=rosa)

    receipt = receiving.post(drafted(order, imran, unit_cost=Decimal("0.01")), by=imran)

    line = receipt.lines.get()
    assert (line.item, line.unit_cost, line.value) == (boxes, 5, 20)
    assert balance(company, Role.GRNI) == -20


def test_another_item_or_another_supplier_is_refused(company, rosa, imran, northmoor, boxes):
    order = an_order(northmoor, [(boxes, 10, "5.00")], by=rosa)
    other = a_supplier(company, "Pennine Glass Ltd", by=rosa).party

    with pytest.raises(Refused, match="Line 1 was ordered as MBX-60"):
        receiving.post(drafted(order, imran, item=an_item(company, "TAPE")), by=imran)
    with pytest.raises(Refused, match="was not ordered from Pennine Glass"):
        receiving.post(drafted(order, imran, party=other), by=imran)
