"""When packs are due: working days, the next time, and the tick that starts what is due."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backoffice.audit.recording import acting
from backoffice.core.authority import authority, recorder
from backoffice.jobs import running
from backoffice.messaging import noticing
from backoffice.workcal.publicdays import is_working_day
from reporting.reports.defining import is_closed
from reporting.reports.models import Recipient, Schedule
from reporting.reports.parameters import month_of, shifted

Every = Schedule.Every
RETRY = timedelta(minutes=30)  # between two looks whether the period is closed


def nth_working_day(year: int, month: int, number: int, country: str) -> date:
    """The so-manieth working day of a month, the last one where there are fewer."""
    span = month_of(date(year, month, 1))
    days = [span.starts_on + timedelta(days=i) for i in range((span.ends_on - span.starts_on).days + 1)]
    working = [day for day in days if is_working_day(day, country)]
    return working[min(number, len(working)) - 1]


def next_time(schedule: Schedule, after: datetime) -> datetime:
    """The first due time after a moment; the clock is that of the company."""
    zone = schedule.company.zone
    for day in _days(schedule, after.astimezone(zone).date()):
        due = datetime.combine(day, schedule.at, tzinfo=zone)
        if due > after:
            return due
    raise AssertionError("A calendar has no end.")


def _days(schedule: Schedule, start: date) -> Iterator[date]:
    """The days of a schedule from a day on, without end."""
    country = schedule.company.country
    if schedule.every == Every.MONTH:
        for months in range(1200):
            first = shifted(start, months)
            yield nth_working_day(first.year, first.month, schedule.working_day, country)
    for days in range(36_500):
        day = start + timedelta(days=days)
        if schedule.every == Every.WEEK and day.weekday() == schedule.weekday:
            yield day
        if schedule.every == Every.DAY and is_working_day(day, country):
            yield day


def rule_words(schedule: Schedule) -> str:
    """every month on working day 5 at 07:00"""
    at = f"{schedule.at:%H:%M}"
    if schedule.every == Every.MONTH:
        return _("every month on working day %(number)s at %(at)s") % {"number": schedule.working_day, "at": at}
    if schedule.every == Every.WEEK:
        return _("every %(day)s at %(at)s") % {"day": schedule.get_weekday_display(), "at": at}
    return _("every working day at %(at)s") % {"at": at}


def next_words(company: Any, typed: Mapping[str, str], now: datetime) -> str:
    """Monday 7 December 2026, 07:00, for November 2026; empty while the rule cannot be read."""
    try:
        schedule = Schedule(
            company=company,
            every=Every(typed.get("every", Every.MONTH)),
            working_day=min(max(int(typed.get("working_day") or 5), 1), 20),
            weekday=int(typed.get("weekday") or 0) % 7,
            at=time.fromisoformat(typed.get("at") or "07:00"),
        )
    except ValueError:
        return ""
    return due_words(next_time(schedule, now), company)


def due_words(due: datetime, company: Any) -> str:
    """Monday 7 December 2026, 07:00, for November 2026."""
    local = due.astimezone(company.zone)
    return _("%(when)s, for %(month)s") % {
        "when": date_format(local, "l j F Y, H:i"),
        "month": date_format(month_before(due, company), "F Y"),
    }


def month_before(due: datetime, company: Any) -> date:
    """The last day of the month before a due time: the month that is reported on."""
    return due.astimezone(company.zone).date().replace(day=1) - timedelta(days=1)


def subject_words(template: str, due: datetime, company: Any) -> str:
    """The subject with its month."""
    return template.replace("{month}", date_format(month_before(due, company), "F Y"))


def keep(schedule: Schedule, recipients: Sequence[Any], *, by: Any, now: datetime) -> Schedule:
    """Enter a schedule or change it. Raises `PermissionDenied` without the right, `ValidationError` without recipients."""
    action = "change" if schedule.pk else "add"
    if denied := authority.only.refusal(by, f"reports.{action}_schedule", schedule):
        raise denied
    with acting(by):
        schedule.version += 1 if schedule.pk else 0
        save(schedule, recipients, now=now)
        recorder.only(schedule, "enter" if action == "add" else "change", by, {"to": [str(u) for u in recipients]})
    return schedule


def save(schedule: Schedule, recipients: Sequence[Any], *, now: datetime) -> Schedule:
    """Write a schedule with its recipients and the time when it is due next.

    Raises `ValidationError` without recipients.
    """
    if not recipients:
        raise ValidationError(_("Choose at least one person to send it to."))
    schedule.next_at = next_time(schedule, now) if schedule.is_active else None
    schedule.waiting_since = None
    schedule.save()
    schedule.recipients.exclude(user__in=recipients).delete()
    have = set(schedule.recipients.values_list("user_id", flat=True))
    Recipient.objects.bulk_create(Recipient(schedule=schedule, user=u) for u in recipients if u.pk not in have)
    return schedule


def switch(schedule: Schedule, *, active: bool, by: Any, now: datetime) -> Schedule:
    """Stop a schedule or start it again. Raises `PermissionDenied` without the right."""
    if denied := authority.only.refusal(by, "reports.change_schedule", schedule):
        raise denied
    with acting(by):
        schedule.is_active = active
        schedule.next_at = next_time(schedule, now) if active else None
        schedule.waiting_since = None
        schedule.version += 1
        schedule.save(update_fields=["is_active", "next_at", "waiting_since", "version"])
        recorder.only(schedule, "start" if active else "stop", by, {})
    return schedule


def tick(now: datetime) -> int:
    """Start what is due, once for each due time however often this runs. Returns how many were started."""
    with transaction.atomic():
        due = (
            Schedule.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(is_active=True, next_at__lte=now)
            .select_related("company", "owner", "pack")
            .order_by("next_at", "id")
        )
        return sum(_start(schedule, now) for schedule in due)


def _start(schedule: Schedule, now: datetime) -> int:
    due = schedule.waiting_since or schedule.next_at
    assert due is not None
    if not schedule.owner.is_active:
        schedule.is_active, schedule.next_at = False, None
        schedule.save(update_fields=["is_active", "next_at"])
        return 0
    if schedule.only_when_closed and not is_closed(schedule.company, month_before(due, schedule.company)):
        _wait(schedule, due, now)
        return 0
    running.enqueue(
        "reports.schedule",
        by=schedule.owner,
        company=schedule.company,
        key=f"{schedule.pk}:{due.isoformat()}",
        title=_("Send %(pack)s") % {"pack": schedule.pack},
        schedule=schedule.pk,
        due=due.isoformat(),
    )
    schedule.waiting_since = None
    schedule.next_at = next_time(schedule, max(now, due))
    schedule.save(update_fields=["next_at", "waiting_since"])
    return 1


def _wait(schedule: Schedule, due: datetime, now: datetime) -> None:
    schedule.waiting_since, schedule.next_at = due, now + RETRY
    schedule.save(update_fields=["next_at", "waiting_since"])
    noticing.notify(
        schedule.owner,
        _("“%(pack)s” waits for the closing of %(month)s")
        % {"pack": schedule.pack, "month": date_format(month_before(due, schedule.company), "F Y")},
        _("It is sent as soon as the period is closed."),
        schedule.get_absolute_url(),
        key=f"schedule-waits:{schedule.pk}:{due.isoformat()}",
    )
