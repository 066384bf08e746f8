"""Pay is told to few: screens, endpoints, exports and history."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.admin import site
from django.test import Client
from django.urls import reverse

from backoffice.access.models import Role, RoleAssignment, User
from backoffice.jobs import running
from backoffice.jobs.models import Job
from backoffice.ui.lists import ListScreen
from backoffice.ui.slots import lookups
from finance.banking import exporting, proposing, releasing
from finance.banking.models import BankAccount, PaymentRun
from finance.ledger.models import Account
from hr.payroll import approving, booking, items, preparing
from hr.payroll.models import Element
from hr.people import pay
from reporting.reports.defining import reports
from tests.battery.routes import ours
from tests.factories_payroll import a_clerk, a_director, a_run, calculated, posted, staff
from tests.fixtures_world import a_user, all_rights, give

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def slip(company, clerk, director):
    (person,) = staff(company, 1, by=clerk, amount="34567.89")
    run = posted(a_run(company, clerk), clerk, director)
    return run.payslips.get(employment=person)


def test_an_auditor_sees_the_totals_of_a_run_and_no_payslip(company, slip):
    auditor = a_user("Bilal Chaudhry", "payroll.view_payrollrun", company=company)
    client = signed_in(auditor)

    page = client.get(f"/payroll/runs/{slip.run_id}/")

    assert page.status_code == 200
    assert "Number 1" not in page.content.decode()  # the person's name
    for address in (
        "/payroll/slips/",
        f"/payroll/slips/{slip.pk}/",
        "/api/v1/payroll/payslips/",
        f"/api/v1/payroll/payslips/{slip.pk}/",
        "/payroll/tax/",
    ):
        assert client.get(address).status_code == 403


def test_a_colleague_sees_the_own_payslip_and_nobody_elses(company, slip):
    person = slip.employment.person
    own, other = (a_user(name, "payroll.view_own_payslip", company=company) for name in ("Anna One", "Owen Hughes"))
    person.user = own
    person.save()

    assert signed_in(own).get(f"/payroll/mine/{slip.pk}/").status_code == 200
    assert signed_in(own).get("/payroll/mine/").status_code == 200
    assert signed_in(other).get(f"/payroll/mine/{slip.pk}/").status_code == 404
    assert signed_in(own).get(f"/payroll/slips/{slip.pk}/").status_code == 403


def test_a_payslip_that_is_not_posted_is_not_shown_to_its_person(company, clerk):
    (employment,) = staff(company, 1, by=clerk)
    run = a_run(company, clerk)
    own = a_user("Anna One", "payroll.view_own_payslip", company=company)
    employment.person.user = own
    employment.person.save()

    assert signed_in(own).get(f"/payroll/mine/{run.payslips.get().pk}/").status_code == 404


def test_each_line_says_how_it_came_about(company, clerk, slip):
    give(clerk, "payroll.view_payslip", company=company)
    answer = signed_in(clerk).get(f"/api/v1/payroll/payslips/{slip.pk}/")

    lines = {line["code"]: dict(line["trace"]) for line in json.loads(answer.content)["lines"]}

    assert lines["tax"]["code"] == "1257L"
    assert lines["tax"]["bands"] == "paye.bands.rest@2026-04-06"
    assert lines["salary"]["rates"] == ["34567.8900 a year"]
    page = signed_in(clerk).get(f"/payroll/slips/{slip.pk}/").content.decode()
    assert "Taxable, whole pounds" in page


# Who sees pay and whose: by the words of `permissions.py` of people and payroll.
SEE_PAYSLIPS = {"payroll-clerk", "finance-director"}
SEE_RATES = {"auditor"}


@pytest.fixture
def told(company):
    """A house that paid: what one person gets, in every figure by which it may be recognised.

    The person has a rate, a rise that waits, a bonus, a payslip that was calculated twice, and was first left out of
    the run and of the payment; so the totals that others see have changed by exactly these figures.
    """
    clerk, director = a_clerk(company), a_director(company)
    for user in (clerk, director):
        give(user, *all_rights("banking", "people", "workflow"), company=company)
    (person,) = staff(company, 1, by=clerk, amount="34567.92")
    staff(company, 7, by=clerk, amount="26000", first=2)
    bonus = Element.objects.create(company=company, code="bonus", name="Bonus", feeds=["taxable", "niable"])
    items.add(person, bonus, Decimal("777.77"), valid_from=date(2026, 11, 1), by=clerk, note="For the canary")
    pay.propose_pay(person, effective_from=date(2027, 1, 1), amount=Decimal("45678.90"), reason="Rise", by=clerk)
    run = a_run(company, clerk)
    preparing.leave_out(run.payslips.get(employment=person), reason="Secretly away", by=clerk)
    calculated(run, clerk)
    preparing.take_in(run, person, by=clerk)
    calculated(run, clerk)
    approving.submit(run, by=clerk)
    approving.approve(run, by=director)
    booking.post(run, by=clerk)
    for job in Job.objects.filter(kind="payroll.tell"):
        running.run(job.pk)
    slip = run.payslips.get(employment=person)
    bank = BankAccount.objects.create(
        company=company, name="Current", account=Account.objects.get(company=company, code="1210"), holder="Calder",
        iban="GB33BUKB20201555555555", currency="GBP",
    )  # fmt: skip
    for left in (True, False):
        made = proposing.propose(bank, source="wages", pay_on=run.pay_on, due_until=run.pay_on, by=clerk, on=run.pay_on)
        if left:
            payment = made.payments.get(amount=slip.net)
            made = proposing.leave_out(payment, by=clerk, version=made.version, reason="Secretly wrong")
            releasing.cancel(made, by=clerk)
    exporting.export(releasing.release(made, by=director), by=director)
    amounts = {slip.gross, slip.net, slip.deductions, Decimal("777.77"), *slip.lines.values_list("amount", flat=True)}
    of_slip = {f"{each:{style}}" for each in amounts if each > 100 for style in (".2f", ",.2f")}
    return {"payslip": of_slip | {"Secretly"}, "rate": {"34567.92", "34,567.92", "45678.90", "45,678.90"}}


def somebody_who_is(company, *keys):
    """Somebody who holds these standard roles, and may open the administration."""
    user = User.objects.create(email="all@calderwren.example", name="Alex All", is_staff=True)
    for key in keys:
        RoleAssignment.objects.create(user=user, role=Role.objects.get(key=key), company=company)
    return user


def addresses():
    """Everything that can be asked for: pages of all rows, exports, endpoints, look-ups, search, reports, files."""
    for route in ours():
        model = route.model
        rows = list(model._base_manager.order_by("-pk")[:12]) if model is not None else []
        flow = getattr(model, "flow", None)
        verb = next(iter(flow.moves)) if getattr(flow, "moves", None) else "x"
        if "<" not in route.pattern:
            yield route.address()
        elif route.name in ("reports:report", "reports:report_file"):
            yield from (route.address(key=key, kind="csv") for key in dict(reports.items()))
        else:
            for row in rows:
                yield route.address(
                    pk=row.pk, employment=row.pk, ref=getattr(row, "ref", row.pk), verb=verb, kind="csv", party=row.pk
                )
        if isinstance(route.kind, type) and issubclass(route.kind, ListScreen) and "<" not in route.pattern:
            yield f"{route.address()}?view=all"
            yield f"{route.address()}?view=all&export=csv"
            yield f"{route.address()}?view=all&q=Number+1"
    for words in ("Anna", "Number 1", "WAGE", "PAY", "Bonus"):
        yield reverse("ui:find") + f"?q={words}"
    for label in sorted(dict(lookups.items())):
        yield reverse("ui:lookup", args=[label]) + "?q=a"
    for table in site._registry:
        start = f"/admin/{table._meta.app_label}/{table._meta.model_name}/"
        yield start
        yield from (
            f"{start}{row.pk}/{page}/" for row in table._base_manager.all()[:4] for page in ("change", "history")
        )


def leaks(user, told, kinds):
    """Where somebody comes upon one of the figures."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    found, opened = [], 0
    for address in addresses():
        answer = client.get(address)
        assert answer.status_code < 500, (address, answer.status_code)
        opened += answer.status_code == 200
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = body.decode("utf-8", "replace")
        found += [(address, figure) for kind in kinds for figure in told[kind] if figure in text]
    return found, opened


def test_pay_is_nowhere_for_all_whose_roles_do_not_tell_it(company, told):
    """Rights only add up: what somebody with all these roles together does not see, none of them shows."""
    own = Role.objects.exclude(key__startswith="r-")  # made by tests
    keys = set(own.values_list("key", flat=True)) - SEE_PAYSLIPS - SEE_RATES
    assert {"hr-officer", "finance-manager", "administrator", "department-head", "ap-clerk", "member"} <= keys

    found, opened = leaks(somebody_who_is(company, *keys), told, ("payslip", "rate"))

    assert found == []
    assert opened > 150, "so many pages were open at all"


def test_an_auditor_reads_rates_and_no_payslip(company, told):
    user = somebody_who_is(company, "auditor")
    found, _opened = leaks(user, told, ("payslip",))

    assert found == []
    assert leaks_on(user, "/people/pay/?view=all", told["rate"])


def test_whoever_makes_pay_sees_it(company, told):
    """The figures of the tests above are those that stand on the pages."""
    user = somebody_who_is(company, "payroll-clerk")

    assert leaks_on(user, "/payroll/slips/", told["payslip"])
    assert leaks_on(user, "/payroll/items/", {"777.77"})
    assert leaks_on(user, f"/banking/runs/{PaymentRun.objects.latest('pk').pk}/", told["payslip"])
    assert leaks_on(user, "/people/pay/?view=all", told["rate"])


def leaks_on(user, address, figures):
    client = signed_in(user)
    page = client.get(address).content.decode()
    return [figure for figure in figures if figure in page]
