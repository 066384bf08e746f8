from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from backoffice.workcal import calendars
from backoffice.workcal.models import Calendar, CalendarDay, Span
from tests.fixtures_world import a_user, all_rights

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def office(company):
    return calendars.install(company, 2026)[0]


def test_substitute_days_of_english_holidays_are_closed(office):
    working = calendars.working_time(office)

    # Boxing Day 2026 is a Saturday, so Monday the 28th is free
    assert not working.is_working_day(date(2026, 12, 25))
    assert not working.is_working_day(date(2026, 12, 28))
    assert working.is_working_day(date(2026, 12, 29))
    assert working.day_length == timedelta(hours=8, minutes=30)


def test_around_the_clock_knows_no_holiday(company):
    _office, always = calendars.install(company, 2026)
    working = calendars.working_time(always)
    christmas = datetime(2026, 12, 25, tzinfo=LONDON)

    assert working.between(christmas, christmas + timedelta(days=1)) == timedelta(days=1)


def test_a_change_of_hours_is_seen_at_once(office):
    noon = datetime(2026, 11, 23, 12, tzinfo=LONDON)
    assert calendars.working_time(office).between(noon, noon + timedelta(hours=6)) == timedelta(hours=5.5)

    Span.objects.filter(calendar=office, weekday=0).update(ends=time(13))
    office.refresh_from_db()

    assert calendars.working_time(office).between(noon, noon + timedelta(hours=6)) == timedelta(hours=1)


def test_hours_that_were_taken_back_are_not_remembered_for_the_next_change(office):
    noon = datetime(2026, 11, 23, 12, tzinfo=LONDON)

    def monday_ends(at):
        Span.objects.filter(calendar=office, weekday=0).update(ends=at)
        office.refresh_from_db()
        return calendars.working_time(office).between(noon, noon + timedelta(hours=6))

    with transaction.atomic():
        assert monday_ends(time(13)) == timedelta(hours=1)
        transaction.set_rollback(True)

    assert monday_ends(time(14)) == timedelta(hours=2)


def test_a_day_that_differs_is_seen_at_once(office):
    CalendarDay.objects.create(calendar=office, on=date(2026, 11, 23), name="Stocktaking")
    office.refresh_from_db()

    assert not calendars.working_time(office).is_working_day(date(2026, 11, 23))


def test_coming_holidays_are_entered_once_and_leave_what_people_entered(office):
    CalendarDay.objects.filter(calendar=office, on=date(2026, 12, 25)).update(name="Ours")

    assert calendars.enter_coming_holidays(date(2029, 1, 2)) > 0
    assert calendars.enter_coming_holidays(date(2029, 1, 2)) == 0
    assert office.days.get(on=date(2026, 12, 25)).name == "Ours"


def test_a_span_cannot_close_before_it_opens(office):
    with pytest.raises(IntegrityError), transaction.atomic():
        Span.objects.create(calendar=office, weekday=5, starts=time(12), ends=time(9))


def test_one_default_calendar_a_company(company, office):
    with pytest.raises(IntegrityError), transaction.atomic():
        Calendar.objects.create(company=company, name="Second", is_default=True)
    assert calendars.default(company) == office


def test_an_administrator_sees_a_calendar_and_enters_a_day(company, office):
    keeper = a_user("Ada Quinn", *all_rights("workcal", "organisation"), company=company)
    browser = Client()
    browser.force_login(keeper)

    assert browser.get(f"/calendars/{office.pk}/").status_code == 200
    answer = browser.post(
        f"/calendars/{office.pk}/days/new/",
        {"on": "24 Dec 2026", "name": "Early end", "starts": "09:00", "ends": "12:00"},
    )

    assert answer.status_code == 302
    assert office.days.get(on=date(2026, 12, 24)).ends == time(12)


def test_without_the_right_a_calendar_is_not_changed(company, office):
    browser = Client()
    browser.force_login(a_user("Nora Nothing", "workcal.view_calendar", company=company))

    assert browser.get(f"/calendars/{office.pk}/").status_code == 200
    assert browser.get(f"/calendars/{office.pk}/edit/").status_code == 403
    assert browser.get(f"/calendars/{office.pk}/days/new/").status_code == 403


def test_a_name_stands_once_and_a_new_default_takes_the_place_of_the_old(company, office):
    keeper = a_user("Ada Quinn", *all_rights("workcal", "organisation"), company=company)
    browser = Client()
    browser.force_login(keeper)
    said = {
        "name": "Office hours", "zone": "Europe/London", "is_default": "on",
        "lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0, "lines-MIN_NUM_FORMS": 0, "lines-MAX_NUM_FORMS": 1000,
        "lines-0-valid_from": "1 Jan 2026", "lines-0-weekday": 0, "lines-0-starts": "08:00", "lines-0-ends": "12:00",
    }  # fmt: skip

    assert browser.post("/calendars/new/", said).status_code == 422
    assert browser.post("/calendars/new/", said | {"name": "Shift"}).status_code == 302

    assert calendars.default(company).name == "Shift"
    assert Calendar.objects.filter(company=company, is_default=True).count() == 1
