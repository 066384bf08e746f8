"""Pay is told to few: screens, endpoints, exports and history."""

import json

import pytest
from django.test import Client

from tests.factories_payroll import a_run, posted, staff
from tests.fixtures_world import a_user, give

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
