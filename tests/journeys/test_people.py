"""A journey: 448 employees come in by a file; one gets a rise that lies ahead, and another leaves."""

from datetime import date
from random import Random

import pytest

from backoffice.access.models import Role, RoleAssignment, User
from hr.people import demo
from hr.people.models import Employment, PayRate
from tests.browsing import DARK, PHONE
from tests.factories_people import a_place
from tests.fixtures_world import TODAY, a_company

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SERIOUS = ("serious", "critical")


def somebody(company, name, *keys):
    user = User.objects.create(email=f"{name.split()[0].lower()}@calderwren.example", name=name)
    for key in keys:
        RoleAssignment.objects.create(user=user, role=Role.objects.get(key=key), company=company)
    return user


@pytest.fixture
def house(transactional_db):
    company = a_company()
    for code in ("WH", "LEEDS", "HO", "BRIS", "TRADE", "WEB", "IT", "FLEET", "FIN", "SALES", "TRAN"):
        a_place(company, code, code.title())
    return company


def accessible(window):
    assert [f for f in window.findings() if f[1] in SERIOUS] == []


def test_a_file_a_rise_ahead_and_a_leaver(house, visit, tmp_path):
    hannah = somebody(house, "Hannah Reid", "member", "hr-officer", "payroll-clerk")
    grace = somebody(house, "Grace Okafor", "member", "finance-director")
    file = tmp_path / "employees.csv"
    file.write_text(demo.employees_csv(Random(4287), TODAY))

    window = visit(hannah)
    page = window.page
    window.go("/people/")
    page.get_by_role("link", name="Import").click()
    page.set_input_files("input[type=file]", str(file))
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_role("button", name="Bring in 448 employees").wait_for()
    window.picture("people-import")
    accessible(window)
    page.get_by_role("button", name="Bring in 448 employees").click()
    page.wait_for_url("**/people/?view=all")
    assert Employment.objects.count() == 448
    window.settle()
    window.picture("people-list")
    accessible(window)

    window.go("/people/?view=all&q=Osei+Daniel")
    page.get_by_role("link", name="E-0318").click()
    assert "Picker" in window.text()
    page.get_by_role("link", name="Propose").click()
    page.fill("[name=valid_from]", "1 Jan 2127")
    page.fill("[name=amount]", "28,750")
    page.fill("[name=reason]", "Promotion")
    window.picture("people-pay-form")
    page.keyboard.press("Control+s")
    page.wait_for_url(lambda url: "/people/pay/" in url)
    rate = PayRate.objects.get(reason="Promotion")
    assert page.get_by_role("button", name="Approve").count() == 0

    director = visit(grace)
    director.go(f"/people/pay/{rate.pk}/")
    director.picture("people-pay")
    accessible(director)
    director.page.get_by_role("button", name="Approve").first.click()
    director.page.get_by_text("Approved").first.wait_for()
    rate.refresh_from_db()
    assert (rate.state, rate.valid_from) == ("approved", date(2127, 1, 1))

    employment = Employment.objects.get(number="E-0077")
    window.go(f"/people/{employment.pk}/give_notice/")
    page.fill("[name=last_day]", "13 Nov 2126")
    window.picture("people-notice")
    page.get_by_role("button", name="Give notice").click()
    page.wait_for_url(f"**/people/{employment.pk}/")
    employment.refresh_from_db()
    assert (employment.state, employment.ends_on) == ("notice", date(2126, 11, 13))
    window.picture("people-page")
    accessible(window)

    for dress, name in ((DARK, "dark"), (PHONE, "phone")):
        other = visit(hannah, dress)
        for path, what in (("/people/", "list"), (f"/people/{employment.pk}/", "page"), ("/people/new/", "new"), (f"/people/{employment.pk}/change_assignment/", "change"), ("/people/pay/?view=all", "payrates"), ("/people/bank/", "bank"), ("/people/me/", "me")):  # fmt: skip
            other.go(path)
            other.settle()
            other.picture(f"people-{what}-{name}")
            accessible(other)
            assert not other.page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
