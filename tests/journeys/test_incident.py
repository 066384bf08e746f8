"""A report from the portal to its answer, in a browser: light, on a phone, and dark."""

import pytest

from backoffice.access.models import Role, RoleAssignment, User
from itsm.servicedesk.models import Incident
from tests.browsing import DARK, PHONE
from tests.factories_desk import a_level, a_service, a_team
from tests.fixtures_world import a_company

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SERIOUS = ("serious", "critical")


def somebody(company, name, *keys):
    user = User.objects.create(email=f"{name.split()[0].lower()}@calderwren.example", name=name)
    for key in keys:
        RoleAssignment.objects.create(user=user, role=Role.objects.get(key=key), company=company)
    return user


def accessible(window):
    assert [f for f in window.findings() if f[1] in SERIOUS] == []


def test_a_report_is_answered_and_resolved(transactional_db, visit):
    company = a_company()
    a_level(company)
    a_service(company, "Telephones")
    owen, ben = somebody(company, "Owen Hughes", "member"), somebody(company, "Ben Carlisle", "member", "it-agent")
    a_team(company).members.add(ben)

    window = visit(owen, PHONE)
    page = window.page
    window.go("/desk/my/")
    page.get_by_role("link", name="Report something").first.click()
    page.get_by_label("What", exact=False).first.fill("No sound in the headset")
    page.get_by_label("What happens", exact=False).fill("Callers hear me, I do not hear them.")
    page.get_by_label("How bad is it", exact=False).select_option(label="I cannot work at all")
    accessible(window)
    page.get_by_role("button", name="Report it").click()
    page.locator(".said", has_text="Callers hear me").wait_for()
    incident = Incident.objects.get()
    assert incident.requester == owen

    window = visit(ben)
    page = window.page
    window.go(f"/desk/{incident.pk}/")
    page.get_by_role("button", name="Take in hand").first.click()
    page.get_by_text("took it in hand").wait_for()
    page.get_by_text("Team note").click()
    page.locator("#say-text").fill("Odd: the wrong device is chosen.")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("noted for the team only").wait_for()
    page.locator("#say-text").fill("Please look at the settings of the sound.")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Please look at the settings").wait_for()
    accessible(window)
    window.picture("incident")
    page.get_by_role("link", name="Resolve").first.click()
    page.get_by_label("What helped", exact=False).fill("The wrong device was chosen as output.")
    page.locator("dialog select[name=service], form select[name=service]").first.select_option(label="Telephones")
    page.get_by_role("button", name="Resolve").last.click()
    page.get_by_text("resolved it").wait_for()
    assert [(m.side, m.text) for m in incident.messages.all()] == [
        ("team", "Please look at the settings of the sound.")
    ]

    window = visit(owen, DARK)
    window.go(f"/desk/my/{incident.pk}/")
    words = window.text()
    assert "The wrong device was chosen as output." in words
    assert "Odd" not in words
    accessible(window)
    window.page.get_by_role("button", name="Close").click()
    window.page.get_by_text("closed it").wait_for()
