"""A company with something of everything, and people with all, some and no rights."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from backoffice.access.models import Override
from backoffice.exchange.models import Upload
from backoffice.jobs.models import Job
from backoffice.messaging.models import Notice, OutgoingMail
from backoffice.workcal import calendars
from backoffice.workflow.models import ApprovalRule
from finance.banking.models import BankAccount, PaymentRun
from finance.ledger import posting
from finance.ledger.models import Account, Journal, JournalEntry, JournalLine, Period
from finance.tax.models import TaxCode
from hr.payroll.models import Element, Parameter, PayItem, TaxDetails
from hr.people.models import Employment, Person, PersonBankAccount
from inventory.catalogue.models import Category
from inventory.stock.models import (
    Expected,
    GoodsIssue,
    GoodsReceipt,
    OnHand,
    StockCount,
    StockMove,
    StockTransfer,
    SupplierReturn,
    Warehouse,
)
from itsm.assets import handing
from itsm.assets.models import Outfit
from itsm.servicedesk.models import Mailbox, PriorityRule, ReceivedMail, Service, ServiceLevel, Team
from procurement.purchasing.models import Tolerance
from procurement.purchasing.requesting import Need
from reporting.reports.models import Pack, ReportRun, Schedule
from tests.factories_assets import a_laptop, an_asset
from tests.factories_desk import an_incident
from tests.factories_payables import a_bill, a_posted_bill
from tests.factories_payroll import a_payslip
from tests.factories_people import a_rate, an_employment
from tests.factories_purchasing import a_price, a_requisition, a_supplier, an_order
from tests.factories_stock import a_bin, a_receipt, an_issue, an_item
from tests.fixtures_world import a_company, a_party, a_user, all_rights

CANARY = "Kestrel Canary"
APPS = [
    "ledger",
    "tax",
    "payables",
    "parties",
    "workflow",
    "exchange",
    "reports",
    "jobs",
    "messaging",
    "organisation",
    "currencies",
    "documents",
    "access",
    "audit",
    "people",
    "catalogue",
    "stock",
    "banking",
    "servicedesk",
    "workcal",
    "assets",
    "suppliers",
    "purchasing",
    "payroll",
]


@pytest.fixture
def everything(company):
    """Holds every right in the company."""
    return a_user("Eve Rything", *all_rights(*APPS), company=company)


@pytest.fixture
def nothing(company):
    """Is signed in and holds no right at all."""
    return a_user("Nora Nothing")


@pytest.fixture
def reader(company):
    """May see everything in the company and touch nothing."""
    rights = [right for right in all_rights(*APPS) if right.split(".")[1].startswith("view_")]
    return a_user("Rita Reader", *rights, company=company)


@pytest.fixture
def stranger(db):
    """Holds every right, in another company."""
    return a_user("Stan Stranger", *all_rights(*APPS), company=a_company("Elsewhere Ltd"))


def signed_in(user):
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


BUILDERS = {}


def builds(*labels):
    """Marks a builder of rows of these models: `build(company, by, number)`."""

    def keep(function):
        for label in labels:
            BUILDERS[label] = function
        return function

    return keep


@builds("parties.Party")
def party(company, by, number):
    return a_party(company, f"{CANARY} {number} Ltd")


@builds("purchasing.Tolerance")
def tolerance(company, by, number):
    category = Category.objects.create(company=company, code=f"T{number}", name=f"{CANARY} {number}")
    return Tolerance.objects.create(company=company, category=category)


@builds("payables.Bill")
def bill(company, by, number):
    return a_bill(party(company, by, number), by=by, reference=f"{CANARY}-{number}")


@builds("ledger.Account")
def account(company, by, number):
    like = Account.objects.filter(company=company).first()
    return Account.objects.create(
        company=company, code=f"9{number:03d}", name=f"{CANARY} {number}", kind=like.kind, heading=like.heading
    )


@builds("ledger.JournalEntry")
def entry(company, by, number):
    on = date(2026, 11, 2) + timedelta(days=number)
    period = Period.objects.get(company=company, starts_on__lte=on, ends_on__gte=on)
    made = JournalEntry.objects.create(
        company=company,
        journal=Journal.objects.get(company=company, code="GEN"),
        period=period,
        on=on,
        text=f"{CANARY} {number}",
        entered_by=by,
        changed_by=by,
    )
    bank, cash = (Account.objects.get(company=company, role=role) for role in ("bank", "cash"))
    for place, line in enumerate((posting.debit(bank, Decimal(5)), posting.credit(cash, Decimal(5))), start=1):
        JournalLine.objects.create(
            entry=made,
            place=place,
            account=line.account,
            debit=line.debit,
            credit=line.credit,
            currency=company.currency,
        )
    return made


@builds("tax.TaxCode")
def tax_code(company, by, number):
    return TaxCode.objects.create(company=company, code=f"C{number}", name=f"{CANARY} {number}")


@builds("exchange.Upload")
def upload(company, by, number):
    return Upload.objects.create(
        company=company,
        kind="bill",
        name=f"{CANARY}-{number}.xml",
        media_type="application/xml",
        content=b"<x/>",
        size=4,
        digest=f"{number:064d}",
        state="refused",
        message="Not readable",
        by=by,
    )


@builds("jobs.Job")
def job(company, by, number):
    return Job.objects.create(kind="reports.run", company=company, actor=by, title=f"{CANARY} {number}")


@builds("messaging.OutgoingMail")
def mail(company, by, number):
    return OutgoingMail.objects.create(
        company=company,
        address="a@calderwren.example",
        subject=f"{CANARY} {number}",
        text="Hello",
        message_id=f"<{number}@calderwren.example>",
    )


@builds("messaging.Notice")
def notice(company, by, number):
    return Notice.objects.create(to=by, title=f"{CANARY} {number}")


@builds("workflow.ApprovalRule")
def rule(company, by, number):
    return ApprovalRule.objects.create(company=company, kind="payables.bill", from_amount=70_000 + number, approvers=2)


@builds("access.Override")
def override(company, by, number):
    document = bill(company, by, 500 + number)
    return Override.objects.create(
        user=by,
        granted_by=a_user(f"Gordon Granter {number}"),
        expires_at=timezone.now() + timedelta(hours=1),
        content_type=ContentType.objects.get_for_model(document),
        object_id=document.pk,
        verb="approve",
        reason=f"{CANARY} {number}",
    )


@builds("reports.Pack")
def pack(company, by, number):
    return Pack.objects.create(company=company, name=f"{CANARY} {number}")


@builds("reports.Schedule")
def schedule(company, by, number):
    return Schedule.objects.create(company=company, pack=pack(company, by, number), owner=by, at=time(7))


@builds("reports.ReportRun")
def run(company, by, number):
    return ReportRun.objects.create(
        company=company,
        title=f"{CANARY} {number}",
        parts=[],
        kind="csv",
        made_by=by,
        for_user=by,
        made_at=timezone.now(),
        as_of=timezone.now(),
        file_name="run.csv",
        content=b"x",
        size=1,
        file_digest="0" * 64,
        data_digest="0" * 64,
    )


@builds("people.Employment")
def employment(company, by, number):
    return an_employment(company, by=by, last_name=f"{CANARY} {number}", number=f"E-{number:04d}")


@builds("people.PayRate")
def pay_rate(company, by, number):
    return a_rate(employment(company, by, 600 + number), date(2024, 1, 8), by=by)


@builds("people.PersonBankAccount")
def person_bank_account(company, by, number):
    person = employment(company, by, 700 + number).person
    holder = f"{CANARY} {number}"
    return PersonBankAccount.objects.create(
        company=company, person=person, holder=holder, iban="GB33BUKB20201555555555", entered_by=by, changed_by=by
    )


@builds("payroll.PayrollRun")
def payroll_run(company, by, number):
    return a_payslip(company, f"{CANARY} {number}", by=by, month=number).run


@builds("payroll.Payslip")
def payslip(company, by, number):
    return a_payslip(company, f"{CANARY} {number}", by=by, month=number)


@builds("payroll.TaxDetails")
def tax_details(company, by, number):
    return TaxDetails.objects.create(
        employment=employment(company, by, 800 + number), valid_from=date(2024, 1, 8), tax_code="1257L"
    )


@builds("payroll.Element")
def pay_element(company, by, number):
    return Element.objects.create(company=company, code=f"canary-{number}", name=f"{CANARY} {number}")


@builds("payroll.PayItem")
def pay_item(company, by, number):
    return PayItem.objects.create(
        employment=employment(company, by, 850 + number),
        element=pay_element(company, by, number),
        amount=100,
        valid_from=date(2026, 11, 1),
        note=f"{CANARY} {number}",
        entered_by=by,
    )


@builds("payroll.Parameter")
def parameter(company, by, number):
    return Parameter.objects.create(
        code=f"canary.{number}", valid_from=date(2026, 4, 6), value="1", source=f"{CANARY} {number}"
    )


@builds("catalogue.Item")
def item(company, by, number):
    return an_item(company, f"I-{number:04d}", name=f"{CANARY} {number}")


@builds("catalogue.Category")
def category(company, by, number):
    return Category.objects.create(company=company, code=f"K{number}", name=f"{CANARY} {number}")


@builds("stock.Warehouse")
def warehouse(company, by, number):
    return Warehouse.objects.create(company=company, code=f"W{number}", name=f"{CANARY} {number}")


@builds("stock.Bin")
def place(company, by, number):
    return a_bin(company, f"B-{number}", warehouse=f"H{number}", name=f"{CANARY} {number}")


@builds("stock.Expected")
def expected(company, by, number):
    origin = bill(company, by, 800 + number)
    return Expected.objects.create(
        company=company,
        origin_type=ContentType.objects.get_for_model(origin),
        origin_id=origin.pk,
        origin_line=number,
        origin_number=f"PO-{number}",
        party=origin.party,
        warehouse=warehouse(company, by, 800 + number),
        text=f"{CANARY} {number}",
        quantity=3,
        unit_cost=2,
        due_on=date(2026, 11, 25),
    )


@builds("suppliers.Supplier")
def supplier(company, by, number):
    return a_supplier(company, f"{CANARY} {number} Ltd", by=by)


@builds("suppliers.SupplierItem")
def supplier_price(company, by, number):
    return a_price(supplier(company, by, number), item(company, by, number), "4.20", code=f"{CANARY} {number}")


@builds("purchasing.Requisition")
def requisition(company, by, number):
    needs = [Need(Decimal(2), item(company, by, number), text=f"{CANARY} {number}")]
    return a_requisition(company, needs, by=by, submit=False, purpose=f"{CANARY} {number}")


@builds("purchasing.PurchaseOrder")
def purchase_order(company, by, number):
    rows = [(item(company, by, number), 2, "4.20")]
    return an_order(supplier(company, by, number), rows, by=by, state="draft", note=f"{CANARY} {number}")


@builds("stock.GoodsReceipt")
def receipt(company, by, number):
    supplier = party(company, by, 900 + number)
    lines = [(an_item(company, f"R-{number}"), 5, 2, a_bin(company, f"R-{number}"))]
    return a_receipt(company, lines, by=by, party=supplier, post=False)


@builds("stock.GoodsIssue")
def issue(company, by, number):
    lines = [(an_item(company, f"S-{number}"), 5, a_bin(company, f"S-{number}"))]
    made = an_issue(company, lines, by=by, post=False)
    GoodsIssue.objects.filter(pk=made.pk).update(text=f"{CANARY} {number}")
    made.refresh_from_db()
    return made


@builds("stock.SupplierReturn")
def supplier_return(company, by, number):
    return SupplierReturn.objects.create(
        company=company,
        warehouse=warehouse(company, by, 900 + number),
        party=party(company, by, 950 + number),
        returned_on=date(2026, 11, 20),
        reason=f"{CANARY} {number}",
        entered_by=by,
        changed_by=by,
    )


@builds("stock.StockTransfer")
def transfer(company, by, number):
    return StockTransfer.objects.create(
        company=company,
        warehouse=warehouse(company, by, 930 + number),
        moved_on=date(2026, 11, 20),
        entered_by=by,
        changed_by=by,
    )


@builds("stock.StockCount")
def count(company, by, number):
    return StockCount.objects.create(
        company=company,
        warehouse=warehouse(company, by, 960 + number),
        counted_on=date(2026, 11, 20),
        text=f"{CANARY} {number}",
        entered_by=by,
        changed_by=by,
    )


@builds("stock.OnHand")
def on_hand(company, by, number):
    return OnHand.objects.create(
        company=company, item=item(company, by, 300 + number), bin=place(company, by, 300 + number), quantity=4
    )


@builds("stock.StockMove")
def stock_move(company, by, number):
    kind = ContentType.objects.get_for_model(GoodsReceipt)
    origin = receipt(company, by, 400 + number)
    return StockMove.objects.create(
        company=company,
        item=item(company, by, 400 + number),
        bin=place(company, by, 400 + number),
        kind="receipt",
        quantity=4,
        on=date(2026, 11, 20),
        origin_type=kind,
        origin_id=origin.pk,
        origin_name=f"{CANARY} {number}",
    )


@builds("banking.BankAccount")
def own_account(company, by, number):
    books = account(company, by, 500 + number)
    return BankAccount.objects.create(
        company=company,
        name=f"{CANARY} {number}",
        account=books,
        holder="We",
        iban="GB33BUKB20201555555555",
        currency="GBP",
    )


@builds("banking.PaymentRun")
def payment_run(company, by, number):
    return PaymentRun.objects.create(
        company=company,
        source="bills",
        bank_account=own_account(company, by, 100 + number),
        pay_on=date(2026, 11, 25),
        due_until=date(2026, 11, 25),
        left_out=[{"what": f"{CANARY} {number}", "to": "A", "amount": "1.00", "why": "Blocked", "href": ""}],
        entered_by=by,
        changed_by=by,
    )


@builds("assets.Asset")
def asset(company, by, number):
    return an_asset(company, by=by, item=a_laptop(company, f"EQ-{number:03d}"), name=f"{CANARY} {number}")


@builds("assets.mine")
def own_asset(company, by, number):
    """In the hands of whoever asks."""
    held = Employment.objects.filter(person__user=by).first()
    if held is None:
        held = an_employment(company, by=by, last_name=CANARY)
        Person.objects.filter(pk=held.person_id).update(user=by)
    return handing.hand_over(asset(company, by, 900 + number), by=by, employment=held)


@builds("assets.Outfit")
def outfit(company, by, number):
    on = date(2126, 1, 1) + timedelta(days=number)
    employment = an_employment(company, by=by, first_names=f"S{number}", last_name=CANARY, starts_on=on)
    return Outfit.objects.get(employment=employment)


@builds("workcal.Calendar")
def calendar(company, by, number):
    return calendars.make(company, f"{CANARY} {number}", calendars.OFFICE)


@builds("servicedesk.Team")
def team(company, by, number):
    return Team.objects.create(company=company, name=f"{CANARY} {number}", lead=by)


@builds("servicedesk.Service")
def service(company, by, number):
    owner = team(company, by, 600 + number)
    return Service.objects.create(company=company, name=f"{CANARY} {number}", team=owner)


@builds("servicedesk.ServiceLevel")
def service_level(company, by, number):
    return ServiceLevel.objects.create(
        company=company, name=f"{CANARY} {number}", service=service(company, by, 700 + number)
    )


@builds("servicedesk.PriorityRule")
def priority_rule(company, by, number):
    fields = [(impact, urgency) for impact in ("high", "medium", "low") for urgency in ("high", "medium", "low")]
    impact, urgency = fields[number % 9]
    found, _is_new = PriorityRule.objects.get_or_create(
        company=company, impact=impact, urgency=urgency, defaults={"priority": 3}
    )
    return found


@builds("servicedesk.Mailbox")
def mailbox(company, by, number):
    return Mailbox.objects.create(
        company=company,
        address=f"kestrel-{number}@canary.example",
        host="Kestrel Canary",
        login="x",
        secret="x",
        acts_as=by,
    )


@builds("servicedesk.ReceivedMail")
def received_mail(company, by, number):
    box = mailbox(company, by, 800 + number)
    return ReceivedMail.objects.create(
        mailbox=box, uid_validity=1, uid=number, subject=f"{CANARY} {number}", outcome="stranger", at=timezone.now()
    )


@builds("servicedesk.Incident")
def incident(company, by, number):
    return an_incident(company, by, subject=f"{CANARY} {number}")


@pytest.fixture
def full(company, everything):
    """One row of everything that has a builder, one bill in the books, by model label."""
    made = {
        label: build(company, everything, number) for number, (label, build) in enumerate(BUILDERS.items(), start=1)
    }
    approver = a_user("Ann Approver", *all_rights(*APPS), company=company)
    a_posted_bill(a_party(company, f"{CANARY} posted"), by=everything, approvers=[approver], reference="BOOKED-1")
    return made
