"""The requester sees the own incident and never a note; nobody sees the incidents of others without the right."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from backoffice.documents import attaching
from backoffice.documents import queries as history
from itsm.servicedesk import conversing, handling, resolving
from itsm.servicedesk.models import InternalNote, Message
from tests.factories_desk import a_colleague, a_level, a_service, again, an_agent, an_incident

SECRET = "Kestrel is what the team says among itself"


@pytest.fixture
def browser():
    return Client()


@pytest.fixture
def noted(company, owen, ben):
    a_level(company)
    incident = an_incident(company, owen)
    handling.take(incident, by=ben)
    conversing.note(incident, by=ben, text=SECRET)
    conversing.reply(incident, by=ben, text="I am looking at it.")
    resolving.resolve(incident, by=ben, service=a_service(company), cause="software", solution="Driver 8.1 again.")
    return incident


def addresses(incident):
    return [
        f"/desk/my/{incident.pk}/",
        f"/desk/{incident.pk}/",
        "/desk/my/?view=all",
        "/desk/my/?view=all&export=csv",
        "/desk/",
        f"/api/v1/servicedesk/incidents/{incident.ref}/",
        "/api/v1/servicedesk/incidents/",
        "/api/v1/servicedesk/messages/",
        "/api/v1/servicedesk/notes/",
        "/find/?q=kestrel",
        f"/find/?q={incident.number}",
        "/",
        "/notices/",
    ]


def test_the_requester_never_reads_a_note(company, owen, noted, browser):
    browser.force_login(owen)
    seen = 0

    for address in addresses(noted):
        answer = browser.get(address, follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"Kestrel is" not in body, address
        seen += answer.status_code == 200

    assert seen >= 8
    assert not any(SECRET in change.after.get("text", "") for change in history.changes_seen(owen) if change.after)


def test_the_desk_reads_the_note_on_the_page_and_by_the_api(ben, noted, browser):
    browser.force_login(ben)

    assert SECRET in browser.get(f"/desk/{noted.pk}/").content.decode()
    assert SECRET in browser.get("/api/v1/servicedesk/notes/").content.decode()


def test_an_agent_who_is_the_requester_reads_no_notes_on_the_own_incident(company, ben, browser):
    lea = an_agent(company, "Lea Lead")
    incident = an_incident(company, ben)
    conversing.note(incident, by=lea, text=SECRET)
    browser.force_login(ben)

    for address in (f"/desk/{incident.pk}/", "/api/v1/servicedesk/notes/"):
        assert SECRET not in browser.get(address).content.decode()


def test_mail_and_notices_carry_no_note(owen, noted):
    from backoffice.messaging.models import Notice, OutgoingMail

    words = [*OutgoingMail.objects.values_list("text", flat=True), *Notice.objects.values_list("text", flat=True)]

    assert words
    assert not any(SECRET in text for text in words)


def test_a_colleague_sees_only_the_own_incidents(company, owen, noted, browser):
    nosy = a_colleague(company, "Nick Nosy")
    browser.force_login(nosy)

    assert browser.get(f"/desk/my/{noted.pk}/").status_code == 404
    assert browser.get(f"/desk/{noted.pk}/", follow=True).status_code == 404
    assert browser.get("/desk/").status_code == 403
    assert browser.get(f"/api/v1/servicedesk/incidents/{noted.ref}/").status_code == 404
    assert browser.get("/api/v1/servicedesk/incidents/").json()["results"] == []
    assert browser.get("/api/v1/servicedesk/messages/").json()["results"] == []
    assert browser.post(f"/desk/{noted.pk}/say/", {"text": "Hello"}).status_code == 404
    assert not attaching.may_see(noted, nosy)


def test_a_colleague_acts_on_no_incident_of_another(company, owen, noted):
    nosy = a_colleague(company, "Nick Nosy")

    for act in (
        lambda: conversing.reply(again(noted), by=nosy, text="Hello"),
        lambda: resolving.reopen(again(noted), by=nosy, reason="For fun."),
        lambda: resolving.close(again(noted), by=nosy),
        lambda: handling.take(again(noted), by=nosy),
        lambda: conversing.note(again(noted), by=nosy, text="Hello"),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_colleague_writes_no_note_even_on_the_own_incident(owen, noted, browser):
    browser.force_login(owen)

    answer = browser.post(f"/desk/{noted.pk}/say/", {"text": "Note", "kind": "note"})

    assert answer.status_code == 403
    assert InternalNote.objects.count() == 1


def test_without_any_right_there_is_no_desk(company, noted, browser):
    from tests.fixtures_world import a_user

    browser.force_login(a_user("Nora Nothing", company=company))

    for address in ("/desk/", "/desk/my/", "/desk/my/new/", "/desk/new/", f"/desk/{noted.pk}/", "/desk/mailboxes/"):
        assert browser.get(address).status_code == 403, address


def test_an_incident_takes_no_comments_beside_its_conversation(ben, noted):
    from backoffice.core.errors import Refused
    from tests.fixtures_world import give

    give(ben, "documents.add_comment", company=noted.company)

    with pytest.raises(Refused):
        attaching.comment(noted, text="Hello", by=ben)


def test_what_was_said_is_kept(noted):
    from django.db import IntegrityError, transaction

    for rows in (Message.objects.all(), InternalNote.objects.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(text="Something else")
