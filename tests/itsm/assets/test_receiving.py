"""What comes through the door as equipment becomes assets that cost what the books say."""

from decimal import Decimal

import pytest

from backoffice.core import events
from backoffice.core.errors import Refused
from finance.ledger.models import Account, JournalLine
from inventory.stock import receiving as door
from inventory.stock.events import GoodsReturned
from inventory.stock.models import Expected, GoodsReceipt, ReceiptLine
from itsm.assets import handing, receiving
from itsm.assets.models import Asset
from procurement.purchasing import approving, ordering, sending
from procurement.purchasing.models import MatchRow, OrderLine, PurchaseOrder
from reporting.reports import making
from reporting.reports.defining import reports
from tests.factories_assets import TODAY, a_laptop
from tests.factories_payables import a_posted_bill
from tests.factories_purchasing import a_supplier, somebody
from tests.factories_stock import a_bin, a_receipt, a_return, journals
from tests.fixtures_world import a_user, all_rights


@pytest.fixture
def imran(company):
    journals(company)
    return a_user("Imran Sadiq", *all_rights("stock", "ledger", "assets", "parties"), company=company)


def received(company, by, quantity="3", cost="333.33"):
    return a_receipt(company, [(a_laptop(company), quantity, cost, a_bin(company))], by=by)


def booked(company):
    account = Account.objects.get(company=company, role="equipment")
    return sum((n.debit - n.credit for n in JournalLine.objects.filter(account=account)), Decimal(0))


def test_each_piece_becomes_an_asset_and_together_they_cost_what_is_booked(company, imran):
    received(company, imran)

    assets = list(Asset.objects.order_by("number"))
    assert [a.number for a in assets] == ["A-00001", "A-00002", "A-00003"]
    assert sum(a.cost for a in assets) == booked(company) == Decimal("999.99")
    assert {a.supplier for a in assets} == {company.parties.get()}


def test_half_a_laptop_is_refused_and_nothing_is_received(company, imran):
    with pytest.raises(Refused, match="whole pieces"):
        received(company, imran, quantity="1.5")
    assert not GoodsReceipt.objects.filter(state="posted").exists()


def test_an_order_names_itself_on_its_assets(company, imran):
    rosa = somebody(company)
    supplier = a_supplier(company, by=rosa)
    warehouse = a_bin(company).warehouse
    order = PurchaseOrder(
        company=company, supplier=supplier, buyer=rosa, warehouse=warehouse, ordered_on=TODAY, needed_on=TODAY, currency="GBP"
    )  # fmt: skip
    ordering.enter(order, by=rosa, lines=[OrderLine(item=a_laptop(company), quantity=2, price=Decimal(800))])
    approving.submit(order, by=rosa)
    approving.approve(order, by=somebody(company, "Priya Nair"))
    sending.send(order, by=rosa)
    receipt = GoodsReceipt.objects.create(
        company=company,
        warehouse=warehouse,
        party=supplier.party,
        received_on=TODAY,
        entered_by=imran,
        changed_by=imran,
    )
    line = order.lines.get()
    expected = Expected.objects.get(origin_line=line.pk)
    ReceiptLine.objects.create(
        receipt=receipt, place=1, expected=expected, item=line.item, quantity=2, unit_cost=expected.unit_cost
    )

    door.post(receipt, by=imran)

    assert {(a.order_line_id, a.cost) for a in Asset.objects.all()} == {(line.pk, Decimal(800))}


def test_what_goes_back_is_ours_no_more_but_not_while_somebody_uses_it(company, imran):
    receipt = received(company, imran, quantity="2", cost="500")
    line = receipt.lines.get()
    for asset in Asset.objects.all():
        handing.hand_over(asset, by=imran, place="Door")
    with pytest.raises(Refused, match="take the others back"):
        events.publish(GoodsReturned(1, company.pk, ((line.pk, Decimal(1)),)))
    for asset in Asset.objects.all():
        handing.take_back(asset, by=imran)
        handing.restock(asset, by=imran)

    a_return(line, 1, by=imran)

    assert sorted(Asset.objects.values_list("state", "cost")) == [("in_stock", Decimal(500)), ("sent_back", Decimal(0))]
    assert booked(company) == Decimal(500)
    with pytest.raises(Refused):
        receiving.go_back(Asset.objects.get(state="sent_back"), by=imran)  # once is enough


def test_a_dearer_bill_is_shared_over_its_pieces(company, imran):
    receipt = received(company, imran, quantity="2", cost="500")
    rosa = somebody(company)
    grace = a_user("Grace Okafor", *all_rights("payables", "ledger"), company=company)
    bill = a_posted_bill(receipt.party, by=rosa, approvers=[grace], reference="B-1")
    order = PurchaseOrder.objects.create(
        company=company, supplier=a_supplier(company, "Kestrel", by=rosa), buyer=rosa, warehouse=receipt.warehouse,
        ordered_on=TODAY, needed_on=TODAY, currency="GBP", entered_by=rosa, changed_by=rosa,
    )  # fmt: skip
    line = OrderLine.objects.create(order=order, place=1, item=receipt.lines.get().item, quantity=2, price=500)
    MatchRow.objects.create(
        bill_line=bill.lines.first(), order_line=line, receipt_line=receipt.lines.get(), quantity=2, value=1005,
        entry_id=bill.entry_id, cleared=1000, late=Decimal("5.01"),
    )  # fmt: skip

    receiving.learn([receipt.lines.get().pk])

    assert [a.cost for a in Asset.objects.order_by("number")] == [Decimal("502.51"), Decimal("502.50")]
    assert receiving.bills_of(Asset.objects.first()) == [bill]


def test_cheap_equipment_is_an_expense_and_stays_an_asset(company, imran):
    laptop = a_laptop(company)
    laptop.category.capitalise_from = Decimal(250)
    laptop.category.cost_account = Account.objects.filter(company=company, kind="expense", needs_cost_centre=False)[0]
    laptop.category.save()

    a_receipt(company, [(laptop, "1", "249.99", a_bin(company)), (laptop, "1", "250", a_bin(company))], by=imran)

    roles = [asset.account.role for asset in Asset.objects.order_by("number")]
    assert (roles[0] == "equipment", roles[1]) == (False, "equipment")
    assert booked(company) == Decimal(250)
    asked = making.ask("assets.register", {}, company=company, user=imran, on=TODAY)
    assert reports["assets.register"].build(asked).kpis[1].note == "the ledger says the same"


def test_the_register_says_what_the_ledger_says(company, imran):
    received(company, imran)

    asked = making.ask("assets.register", {}, company=company, user=imran, on=TODAY)
    sheet = reports["assets.register"].build(asked)

    assert sheet.rows[-1].cells[-1] == Decimal("999.99")
    assert sheet.kpis[1].note == "the ledger says the same"
