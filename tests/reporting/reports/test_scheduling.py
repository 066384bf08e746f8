"""When packs are due, and that each due time is started once."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from backoffice.jobs.models import Job
from backoffice.messaging.models import Notice
from finance.ledger.models import Period
from reporting.reports import scheduling, tasks
from reporting.reports.models import Pack, PackPart, Schedule
from tests.fixtures_world import a_user, all_rights

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def grace(company):
    return a_user("Grace Okafor", *all_rights("reports"), "ledger.view_journalline", company=company)


def a_schedule(company, owner, now=NOW, **fields):
    pack = Pack.objects.create(company=company, name="Month end")
    PackPart.objects.create(pack=pack, place=1, report="ledger.profit_and_loss", parameters={"period": "last_month"})
    schedule = Schedule(
        company=company, pack=pack, owner=owner, **{"at": time(7, 0), "subject": "Month end, {month}", **fields}
    )
    return scheduling.keep(schedule, [owner], by=owner, now=now)


@pytest.mark.parametrize(
    ("year", "month", "number", "day"),
    [
        (2026, 12, 5, 7),  # 1 December 2026 is a Tuesday
        (2026, 5, 5, 8),  # Monday 4 May is a bank holiday
        (2027, 1, 5, 8),  # New Year's Day is a Friday
        (2026, 4, 5, 9),  # Good Friday and Easter Monday
        (2026, 12, 20, 30),  # 25 and 28 December
    ],
)
def test_working_days_leave_out_weekends_and_bank_holidays_of_the_uk(year, month, number, day):
    assert scheduling.nth_working_day(year, month, number, "GB") == date(year, month, day)


def test_the_fifth_working_day_at_seven_is_by_the_clock_of_the_company(company, grace):
    schedule = a_schedule(company, grace)
    assert schedule.next_at == datetime(2026, 12, 7, 7, 0, tzinfo=UTC)
    assert scheduling.due_words(schedule.next_at, company) == "Monday 7 December 2026, 07:00, for November 2026"

    summer = scheduling.next_time(schedule, datetime(2027, 6, 1, tzinfo=UTC))
    assert summer == datetime(2027, 6, 7, 6, 0, tzinfo=UTC)  # British Summer Time


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"every": "week", "weekday": 0}, datetime(2026, 11, 30, 7, tzinfo=UTC)),
        ({"every": "day"}, datetime(2026, 11, 24, 7, tzinfo=UTC)),
        ({"every": "day", "at": time(10, 0)}, datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ({"every": "month", "working_day": 20}, datetime(2026, 11, 27, 7, tzinfo=UTC)),
    ],
)
def test_other_rules(company, grace, fields, due):
    assert a_schedule(company, grace, **fields).next_at == due


def test_a_due_time_starts_one_job_however_often_the_tick_runs(company, grace):
    schedule = a_schedule(company, grace)
    due = schedule.next_at

    assert scheduling.tick(due - timedelta(minutes=1)) == 0
    assert scheduling.tick(due) == 1
    assert scheduling.tick(due) == 0
    Schedule.objects.update(next_at=due)  # as if the tick had died before it was committed elsewhere
    scheduling.tick(due)

    (job,) = Job.objects.filter(kind="reports.schedule")
    assert (job.actor, job.arguments["schedule"]) == (grace, schedule.pk)
    schedule.refresh_from_db()
    assert schedule.next_at == datetime(2027, 1, 8, 7, tzinfo=UTC)


def test_after_a_long_stop_the_missed_time_is_made_up_once(company, grace):
    schedule = a_schedule(company, grace)

    scheduling.tick(datetime(2027, 3, 20, tzinfo=UTC))

    assert Job.objects.filter(kind="reports.schedule").count() == 1
    schedule.refresh_from_db()
    assert schedule.next_at == datetime(2027, 4, 7, 6, tzinfo=UTC)


def test_a_schedule_may_wait_for_the_closing_and_tells_its_owner_once(company, grace):
    schedule = a_schedule(company, grace, only_when_closed=True)
    due = schedule.next_at

    scheduling.tick(due)
    scheduling.tick(due + timedelta(hours=1))
    assert not Job.objects.exists()
    assert Notice.objects.get(to=grace).title == "“Month end” waits for the closing of November 2026"

    Period.objects.filter(company=company, starts_on__lte=date(2026, 11, 1)).update(state="closed")
    scheduling.tick(due + timedelta(hours=2))
    (job,) = Job.objects.all()
    assert job.arguments["due"] == due.isoformat()


def test_the_schedule_of_somebody_who_left_stops(company, grace):
    schedule = a_schedule(company, grace)
    type(grace).objects.filter(pk=grace.pk).update(is_active=False)

    assert scheduling.tick(schedule.next_at) == 0
    schedule.refresh_from_db()
    assert not schedule.is_active


def test_a_schedule_needs_the_right_and_a_recipient(company, grace):
    tom = a_user("Tom Ashworth", "reports.view_schedule", company=company)

    with pytest.raises(PermissionDenied):
        a_schedule(company, tom)
    pack = Pack.objects.create(company=company, name="Empty")
    with pytest.raises(ValidationError):
        scheduling.keep(
            Schedule(company=company, pack=pack, owner=grace, at=time(7), subject="x"), [], by=grace, now=NOW
        )


def test_stopping_and_starting(company, grace):
    schedule = a_schedule(company, grace)

    scheduling.switch(schedule, active=False, by=grace, now=NOW)
    assert scheduling.tick(datetime(2026, 12, 31, tzinfo=UTC)) == 0
    scheduling.switch(schedule, active=True, by=grace, now=NOW)
    assert schedule.next_at == datetime(2026, 12, 7, 7, 0, tzinfo=UTC)


def test_the_task_accepts_unknown_keywords(db):
    tasks.tick(colour="blue")
