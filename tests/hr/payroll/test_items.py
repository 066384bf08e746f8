"""Pay items and elements: entered, ended, taken back, by screen and by program; payslips on paper and by link."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from backoffice.core.errors import Refused
from backoffice.jobs import running
from backoffice.jobs.models import Job
from backoffice.messaging.models import Notice, OutgoingMail
from hr.payroll import approving, items
from hr.payroll.models import Element, PayItem
from tests.factories_payroll import a_run, calculated, posted, staff
from tests.fixtures_world import a_company, a_user, give

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def person(company, clerk):
    return staff(company, 1, by=clerk)[0]


@pytest.fixture
def bonus(company):
    return Element.objects.create(company=company, code="bonus", name="Bonus", feeds=["taxable", "niable"])


def own_lines(run):
    rows = run.payslips.get().lines.filter(code__startswith="own.")
    return dict(rows.values_list("code", "amount"))


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_an_item_is_paid_once_or_until_it_ends(company, clerk, director, person, bonus):
    car = Element.objects.create(company=company, code="car", name="Car allowance", feeds=["taxable"])
    items.add(person, bonus, Decimal(100), valid_from=NOVEMBER, by=clerk)
    monthly = items.add(person, car, Decimal(50), valid_from=date(2026, 11, 10), only_once=False, by=clerk)
    november = posted(a_run(company, clerk), clerk, director)
    items.end(monthly, last_day=date(2026, 12, 31), by=clerk)
    december = posted(a_run(company, clerk, month=12), clerk, director)
    january = a_run(company, clerk, year=2027, month=1)

    assert own_lines(november) == {"own.bonus": 100, "own.car": 50}
    assert own_lines(december) == {"own.car": 50}
    assert own_lines(january) == {}


def test_what_was_paid_stays(company, clerk, director, person, bonus):
    item = items.add(person, bonus, Decimal(100), valid_from=NOVEMBER, only_once=False, by=clerk)
    posted(a_run(company, clerk), clerk, director)

    with pytest.raises(Refused, match="was paid"):
        items.take_back(item, by=clerk)
    with pytest.raises(Refused, match="take it back"):
        items.end(item, last_day=date(2026, 10, 31), by=clerk)
    with pytest.raises(Refused, match="posted already"):
        items.add(person, bonus, Decimal(5), valid_from=NOVEMBER, by=clerk)
    with pytest.raises(IntegrityError, match="not altered"), transaction.atomic():
        PayItem.objects.filter(pk=item.pk).update(amount=5)


def test_what_was_not_paid_is_taken_back_and_the_run_is_stale(company, clerk, person, bonus):
    item = items.add(person, bonus, Decimal(100), valid_from=NOVEMBER, by=clerk)
    run = a_run(company, clerk)

    items.take_back(item, by=clerk)

    with pytest.raises(Refused, match="changed since"):
        approving.submit(run, by=clerk)
    assert own_lines(calculated(run, clerk)) == {}


def test_refusals(company, clerk, person, bonus):
    elsewhere = a_company("Elsewhere Ltd")
    theirs = Element.objects.create(company=elsewhere, code="bonus", name="Bonus")
    with pytest.raises(Refused):
        items.add(person, theirs, Decimal(5), valid_from=NOVEMBER, by=clerk)
    with pytest.raises(Refused):
        items.add(person, bonus, Decimal(0), valid_from=NOVEMBER, by=clerk)
    with pytest.raises(PermissionDenied):
        items.add(person, bonus, Decimal(5), valid_from=NOVEMBER, by=a_user("Nora Nothing"))


def test_whoever_entered_an_item_does_not_approve_the_run_that_pays_it(company, clerk, director, person, bonus):
    items.add(person, bonus, Decimal(100), valid_from=NOVEMBER, by=director)
    run = a_run(company, clerk)
    approving.submit(run, by=clerk)

    with pytest.raises(Refused, match="somebody else must approve"):
        approving.approve(run, by=director)


def test_the_screens_of_items_and_elements(company, clerk, person):
    client = signed_in(clerk)
    new = {"code": "bonus", "name": "Bonus", "kind": "earning", "feeds": ["taxable"], "is_active": "on"}
    wrong = client.post("/payroll/elements/new/", {**new, "formula": "amount * secret"})
    assert (wrong.status_code, "secret is not known" in wrong.text) == (422, True)
    circle = client.post("/payroll/elements/new/", {**new, "formula": "taxable * 0.1"})
    assert (circle.status_code, Element.objects.count()) == (409, 0)
    assert client.post("/payroll/elements/new/", {**new, "formula": "amount * salary / 162.5"}).status_code == 302
    element = Element.objects.get()
    page = client.get(f"/payroll/elements/{element.pk}/edit/").text
    assert 'name="code"' not in page
    sent = {"element": element.pk, "amount": "7.5", "valid_from": "1.11.2026", "only_once": "monthly", "note": "Sunday"}
    assert client.post(f"/payroll/items/of/{person.pk}/", {**sent, "amount": "0"}).status_code in (409, 422)
    assert client.post(f"/payroll/items/of/{person.pk}/", sent).status_code == 302
    item = PayItem.objects.get()
    assert (item.valid_to, item.entered_by) == (None, clerk)
    assert "Sunday" in client.get(person.get_absolute_url()).text
    assert client.post(f"/payroll/items/{item.pk}/end/", {"last_day": ""}).status_code == 422
    client.post(f"/payroll/items/{item.pk}/end/", {"last_day": "31.12.2026"})
    item.refresh_from_db()
    assert item.valid_to == date(2027, 1, 1)
    assert "31 Dec 2026" in client.get(f"/payroll/items/{item.pk}/").text
    client.post(f"/payroll/items/{item.pk}/take-back/")
    assert not PayItem.objects.exists()


def test_items_and_elements_for_programs(company, clerk, person):
    client = signed_in(clerk)

    def sent(address, **values):
        return client.post(f"/api/v1/payroll/{address}", values, "application/json")

    made = sent("elements/", company=company.pk, code="bonus", name="Bonus", kind="earning", feeds=["taxable"])
    assert made.status_code == 201, made.text
    circle = sent(
        "elements/", company=company.pk, code="x", name="X", kind="earning", feeds=["taxable"], formula="taxable"
    )
    assert (circle.status_code, Element.objects.count()) == (409, 1)
    again = client.patch(f"/api/v1/payroll/elements/{made.json()['id']}/", {"code": "other"}, "application/json")
    assert again.status_code == 400
    wanted = {
        "employment": str(person.ref),
        "element": made.json()["id"],
        "amount": "150.00",
        "valid_from": "2026-11-01",
    }
    item = sent("pay-items/", **wanted)
    assert (item.status_code, item.json()["valid_to"]) == (201, "2026-12-01")
    monthly = sent("pay-items/", **wanted, only_once=False).json()["id"]
    assert sent(f"pay-items/{monthly}/end/", last_day="2026-11-30").json()["valid_to"] == "2026-12-01"
    assert sent(f"pay-items/{monthly}/take-back/").json() == {"id": monthly}
    assert PayItem.objects.count() == 1


def test_people_are_told_by_a_link_and_print_their_own_payslip(company, clerk, director, person):
    own, other = (a_user(name, "payroll.view_own_payslip", company=company) for name in ("Anna One", "Owen Hughes"))
    person.person.user = own
    person.person.save()
    run = a_run(company, clerk)
    slip = run.payslips.get()
    give(clerk, "payroll.view_payslip", company=company)
    assert signed_in(clerk).get(f"/payroll/slips/{slip.pk}/payslip.pdf").status_code == 409
    posted(run, clerk, director)
    job = Job.objects.get(kind="payroll.tell")
    for _twice in range(2):
        running.kinds.get("payroll.tell").function(job, **job.arguments)

    mail, notice = OutgoingMail.objects.get(recipient=own), Notice.objects.get(to=own)
    assert f"/payroll/mine/{slip.pk}/" in mail.text and notice.url == f"/payroll/mine/{slip.pk}/"
    assert not any(figure in mail.text + mail.subject + notice.title for figure in ("3,000", "3000", "2,8"))
    paper = signed_in(own).get(f"/payroll/mine/{slip.pk}/payslip.pdf")
    assert paper.content.startswith(b"%PDF-")
    assert "no-store" in paper["Cache-Control"]
    assert signed_in(other).get(f"/payroll/mine/{slip.pk}/payslip.pdf").status_code == 404
    assert signed_in(own).get(f"/payroll/slips/{slip.pk}/payslip.pdf").status_code == 403
