"""One day across all domains: a starter is hired, gets a laptop that is bought, billed and paid; a leaver gives one back.

Every step is the verb that a person presses; the trial balance explains all of it, each entry leads to its document.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from backoffice.access.models import User
from backoffice.core.verifying import verifications
from backoffice.messaging.models import Notice, OutgoingMail
from backoffice.parties.models import PartyBankAccount
from finance.banking import exporting, proposing, releasing
from finance.ledger.models import JournalEntry, JournalLine, OpenItem
from finance.payables import approving as bill_approving
from finance.payables import entering
from finance.payables.models import Bill, BillLine
from finance.tax.models import TaxCode
from hr.people import hiring, leaving
from hr.people.models import Employment
from inventory.stock import entering as stock_entering
from inventory.stock import receiving, scanning
from inventory.stock.models import Expected, GoodsReceipt
from itsm.assets import handing, outfitting
from itsm.assets.models import Asset, Outfit
from procurement.purchasing import approving, ordering, requesting, sending
from procurement.purchasing.models import PurchaseOrder, Requisition
from procurement.suppliers.models import Supplier

pytestmark = [pytest.mark.slow]


@pytest.fixture
def laptop(company):
    return company.items.select_related("category", "unit").get(code="LAP-14")


@pytest.fixture
def supplier(company, people):
    """An approved supplier whose bank details have rested."""
    found = Supplier.objects.filter(company=company, state="approved", party__currency="GBP").order_by("pk").first()
    PartyBankAccount.objects.filter(party=found.party).update(entered_at=timezone.now() - timedelta(days=30))
    return found


def hired(company, people, on):
    """Mira Lang starts in IT, with a sign-in of her own."""
    department = company.departments.get(code="IT")
    centre = company.cost_centres.get(code="IT")
    starter = hiring.Starter(
        first_names="Mira",
        last_name="Lang",
        starts_on=on,
        job_title="Engineer",
        department=department,
        cost_centre=centre,
    )
    employment = hiring.hire(company, starter, by=people["fiona"])
    user = User.objects.create_user("mira.lang@calderwren.example", "Kestrel-77-Harbour", name="Mira Lang")
    employment.person.user = user
    employment.person.save()
    return employment, user


def ordered(company, people, requisition, supplier, on):
    """The department's head approves, the buyer orders, finance approves, the order goes out by mail."""
    requesting.approve(requisition, by=people["grace"])
    line = requisition.lines.get()
    order = ordering.order_from(
        [ordering.Portion(line.pk)],
        supplier=supplier,
        by=people["rosa"],
        warehouse=company.warehouses.get(code="LN"),
        on=on,
    )
    order = PurchaseOrder.objects.get(pk=order.pk)
    wanted = list(order.lines.select_related("item"))
    wanted[0].price = Decimal("890.00")
    wanted[0].tax_code = TaxCode.objects.get(company=company, code="S20")
    ordering.change(order, by=people["rosa"], version=order.version, lines=wanted)
    order = PurchaseOrder.objects.get(pk=order.pk)
    approving.submit(order, by=people["rosa"])
    if order.state == PurchaseOrder.State.SUBMITTED:
        approving.approve(order, by=people["grace"])
    order = PurchaseOrder.objects.get(pk=order.pk)
    sending.send(order, by=people["rosa"])
    requisition.refresh_from_db()
    assert requisition.state == Requisition.State.ORDERED
    return PurchaseOrder.objects.get(pk=order.pk)


def received(order, people, on):
    row = Expected.objects.get(origin_number=order.number)
    receipt = stock_entering.receive_order(
        row.origin_type_id, row.origin_id, company=order.company, on=on, by=people["imran"]
    )
    scanning.count(receipt, row, Decimal(1), by=people["imran"])
    return receiving.post(GoodsReceipt.objects.get(pk=receipt.pk), by=people["imran"])


def billed(order, people, laptop, on):
    bill = Bill(
        company=order.company,
        party=order.supplier.party,
        reference="LAP-1001",
        order_reference=order.number,
        bill_date=on,
        tax_point=on,
        due_on=on,
        booked_on=on,
        currency="GBP",
    )
    line = BillLine(
        text=laptop.name,
        article=laptop.code,
        quantity=Decimal(1),
        unit_price=Decimal("890.00"),
        tax_code=TaxCode.objects.get(company=order.company, code="S20"),
    )
    entering.enter(bill, by=people["tom"], lines=[line])
    bill_approving.submit(bill, by=people["tom"])
    return Bill.objects.get(pk=bill.pk)


def paid(company, people, bill, on):
    """Tom proposes what is due, Grace releases; what waited in other proposals is left where it is."""
    run = proposing.propose(
        company.bank_accounts.get(currency="GBP"), source="bills", pay_on=on, due_until=on, by=people["tom"]
    )
    assert run.payments.filter(items__key=f"bill:{bill.pk}").exists()
    run = releasing.release(run, by=people["grace"])
    return exporting.export(run, by=people["grace"])


def test_a_starter_gets_a_laptop_and_a_leaver_gives_one_back(company, people, laptop, supplier):
    today = timezone.localdate()
    employment, mira = hired(company, people, today)
    outfit = Outfit.objects.get(employment=employment)
    outfitting.request(outfit, by=people["ben"], items=[laptop])
    requisition = Requisition.objects.get(pk=outfit.requisition_id)
    assert requisition.state == Requisition.State.SUBMITTED

    order = ordered(company, people, requisition, supplier, today)
    assert OutgoingMail.objects.filter(subject__contains=order.number).exists()
    receipt = received(order, people, today)
    asset = Asset.objects.get(receipt_line__receipt=receipt)
    assert asset.cost == Decimal("890.00")

    bill = billed(order, people, laptop, today)
    assert bill.state == Bill.State.POSTED, "as ordered and received, it passes by rule"
    paid(company, people, bill, today)
    assert OpenItem.objects.get(line__entry=bill.entry_id).rest == 0

    handing.hand_over(asset, by=people["ben"], employment=employment)
    handing.accept(Asset.objects.get(pk=asset.pk), by=mira)

    leaving.give_notice(
        Employment.objects.get(pk=employment.pk), by=people["fiona"], last_day=today, access_ends_at=timezone.now()
    )
    tomorrow = timezone.now() + timedelta(days=1)
    leaving.end_access_due(tomorrow)
    leaving.depart_due(tomorrow)
    assert "equipment to get back" in Notice.objects.filter(to=people["ben"]).latest("pk").title
    handing.take_back(Asset.objects.get(pk=asset.pk), by=people["ben"])
    mira.refresh_from_db()
    assert not mira.is_active, "access ended at the set time"

    entries = JournalEntry.objects.filter(origin_id__in=[receipt.pk, bill.pk], posted_by__isnull=False)
    client = Client()
    client.force_login(people["grace"], backend="backoffice.access.backends.RoleBackend")
    for entry in entries:
        assert client.get(entry.get_absolute_url()).status_code == 200
    assert JournalLine.objects.filter(entry=receipt.entry, account__role="equipment").get().debit == Decimal("890.00")
    assert [f for check in verifications for f in check.findings()] == []
