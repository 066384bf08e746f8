"""The page of each main document costs at most twenty queries, however many lines it has; My work likewise."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice.access.models import User
from backoffice.documents import attaching
from backoffice.parties.models import PartyBankAccount
from finance.banking import proposing
from finance.payables import approving
from hr.payroll.models import Element, PayItem, Payslip
from hr.people import changing, pay
from hr.people.models import PersonBankAccount
from itsm.assets import handing
from itsm.servicedesk import conversing, handling
from tests.battery.conftest import APPS, own_account, signed_in
from tests.factories_assets import an_asset
from tests.factories_desk import a_level, a_service, an_incident
from tests.factories_matching import billed, received
from tests.factories_payables import a_bill, a_line, a_posted_bill
from tests.factories_payroll import a_run, posted, staff
from tests.factories_people import a_place, an_employment
from tests.factories_purchasing import a_requisition, a_supplier, an_order
from tests.factories_stock import a_bin, a_receipt, an_issue, an_item
from tests.fixtures_world import TODAY, a_party, a_user, all_rights

pytestmark = pytest.mark.django_db
MOST = 20
FEW, MANY = 2, 6
SCENES = {}


def scene(name):
    """Marks a builder of one document with `n` lines: `make(company, by, n)`."""

    def keep(make):
        SCENES[name] = make
        return make

    return keep


def another(company):
    """Somebody else with every right, who may approve what `by` entered."""
    return User.objects.filter(email="ann.approver@calderwren.example").first() or a_user(
        "Ann Approver", *all_rights(*APPS), company=company
    )


def busy(document, by, n):
    """A document with a story: papers, comments and a change."""
    for number in range(n):
        attaching.attach(document, name=f"{number}.csv", content=b"a,b\n%d,%d" % (document.pk, number), by=by)
        attaching.comment(document, text=f"Look at {number}", by=another(document.company))
    return document


def ordered(company, by, n):
    supplier = a_supplier(company, f"Northmoor {n} Ltd", by=by)
    items = [an_item(company, f"P{n}-{number}") for number in range(n)]
    return an_order(supplier, [(item, 100, "1.00") for item in items], by=by, approver=another(company))


def came(company, by, n):
    order = ordered(company, by, n)
    return order, received(order, *[90] * n, by=another(company), rejected=2)


@scene("an order that came and was billed")
def order(company, by, n):
    order, _receipt = came(company, by, n)
    for number in range(2, n):
        billed(order, (f"Item P{n}-{number}", 1, "1.00"), by=by, reference=f"R-{n}-{number}")
    return busy(order, by, n)


@scene("an order to approve")
def open_order(company, by, n):
    supplier = a_supplier(company, f"Kestrel {n} Ltd", by=by)
    items = [an_item(company, f"O{n}-{number}") for number in range(n)]
    return an_order(supplier, [(item, 100, "1.00") for item in items], by=another(company), state="submitted")


@scene("a receipt")
def receipt(company, by, n):
    return busy(came(company, by, n)[1], by, n)


@scene("a bill that fits nothing of its order")
def matched_bill(company, by, n):
    order, _receipt = came(company, by, n)
    lines = [(f"Item P{n}-{number}", 100, "3.00") for number in range(n)]
    bill = billed(order, *lines, by=another(company), reference=f"M-{n}")
    return busy(approving.submit(bill, by=another(company)), by, n)


@scene("a matched bill in the books")
def posted_bill(company, by, n):
    return approving.approve(matched_bill(company, by, n), by=by)


@scene("a bill without an order")
def plain_bill(company, by, n):
    lines = [a_line(company, text=f"Boxes {number}", tax="S20" if number % 2 else "Z0") for number in range(n)]
    party = a_party(company, f"Harrow {n}")
    bill = a_posted_bill(party, by=by, approvers=[another(company)], lines=lines, reference=f"B-{n}")
    return busy(bill, by, n)


@scene("a requisition")
def requisition(company, by, n):
    wish = a_requisition(company, [(an_item(company, f"Q{n}-{number}"), 2) for number in range(n)], by=another(company))
    return busy(wish, by, n)


@scene("an item")
def item(company, by, n):
    boxes = an_item(company, f"BOX-{n}", method="fifo")
    for number in range(n):
        place = a_bin(company, f"A-{n}-{number}")
        a_receipt(company, [(boxes, 10, number + 1, place)], by=by)
        an_issue(company, [(boxes, 4, place)], by=by)
    ordered_too = a_supplier(company, f"Northmoor {n} Ltd", by=by)
    an_order(ordered_too, [(boxes, 5, "1.00")] * n, by=by, approver=another(company))
    return boxes


@scene("a pay run")
def pay_run(company, by, n):
    staff(company, n, by=by, first=n * 100)
    return busy(a_run(company, by, month=n), by, n)


@scene("a posted pay run")
def posted_pay_run(company, by, n):
    staff(company, n, by=by, first=n * 100)
    return posted(a_run(company, by, month=n), by, another(company))


@scene("a payslip")
def payslip(company, by, n):
    (someone,) = staff(company, 1, by=by, first=n * 100)
    for number in range(n):
        element = Element.objects.create(company=company, code=f"e-{n}-{number}", name=f"Bonus {number}")
        PayItem.objects.create(
            employment=someone, element=element, amount=100, valid_from=date(2026, n, 1), note="x", entered_by=by
        )
    return Payslip.objects.get(run=a_run(company, by, month=n), employment=someone)


@scene("an employee")
def employee(company, by, n):
    boss = an_employment(company, by=by, first_names="Boss", last_name=f"Number {n}")
    for number in range(n):
        an_employment(company, by=by, last_name=f"Under {n} {number}", manager=boss)
        rate = pay.propose_pay(
            boss, effective_from=date(2025, 1 + number, 1), amount=Decimal(30000), reason="Review", by=by
        )
        pay.approve(rate, by=another(company))
        centre = a_place(company, f"P{n}-{number}", f"Place {number}")
        changing.change_assignment(
            boss, by=by, effective_from=date(2026, 1 + number, 1), department=centre.department, cost_centre=centre
        )
        PersonBankAccount.objects.create(
            company=company, person=boss.person, holder="H", iban="GB33BUKB20201555555555", entered_by=by,
            changed_by=by, state="replaced" if number else "entered",
        )  # fmt: skip
    return boss


@scene("an incident")
def incident(company, by, n):
    if n == FEW:
        a_level(company)
    found = an_incident(company, another(company), subject=f"Printer {n} is slow", service=a_service(company))
    handling.take(found, by=by)
    for number in range(n):
        conversing.reply(found, by=by, text=f"Word {number}")
        conversing.note(found, by=by, text=f"Note {number}")
        handling.link(found, an_asset(company, by=by), by=by)
        an_incident(company, another(company), subject=f"Printer {n} is slow", service=a_service(company))
    return found


@scene("an asset")
def asset(company, by, n):
    found = an_asset(company, by=by)
    for number in range(n):
        handing.hand_over(found, by=by, employment=an_employment(company, by=by, last_name=f"Holder {n} {number}"))
        handing.take_back(found, by=by)
        handing.restock(found, by=by)
    return busy(found, by, n)


@scene("a payment run")
def payment_run(company, by, n):
    for number in range(n):
        party = a_party(company, f"Paid {n} {number}")
        PartyBankAccount.objects.create(party=party, number="GB29NWBK60161331926819")
        PartyBankAccount.objects.update(entered_at=timezone.now() - timedelta(days=30))
        a_posted_bill(party, by=by, approvers=[another(company)], reference=f"D-{n}", on=date(2026, 10, 5))
    account = own_account(company, by, n)
    return busy(
        proposing.propose(account, source="bills", pay_on=TODAY + timedelta(days=1), due_until=TODAY, by=by), by, n
    )


def address_of(document):
    return reverse(f"{document._meta.app_label}:{document._meta.model_name}", args=[document.pk])


@time_machine.travel("2026-11-23T10:00:00Z", tick=True)
@pytest.mark.parametrize("name", SCENES)
def test_a_page_costs_the_same_with_few_and_many_lines(name, company, everything):
    client = signed_in(everything)
    costs = []
    for n in (FEW, MANY):
        document = SCENES[name](company, everything, n)
        address = address_of(document)
        answer = client.get(address)
        assert answer.status_code == 200, answer.content.decode()[-400:]
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address)
        assert "This part could not be shown" not in page.content.decode()
        costs.append(len(queries))
    said = [q["sql"][:160] for q in queries]
    assert costs[0] == costs[1], said
    assert costs[1] <= MOST, said


@time_machine.travel("2026-11-23T10:00:00Z", tick=True)
def test_my_work_and_the_counts_cost_the_same_with_few_and_many_waiting(company, everything):
    client = signed_in(everything)
    costs = []
    for n in (FEW, MANY):
        for number in range(n):
            party = a_party(company, f"Waiting {n} {number}")
            approving.submit(a_bill(party, by=another(company), reference=f"W-{n}-{number}"), by=another(company))
        cost = []
        for address in ("/", "/me/badges/", "/payables/bills/?part=counts"):
            assert client.get(address).status_code == 200
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            cost.append(len(queries))
        costs.append(cost)
    assert costs[0] == costs[1], costs
