"""One day across all domains, in the browser: a starter, her laptop from the wish to the bank, her pay, her leaving.

Each step is done by whom it falls to, at the size of screen they would have; what another journey walks in all its
turns (an order typed and sent) is done here by its verbs. At the end the trial balance explains all of it.
"""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from backoffice.access.inviting import invite
from backoffice.access.models import Role, User
from backoffice.core.verifying import verifications
from backoffice.messaging.models import Notice, OutgoingMail
from backoffice.parties.models import PartyBankAccount
from finance.banking.models import PaymentRun
from finance.ledger.models import JournalEntry, JournalLine, OpenItem
from finance.payables.models import Bill, BillLine
from hr.payroll import detailing
from hr.payroll.models import PayrollRun
from hr.people import leaving
from hr.people.models import Employment
from inventory.stock.models import GoodsReceipt
from itsm.assets.models import Asset, Outfit
from procurement.purchasing import approving, ordering, sending
from procurement.purchasing.models import PurchaseOrder, Requisition
from procurement.suppliers.models import Supplier
from tests.browsing import AWAKE, PHONE
from tests.factories_payroll import work_off
from tests.factories_purchasing import papers_drawn
from tests.journeys import papers
from tests.journeys.test_supplier_bill import chosen, pressed

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DAY = date(2026, 11, 23)
PRICE = Decimal("890.00")


@pytest.fixture
def clock():
    """The morning of the sample's last day; it ticks."""
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC)) as traveller:
        yield traveller


@pytest.fixture
def supplier(company):
    """An approved supplier whose bank details have rested."""
    found = Supplier.objects.filter(company=company, state="approved", party__currency="GBP").order_by("pk").first()
    PartyBankAccount.objects.filter(party=found.party).update(entered_at=timezone.now() - timedelta(days=30))
    return found


def picked(page, name, words):
    """Choose a row: in the plain list where there are few, by typing where there are many."""
    page.locator(f"[name={name}]").first.wait_for(state="attached")
    page.wait_for_function(AWAKE)
    plain = page.locator(f"select[name={name}]")
    if not plain.count():
        return chosen(page, name, words)
    label = plain.locator("option", has_text=words).first.inner_text()
    return plain.select_option(label=label)


def confirmed(window):
    """Press the button of the dialog that asks."""
    with window.page.expect_navigation():
        window.page.click("#ask footer .btn:not([data-act])")
    window.settle()


def hired(visit, company, people):
    """Fiona enters the starter; the administrator invites her; Fiona names her sign-in."""
    fiona = visit(people["fiona"])
    page = fiona.page
    fiona.go("/people/new/")
    page.fill("[name=first_names]", "Mira")
    page.fill("[name=last_name]", "Lang")
    page.fill("[name=starts_on]", "23 Nov 2026")
    page.fill("[name=job_title]", "Engineer")
    picked(page, "department", "IT")
    picked(page, "cost_centre", "IT")
    page.fill("[name=born_on]", "4 May 1994")
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile(r"/people/\d+/$"))
    employment = Employment.objects.get(person__last_name="Lang")
    member = Role.objects.filter(key="member")
    mira = invite("mira.lang@calderwren.example", "Mira Lang", member, company=company, by=people["ada"])
    fiona.go(f"/people/persons/{employment.person_id}/edit/")
    picked(page, "user", "Mira Lang")
    page.keyboard.press("Control+s")
    page.wait_for_url(lambda url: "edit" not in url)
    employment.person.refresh_from_db()
    assert employment.person.user == mira
    return employment, mira


def asked_for(visit, people, employment):
    """Ben sees the starter, asks purchasing for a laptop; the head of finance approves the request."""
    ben = visit(people["ben"])
    ben.go("/assets/starters/")
    ben.page.get_by_role("link", name=employment.number).first.click()
    ben.settle()
    ben.page.locator(".head a[href$='/request/']").click()
    ben.page.get_by_label("Laptop", exact=False).first.check()
    confirmed(ben)
    requisition = Requisition.objects.get(pk=Outfit.objects.get(employment=employment).requisition_id)
    assert requisition.state == Requisition.State.SUBMITTED
    grace = visit(people["grace"])
    grace.go(requisition.get_absolute_url())
    pressed(grace, "approve")
    requisition.refresh_from_db()
    assert requisition.state == Requisition.State.APPROVED
    return requisition


def ordered(company, people, requisition, supplier):
    """The buyer orders at the agreed price and the order goes out by mail (`test_buying` does this in the browser)."""
    line = requisition.lines.get()
    order = ordering.order_from(
        [ordering.Portion(line.pk)],
        supplier=supplier,
        by=people["rosa"],
        warehouse=company.warehouses.get(code="LN"),
        on=DAY,
    )
    order = PurchaseOrder.objects.get(pk=order.pk)
    wanted = list(order.lines.select_related("item"))
    wanted[0].price = PRICE
    wanted[0].tax_code = company.tax_codes.get(code="S20")
    ordering.change(order, by=people["rosa"], version=order.version, lines=wanted)
    order = PurchaseOrder.objects.get(pk=order.pk)
    approving.submit(order, by=people["rosa"])
    if order.state == PurchaseOrder.State.SUBMITTED:
        approving.approve(order, by=people["grace"])
    sending.send(PurchaseOrder.objects.get(pk=order.pk), by=people["rosa"])
    requisition.refresh_from_db()
    assert requisition.state == Requisition.State.ORDERED
    papers_drawn()
    assert OutgoingMail.objects.filter(subject__contains=order.number).exists()
    return PurchaseOrder.objects.get(pk=order.pk)


def received(visit, people, order):
    """Imran counts it in at the door, on his phone; it is an asset at once."""
    imran = visit(people["imran"], PHONE)
    imran.go("/stock/expected/")
    imran.page.get_by_role("link", name=order.number).first.click()
    imran.page.get_by_role("button", name="Count in").click()
    imran.page.wait_for_url("**/scan/")
    card = imran.page.locator("section.panel", has_text=order.number)  # other orders of the supplier stand there too
    card.get_by_label("Accepted").fill("1")
    card.get_by_role("button", name="Keep this line").click()
    imran.page.get_by_role("button", name="Receive").click()
    imran.page.wait_for_url(lambda url: "scan" not in url)
    receipt = GoodsReceipt.objects.latest("pk")
    assert receipt.state == GoodsReceipt.State.POSTED
    return receipt, Asset.objects.get(receipt_line__receipt=receipt)


def billed(visit, company, people, order):
    """Tom brings in the supplier's file; as ordered and received it needs nobody: it posts by itself."""
    article = order.lines.get().item
    rows = [BillLine(text=article.name, article=article.code, quantity=Decimal(1), unit_price=PRICE)]
    paper = papers.an_invoice_of(company, order.supplier.party, "LAP-1001", rows, on=DAY, order=order.number)
    tom = visit(people["tom"])
    tom.go("/exchange/new/bill/")
    tom.page.set_input_files("input[type=file]", [papers.as_upload("lap-1001.xml", paper)])
    tom.page.click("text=Bring in")
    tom.settle()
    bill = Bill.objects.get(reference="LAP-1001")
    if bill.state == Bill.State.DRAFT:
        tom.go(bill.get_absolute_url())
        pressed(tom, "submit")
        bill.refresh_from_db()
    assert bill.state == Bill.State.POSTED, "what is matched needs nobody"
    return bill


def paid(visit, people, bill):
    """Tom proposes what is due, Grace releases it and takes the file for the bank, once."""
    bill.refresh_from_db()
    tom = visit(people["tom"])
    tom.go("/banking/runs/new/")
    tom.page.locator("[name=bank_account]").select_option(index=1)
    tom.page.fill("[name=pay_on]", bill.due_on.strftime("%d %b %Y"))
    tom.page.fill("[name=due_until]", bill.due_on.strftime("%d %b %Y"))
    tom.page.keyboard.press("Control+Enter")
    tom.page.wait_for_url(re.compile(r"/banking/runs/\d+/$"))
    run = PaymentRun.objects.latest("pk")
    assert run.payments.filter(items__key=f"bill:{bill.pk}").exists()
    assert not tom.page.locator(".head form[action$='/release/'] button").count(), "another person releases"
    grace = visit(people["grace"])
    grace.go(run.get_absolute_url())
    grace.page.locator(".head a[href$='/release/']").click()
    confirmed(grace)
    run.refresh_from_db()
    assert run.state == PaymentRun.State.RELEASED
    assert OpenItem.objects.get(line__entry=bill.entry_id).rest == 0


def handed_over(visit, people, asset, mira):
    """Ben gives the laptop to Mira; she accepts it on her phone."""
    ben = visit(people["ben"])
    ben.go(asset.get_absolute_url())
    ben.page.locator(".head a[href$='/hand_over/']").click()
    picked(ben.page, "employment", "Lang")
    confirmed(ben)
    own = visit(mira, PHONE)
    own.go("/assets/mine/")
    with own.page.expect_navigation():
        own.page.get_by_role("button", name="Accept").first.click()
    assert asset.hand_overs.get().accepted_at is not None


def in_the_pay(visit, people, employment):
    """Hannah proposes pay, Grace approves; with a tax code, November calculated again has her, paid for her days."""
    hannah, grace = visit(people["hannah"]), visit(people["grace"])
    hannah.go(f"/people/{employment.pk}/pay/new/")
    hannah.page.fill("[name=valid_from]", "23 Nov 2026")
    hannah.page.fill("[name=amount]", "36,000")
    hannah.page.fill("[name=reason]", "As offered")
    hannah.page.keyboard.press("Control+s")
    hannah.page.wait_for_url(re.compile(r"/people/pay/\d+/$"))
    grace.go(hannah.page.url)
    pressed(grace, "approve")
    run = PayrollRun.objects.get(year=2026, month=11)
    detailing.change(employment, effective_from=DAY, by=people["hannah"], tax_code="1257L", ni_category="A")
    hannah.go(run.get_absolute_url())
    pressed(hannah, "calculate")
    work_off()
    hannah.go(f"/payroll/slips/?q=Lang&run={run.pk}")
    hannah.page.get_by_role("link", name=employment.number).first.click()
    hannah.settle()
    slip = run.payslips.get(employment=employment)
    assert slip.gross == Decimal("800.00"), "36,000 a year, eight of the thirty days of November"
    assert "800.00" in hannah.text()


def left(visit, people, employment, asset, mira, clock):
    """Notice is given; at the set time her access is closed, the next day the laptop is asked back, and taken."""
    fiona = visit(people["fiona"])
    fiona.go(f"/people/{employment.pk}/give_notice/")
    fiona.page.fill("[name=last_day]", "23 Nov 2026")
    with fiona.page.expect_navigation():
        fiona.page.get_by_role("button", name="Give notice").click()
    employment.refresh_from_db()
    leaving.end_access_due(employment.access_ends_at - timedelta(seconds=1))
    assert User.objects.get(pk=mira.pk).is_active
    leaving.end_access_due(employment.access_ends_at)
    assert not User.objects.get(pk=mira.pk).is_active, "access ended at the set time"
    clock.shift(timedelta(days=1))
    leaving.depart_due(timezone.now())
    assert "equipment to get back" in Notice.objects.filter(to=people["ben"]).latest("pk").title
    ben = visit(people["ben"])
    ben.go("/assets/?view=back")
    ben.page.get_by_role("link", name=asset.number).first.click()
    ben.settle()
    ben.page.locator(".head a[href$='/take_back/']").click()
    ben.page.locator("#ask [name=condition]").fill("Good as new")
    confirmed(ben)
    asset.refresh_from_db()
    assert asset.state == Asset.State.RETURNED


def explained(visit, people, receipt, bill):
    """Each entry of the day is in the trial balance's books and leads to its document."""
    grace = visit(people["grace"])
    for document in (receipt, bill):
        document.refresh_from_db()
        grace.go(document.entry.get_absolute_url())
        grace.page.locator(f"main a[href='{document.get_absolute_url()}']").first.click()
        grace.settle()
        assert document.number in grace.text()
    grace.go("/reports/ledger.trial_balance/")
    grace.settle()
    assert "does not balance" not in grace.text()
    line = JournalLine.objects.get(entry=receipt.entry, account__role="equipment")
    assert line.debit == PRICE
    assert JournalEntry.objects.filter(lines__isnull=True, state="posted").count() == 0
    assert [finding for check in verifications for finding in check.findings()] == []


def test_a_starter_gets_a_laptop_and_pay_and_a_leaver_gives_it_back(clock, company, people, supplier, visit):
    employment, mira = hired(visit, company, people)
    requisition = asked_for(visit, people, employment)
    order = ordered(company, people, requisition, supplier)
    receipt, asset = received(visit, people, order)
    assert (asset.cost, asset.supplier) == (PRICE, supplier.party)

    bill = billed(visit, company, people, order)
    paid(visit, people, bill)
    handed_over(visit, people, asset, mira)
    in_the_pay(visit, people, employment)

    left(visit, people, employment, asset, mira, clock)
    explained(visit, people, receipt, bill)
