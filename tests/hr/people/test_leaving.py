from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from backoffice.access import ending
from backoffice.api import tokens
from backoffice.audit.models import Act
from backoffice.core import events
from backoffice.core.errors import Refused
from hr.people import hiring, leaving
from hr.people.events import EmployeeLeaving, EmployeeLeft
from hr.people.models import Employment
from hr.people.tasks import tick
from tests.factories_people import a_starter, an_employment, an_officer
from tests.fixtures_world import a_user


@pytest.fixture
def officer(company):
    return an_officer(company)


@pytest.fixture
def daniel(company):
    return a_user("Daniel Osei", "people.view_own_record", company=company)


@pytest.fixture
def employment(company, officer, daniel):
    return an_employment(company, by=officer, user=daniel)


@pytest.fixture
def told(monkeypatch):
    heard = []
    for kind in (EmployeeLeaving, EmployeeLeft):
        monkeypatch.setitem(events.subscribers, kind, [(heard.append, False)])
    return heard


def test_notice_says_the_last_day_and_when_access_ends(employment, officer, told):
    leaving.give_notice(employment, by=officer, last_day=date(2126, 11, 13), why="Moves away")

    assert (employment.state, employment.ends_on) == ("notice", date(2126, 11, 13))
    assert employment.access_ends_at == datetime(2126, 11, 13, 18, tzinfo=employment.company.zone)
    assert [type(event) for event in told] == [EmployeeLeaving]


def test_notice_may_move_the_day_and_be_withdrawn(employment, officer):
    leaving.give_notice(employment, by=officer, last_day=date(2126, 11, 13))
    leaving.give_notice(employment, by=officer, last_day=date(2126, 11, 30))
    assert employment.ends_on == date(2126, 11, 30)

    leaving.withdraw_notice(employment, by=officer)

    assert (employment.state, employment.ends_on, employment.access_ends_at) == ("active", None, None)


def test_nobody_leaves_before_the_last_day(employment, officer):
    leaving.give_notice(employment, by=officer, last_day=date(2126, 11, 13))
    with pytest.raises(Refused, match="lies ahead"):
        leaving.leave(employment, by=officer)


def test_who_leaves_is_told_to_others_with_the_moment_access_ends(employment, officer, told):
    leaving.give_notice(employment, by=officer, last_day=date(2026, 11, 1))
    leaving.leave(employment, by=officer)

    assert employment.state == Employment.State.LEFT
    left = told[-1]
    assert (type(left), left.employment_id, left.on) == (EmployeeLeft, employment.pk, date(2026, 11, 1))


def test_on_the_day_after_the_last_everybody_leaves_by_themselves(employment, officer, told):
    leaving.give_notice(employment, by=officer, last_day=date(2126, 11, 13))

    assert leaving.depart_due(datetime(2126, 11, 13, 23, 30, tzinfo=UTC)) == 0
    assert leaving.depart_due(datetime(2126, 11, 14, 0, 30, tzinfo=UTC)) == 1

    employment.refresh_from_db()
    assert (employment.state, type(told[-1])) == ("left", EmployeeLeft)
    assert Act.objects.filter(verb="depart", by=None, object_id=employment.pk).exists()


def test_access_ends_at_the_set_moment_and_not_before(employment, officer, daniel, django_capture_on_commit_callbacks):
    client = Client()
    client.force_login(daniel)
    token, secret = tokens.make(by=daniel, name="script", scope="read", expires_at=timezone.now() + timedelta(days=30))
    assert client.get("/people/me/").status_code == 200
    leaving.give_notice(employment, by=officer, last_day=date(2126, 11, 13))
    end = employment.access_ends_at

    assert leaving.end_access_due(end - timedelta(minutes=1)) == 0
    daniel.refresh_from_db()
    assert daniel.is_active

    with django_capture_on_commit_callbacks(execute=True):
        assert leaving.end_access_due(end) == 1
    assert leaving.end_access_due(end) == 0

    daniel.refresh_from_db()
    token.refresh_from_db()
    assert not daniel.is_active
    assert token.revoked_at is not None and tokens.owner_of(secret, at=timezone.now()) is None
    assert [a.ends_on for a in daniel.role_assignments.all()] == [date(2126, 11, 13)]
    assert client.get("/people/me/").status_code == 302
    assert Act.objects.get(verb="end_access").object_id == daniel.pk


def test_who_is_employed_again_keeps_the_account(company, employment, officer, daniel):
    leaving.give_notice(employment, by=officer, last_day=date(2026, 11, 1))
    leaving.leave(employment, by=officer)
    hiring.hire(company, a_starter(company, person=employment.person, starts_on=date(2026, 11, 2)), by=officer)

    leaving.end_access_due(datetime(2026, 11, 3, tzinfo=UTC))

    daniel.refresh_from_db()
    assert daniel.is_active
    assert Employment.objects.filter(person=employment.person).count() == 2


def test_ending_access_twice_changes_nothing(daniel, officer):
    assert ending.end_access(daniel, by=officer, reason="Left", on=date(2026, 11, 13))
    assert not ending.end_access(daniel, by=officer, reason="Left", on=date(2026, 11, 14))


def test_the_clock_starts_starters_and_lets_leavers_leave(employment, officer):
    leaving.give_notice(employment, by=officer, last_day=date(2026, 11, 1))

    tick()

    employment.refresh_from_db()
    assert (employment.state, employment.access_ended_at is not None) == ("left", True)
