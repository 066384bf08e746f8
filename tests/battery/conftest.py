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
from backoffice.workflow.models import ApprovalRule
from finance.ledger import posting
from finance.ledger.models import Account, Journal, JournalEntry, JournalLine, Period
from finance.tax.models import TaxCode
from reporting.reports.models import Pack, ReportRun, Schedule
from tests.factories_payables import a_bill, a_posted_bill
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


@pytest.fixture
def full(company, everything):
    """One row of everything that has a builder, one bill in the books, by model label."""
    made = {
        label: build(company, everything, number) for number, (label, build) in enumerate(BUILDERS.items(), start=1)
    }
    approver = a_user("Ann Approver", *all_rights(*APPS), company=company)
    a_posted_bill(a_party(company, f"{CANARY} posted"), by=everything, approvers=[approver], reference="BOOKED-1")
    return made
