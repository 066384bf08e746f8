"""The desk's page, the requester's own page and the endpoints do the same by the same verbs."""

import re

import pytest
from django.test import Client

from itsm.servicedesk import handling
from itsm.servicedesk.models import Incident, InternalNote, Mailbox
from tests.factories_desk import a_level, a_service, again, an_incident
from tests.fixtures_world import a_user, all_rights


@pytest.fixture
def desk(company, ben):
    a_level(company)
    browser = Client()
    browser.force_login(ben)
    return browser


@pytest.fixture
def portal(company, owen):
    browser = Client()
    browser.force_login(owen)
    return browser


def test_a_colleague_reports_in_plain_words_and_follows_it(company, desk, portal, owen):
    page = portal.get("/desk/my/new/").content.decode()
    assert "I cannot work at all" in page
    assert "P1 critical" not in page

    said = {"subject": "No sound", "text": "The headset is silent.", "urgency": "high", "impact": "low"}
    answer = portal.post("/desk/my/new/", said)

    incident = Incident.objects.get()
    assert answer.headers["Location"] == f"/desk/my/{incident.pk}/"
    assert (incident.requester, incident.priority) == (owen, 3)
    assert "The headset is silent." in portal.get(f"/desk/my/{incident.pk}/").content.decode()


def test_the_desk_answers_and_notes_from_the_same_box(company, desk, portal, owen):
    incident = an_incident(company, owen)

    desk.post(f"/desk/{incident.pk}/say/", {"kind": "reply", "text": "I am on it."})
    desk.post(f"/desk/{incident.pk}/say/", {"kind": "note", "text": "Odd driver."})
    portal.post(f"/desk/{incident.pk}/say/", {"text": "Thank you."})

    assert [m.side for m in incident.messages.all()] == ["team", "requester"]
    assert InternalNote.objects.get().text == "Odd driver."
    page = desk.get(f"/desk/{incident.pk}/").content.decode()
    assert all(words in page for words in ("I am on it.", "Odd driver.", "Thank you.", "First answer, within 30 min"))


def test_a_repeated_sending_says_it_once(company, desk, owen):
    incident = an_incident(company, owen)
    said = {"kind": "reply", "text": "I am on it.", "idempotency_key": "3e0f0ed6-6a67-4d7c-b4b6-1c3f1a7a9c11"}

    for _twice in range(2):
        desk.post(f"/desk/{incident.pk}/say/", said)

    assert incident.messages.count() == 1


def test_an_empty_answer_is_refused_in_words(company, desk, owen):
    incident = an_incident(company, owen)

    page = desk.post(f"/desk/{incident.pk}/say/", {"text": " "}, follow=True).content.decode()

    assert "An answer needs words." in page


def test_the_page_offers_what_fits_the_state(company, desk, owen, ben):
    incident = an_incident(company, owen)
    handling.take(incident, by=ben)

    verbs = set(re.findall(rf"/desk/{incident.pk}/(\w+)/", desk.get(f"/desk/{incident.pk}/").content.decode()))

    assert {"resolve", "wait", "assign", "prioritise", "say"} <= verbs
    assert not {"resume", "reopen", "close", "reply"} & verbs


def test_the_requester_reopens_from_the_own_page(company, desk, portal, owen, ben):
    incident = an_incident(company, owen)
    desk.post(
        f"/desk/{incident.pk}/resolve/",
        {"service": a_service(company).pk, "cause": "hardware", "solution": "New cable."},
    )
    assert again(incident).state == "resolved"

    answer = portal.post(f"/desk/{incident.pk}/reopen/", {"reason": "Silent again."})

    assert answer.headers["Location"] == f"/desk/my/{incident.pk}/"
    assert again(incident).state == "in_progress"


def test_lists_views_and_files_are_drawn(company, desk, owen):
    an_incident(company, owen)

    for address in ("", "?view=mine", "?view=team", "?view=late", "?view=all&export=csv", "?q=blank&view=all"):
        assert desk.get(f"/desk/{address}").status_code == 200, address
    assert "INC-0001" in desk.get("/").content.decode()


def test_a_program_opens_reads_answers_and_resolves(company, ben, owen):
    a_level(company)
    programs = Client()
    programs.force_login(ben)
    body = {"company": company.pk, "subject": "No sound", "text": "Silent.", "impact": "low", "urgency": "high"}

    made = programs.post("/api/v1/servicedesk/incidents/", body, "application/json")
    assert made.status_code == 201, made.content
    address = f"/api/v1/servicedesk/incidents/{made.json()['ref']}/"
    assert (made.json()["number"], made.json()["priority"], made.json()["channel"]) == ("INC-0001", 3, "api")
    for verb, details in (
        ("take", {}),
        ("reply", {"text": "On it."}),
        ("resolve", {"cause": "hardware", "solution": "New cable.", "service": a_service(company).pk}),
    ):
        answer = programs.post(f"{address}{verb}/", details, "application/json")
        assert answer.status_code == 200, answer.content

    assert programs.get(address).json()["state"] == "resolved"
    clocks = programs.get("/api/v1/servicedesk/clocks/").json()["results"]
    assert {clock["metric"]: clock["state"] for clock in clocks} == {"first_response": "stopped", "solution": "stopped"}


def test_a_colleague_cannot_open_for_somebody_else_by_the_api(company, desk, portal, owen, ben):
    body = {"company": company.pk, "subject": "No sound", "text": "Silent.", "impact": "low", "urgency": "high"}

    made = portal.post("/api/v1/servicedesk/incidents/", body, "application/json")

    assert made.status_code == 201, made.content
    assert Incident.objects.get().requester == owen


def test_the_password_of_a_mailbox_is_never_shown(company):
    ada = a_user("Ada Quinn", *all_rights("servicedesk", "access"), company=company)
    browser = Client()
    browser.force_login(ada)
    box = Mailbox.objects.create(
        company=company,
        address="help@calderwren.example",
        host="imap.example",
        login="help",
        secret="hush-hush",
        acts_as=ada,
    )

    for address in (f"/desk/mailboxes/{box.pk}/", f"/desk/mailboxes/{box.pk}/edit/", "/desk/mailboxes/"):
        assert "hush-hush" not in browser.get(address).content.decode()
    answer = browser.post(
        f"/desk/mailboxes/{box.pk}/edit/",
        {"address": box.address, "host": "imap2.example", "port": 993, "security": "tls", "login": "help", "secret": "",
         "folder": "INBOX", "acts_as": ada.pk, "unknown": "refuse", "hourly": 10, "is_active": "on"},
    )  # fmt: skip

    assert answer.status_code == 302, answer.content.decode()[:3000]
    box.refresh_from_db()
    assert (box.host, box.secret) == ("imap2.example", "hush-hush")
