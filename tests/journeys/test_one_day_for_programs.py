"""The same day without a browser: each person's program does by the API what falls to that person.

What people do on screens programs do with tokens, by the same verbs, rights and refusals.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from backoffice.access.inviting import invite
from backoffice.access.models import Role, User
from backoffice.core.verifying import verifications
from backoffice.parties.models import PartyBankAccount
from finance.banking.models import BankAccount
from finance.ledger.models import JournalLine, OpenItem
from finance.payables.models import Bill
from hr.payroll.models import PayrollRun
from hr.people import leaving
from hr.people.models import Employment
from inventory.catalogue.models import Item
from inventory.stock.models import Expected, OnHand, Warehouse
from itsm.assets.models import Asset, Outfit
from itsm.servicedesk.models import Service
from procurement.suppliers.models import Supplier
from tests.api.conftest import client_of
from tests.factories_payroll import work_off
from tests.factories_purchasing import papers_drawn

pytestmark = pytest.mark.slow
DAY = date(2026, 11, 23)


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC)) as traveller:
        yield traveller


class Program:
    """What a person's program sends; an answer that is not expected fails with its words."""

    def __init__(self, user):
        self.client = client_of(user, days=3)

    def get(self, path, **query):
        answer = self.client.get(f"/api/v1/{path}", query)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def rows(self, path, **query):
        return self.get(path, **query)["results"]

    def post(self, path, body=None, *, status=200, **headers):
        answer = self.client.post(f"/api/v1/{path}", body or {}, format="json", **headers)
        assert answer.status_code == status, answer.content.decode()
        return answer.json() if answer.content else None

    def patch(self, path, body, version):
        answer = self.client.patch(f"/api/v1/{path}", body, format="json", HTTP_IF_MATCH=f'"{version}"')
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()


@pytest.fixture
def programs(people):
    """By first name."""
    return {name: Program(user) for name, user in people.items()}


def hired(programs, company, people):
    department = company.departments.get(code="IT")
    centre = department.cost_centres.first()
    made = programs["fiona"].post(
        "people/employments/",
        {
            "company": company.pk,
            "first_names": "Mira",
            "last_name": "Lang",
            "starts_on": "2026-11-23",
            "job_title": "Engineer",
            "department": department.pk,
            "cost_centre": centre.pk,
            "born_on": "1994-05-04",
        },
        status=201,
    )
    mira = invite(
        "mira.lang@calderwren.example",
        "Mira Lang",
        Role.objects.filter(key="member"),
        company=company,
        by=people["ada"],
    )
    person = programs["fiona"].get(f"people/persons/{made['person']}/")
    programs["fiona"].patch(f"people/persons/{made['person']}/", {"user": mira.pk}, person["version"])
    return Employment.objects.get(ref=made["ref"]), mira


def ordered(programs, company, employment, supplier):
    laptop = Item.objects.filter(company=company, is_asset=True, name__icontains="laptop").first()
    outfit = Outfit.objects.get(employment=employment)
    programs["ben"].post(f"assets/starters/{outfit.pk}/request/", {"items": [laptop.pk]})
    wish = Outfit.objects.get(pk=outfit.pk).requisition
    programs["grace"].post(f"purchasing/requisitions/{wish.ref}/approve/")
    rosa = programs["rosa"]
    (line,) = [row for row in rosa.rows("purchasing/to-order/", page_size=200) if row["requisition"] == str(wish.ref)]
    order = rosa.post(
        "purchasing/to-order/order/", {"supplier": str(supplier.ref), "portions": [{"line": line["id"]}]}, status=201
    )
    lines = [
        {
            "item": row["item"],
            "quantity": row["quantity"],
            "cost_centre": row["cost_centre"],
            "account": row["account"],
            "price": "890.00",
            "tax_code": company.tax_codes.get(code="S20").pk,
        }
        for row in order["lines"]
    ]
    order = rosa.patch(
        f"purchasing/orders/{order['ref']}/",
        {"lines": lines, "warehouse": company.warehouses.get(code="LN").pk},
        order["version"],
    )
    order = rosa.post(f"purchasing/orders/{order['ref']}/submit/")
    if order["state"] == "submitted":
        programs["grace"].post(f"purchasing/orders/{order['ref']}/approve/")
    order = rosa.post(f"purchasing/orders/{order['ref']}/send/")
    papers_drawn()
    assert (order["state"], order["net"]) == ("sent", "890.0000")
    return order


def received(programs, order):
    imran = programs["imran"]
    (coming,) = Expected.objects.filter(origin_number=order["number"])
    receipt = imran.post(
        "stock/receipts/",
        {
            "company": order["company"],
            "warehouse": coming.warehouse_id,
            "party": str(coming.party.ref),
            "received_on": "2026-11-23",
            "lines": [{"expected": coming.pk, "item": coming.item_id, "quantity": "1"}],
        },
        status=201,
    )
    receipt = imran.post(f"stock/receipts/{receipt['ref']}/post/")
    assert receipt["state"] == "posted"
    return Asset.objects.get(receipt_line__receipt__ref=receipt["ref"])


def billed_and_paid(programs, company, order):
    tom, grace = programs["tom"], programs["grace"]
    bill = tom.post(
        f"purchasing/orders/{order['ref']}/bill/", {"reference": "LAP-1001", "on": "2026-11-23"}, status=201
    )
    bill = tom.post(f"payables/bills/{bill['ref']}/submit/")
    assert bill["state"] == "posted", "what is matched needs nobody"
    account = BankAccount.objects.filter(company=company, currency="GBP").first()
    proposal = {
        "source": "bills",
        "bank_account": account.pk,
        "pay_on": bill["due_on"],
        "due_until": bill["due_on"],
    }
    run = tom.post("banking/runs/", proposal, status=201)
    tom.post(f"banking/runs/{run['id']}/release/", status=403)
    grace.post(f"banking/runs/{run['id']}/release/")
    grace.post(f"banking/runs/{run['id']}/export/")
    file = grace.client.get(f"/api/v1/banking/runs/{run['id']}/file/")
    assert (file.status_code, b"pain.001.001.09" in file.content) == (200, True)
    assert tom.client.get(f"/api/v1/banking/runs/{run['id']}/file/").status_code == 403
    booked = Bill.objects.get(ref=bill["ref"])
    assert OpenItem.objects.get(line__entry=booked.entry_id).rest == 0
    return booked


def handed_over(programs, asset, employment, mira):
    programs["ben"].post(f"assets/assets/{asset.ref}/hand_over/", {"employment": str(employment.ref)})
    own = Program(mira)
    assert [row["number"] for row in own.rows("assets/mine/")] == [asset.number]
    assert own.post(f"assets/mine/{asset.ref}/accept/")["is_accepted"]
    assert asset.hand_overs.get().accepted_at is not None


def helped(programs, company, mira):
    """Mira's laptop does not start; the desk answers and solves it."""
    service = Service.objects.filter(company=company).first()
    own, ben = Program(mira), programs["ben"]
    incident = own.post(
        "servicedesk/incidents/",
        {"company": company.pk, "subject": "It does not start", "text": "Black screen", "service": service.pk},
        status=201,
    )
    address = f"servicedesk/incidents/{incident['ref']}/"
    ben.post(f"{address}take/")
    ben.post(f"{address}reply/", {"text": "Hold the button for ten seconds."})
    ben.post("servicedesk/notes/", {"incident": incident["ref"], "text": "Third one this week"}, status=201)
    assert [row["text"] for row in own.rows("servicedesk/messages/", incident__ref=incident["ref"])][
        -1
    ] == "Hold the button for ten seconds."
    assert own.client.get("/api/v1/servicedesk/notes/").status_code == 403
    solved = ben.post(f"{address}resolve/", {"solution": "Battery reset", "cause": "hardware"})
    assert solved["state"] == "resolved"


def in_the_pay(programs, employment):
    hannah, grace = programs["hannah"], programs["grace"]
    rate = hannah.post(
        "people/pay-rates/",
        {
            "company": employment.company_id,
            "employment": str(employment.ref),
            "valid_from": "2026-11-23",
            "basis": "annual",
            "amount": "36000",
            "reason": "As offered",
        },
        status=201,
    )
    grace.post(f"people/pay-rates/{rate['ref']}/approve/")
    details = {
        "employment": str(employment.ref),
        "effective_from": "2026-11-23",
        "tax_code": "1257L",
        "ni_category": "A",
    }
    hannah.post("payroll/tax-details/", details, status=201)
    run = PayrollRun.objects.get(year=2026, month=11)
    hannah.post(f"payroll/runs/{run.ref}/calculate/")
    work_off()
    (slip,) = hannah.rows("payroll/payslips/", run=str(run.ref), employment=str(employment.ref))
    assert Decimal(slip["gross"]) == 800, "36,000 a year, eight of the thirty days of November"


def counted(programs, company):
    """A shelf is counted blind, and another person approves what is missing."""
    warehouse = next(w for w in Warehouse.objects.filter(company=company) if OnHand.objects.filter(bin__warehouse=w))
    imran = programs["imran"]
    body = {"company": company.pk, "warehouse": warehouse.pk, "counted_on": "2026-11-23", "text": "Programs count"}
    count = imran.post("stock/counts/", body, status=201)
    assert count["lines"] and all("booked" not in line for line in count["lines"])
    for number, line in enumerate(count["lines"]):
        there = OnHand.objects.get(item=line["item"], bin=line["bin"]).quantity
        imran.post(f"stock/counts/{count['ref']}/count/", {"line": line["id"], "counted": str(there - (not number))})
    imran.post(f"stock/counts/{count['ref']}/submit/")
    imran.post(f"stock/counts/{count['ref']}/approve/", status=403)
    approved = programs["grace"].post(f"stock/counts/{count['ref']}/approve/")
    assert (approved["state"], bool(approved["entry"])) == ("posted", True)


def left(programs, employment, asset, mira, clock):
    programs["fiona"].post(f"people/employments/{employment.ref}/give_notice/", {"last_day": "2026-11-23"})
    employment.refresh_from_db()
    leaving.end_access_due(employment.access_ends_at)
    assert not User.objects.get(pk=mira.pk).is_active
    clock.shift(timedelta(days=1))
    leaving.depart_due(timezone.now())
    back = programs["ben"].post(f"assets/assets/{asset.ref}/take_back/", {"condition": "Good as new"})
    assert back["state"] == "returned"


def test_programs_do_the_whole_day(clock, company, people, programs):
    supplier = Supplier.objects.filter(company=company, state="approved", party__currency="GBP").order_by("pk").first()
    PartyBankAccount.objects.filter(party=supplier.party).update(entered_at=timezone.now() - timedelta(days=30))

    employment, mira = hired(programs, company, people)
    order = ordered(programs, company, employment, supplier)
    asset = received(programs, order)
    assert (asset.cost, asset.supplier) == (Decimal("890.00"), supplier.party)
    billed_and_paid(programs, company, order)
    handed_over(programs, asset, employment, mira)
    helped(programs, company, mira)
    in_the_pay(programs, employment)
    counted(programs, company)
    left(programs, employment, asset, mira, clock)

    assert JournalLine.objects.get(entry=asset.receipt_line.receipt.entry, account__role="equipment").debit == 890
    assert [finding for check in verifications for finding in check.findings()] == []
