"""From notice to the last day, and the end of access at its set time."""

from datetime import date, datetime, time
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.access import ending
from backoffice.core import events
from backoffice.core.errors import Refused
from hr.people.events import EmployeeLeaving, EmployeeLeft
from hr.people.models import Employment

State = Employment.State
THE_SYSTEM = AnonymousUser()  # whoever acts because a day has come
CLOSES = time(18, 0)  # when access ends on the last day unless somebody says otherwise


def usual_end(employment: Employment, last_day: date) -> datetime:
    """The moment on the last day at which access usually ends, in the company's zone."""
    return datetime.combine(last_day, CLOSES, employment.company.zone)


@Employment.flow.verb
def give_notice(
    employment: Employment, *, by: Any, last_day: date, access_ends_at: datetime | None = None, why: str = ""
) -> None:
    """The employment ends with this day; access ends at the given moment, else at six on the last day.

    Notice may be given again to move the day. Raises `Refused` before the first day.
    """
    if last_day < employment.starts_on:
        raise Refused(_("The last day cannot lie before the first."), code="outside")
    employment.ends_on = last_day
    employment.access_ends_at = access_ends_at or usual_end(employment, last_day)
    employment.notice_reason = why.strip()
    told = EmployeeLeaving(
        employment.pk, employment.person_id, employment.company_id, last_day, employment.access_ends_at
    )
    events.publish(told)


@Employment.flow.verb
def withdraw_notice(employment: Employment, *, by: Any) -> None:
    """The person stays: no last day, access goes on."""
    if employment.access_ended_at is not None:
        raise Refused(_("Access has ended already: hire the person again."), code="ended")
    employment.ends_on, employment.access_ends_at, employment.notice_reason = None, None, ""


@Employment.flow.guard("leave")
def last_day_has_come(employment: Employment, user: Any) -> Refused | None:
    """Nobody has left before the last day."""
    last = employment.ends_on
    if employment.state == State.NOTICE and last and last > timezone.localdate(timezone=employment.company.zone):
        return Refused(_("The last day lies ahead: it happens by itself then."), code="ahead")
    return None


@Employment.flow.verb
def leave(employment: Employment, *, by: Any) -> None:
    """The employment is over; what was lent is asked back, access ends at its set time."""
    _tell(employment)


@Employment.flow.verb
def depart(employment: Employment, *, by: Any) -> None:
    """The same because the last day is over."""
    _tell(employment)


def _tell(employment: Employment) -> None:
    last, access = employment.ends_on, employment.access_ends_at
    if last is None or access is None:
        raise Refused(_("Give notice first."), code="state")
    events.publish(EmployeeLeft(employment.pk, employment.person_id, employment.company_id, last, access))


def depart_due(now: datetime) -> int:
    """Let everybody leave whose last day is over where they work; the number of those who left."""
    waiting = Employment.objects.filter(state=State.NOTICE, ends_on__lte=now.date()).select_related("company", "person")
    over = [
        each for each in waiting if each.ends_on and each.ends_on < timezone.localdate(now, timezone=each.company.zone)
    ]
    for employment in over:
        depart(employment, by=THE_SYSTEM)
    return len(over)


def end_access_due(now: datetime) -> int:
    """Close the accounts whose moment has come, each once; the number of employments dealt with.

    Who is employed again on that day keeps the account: another employment of the same user runs.
    """
    due = Q(access_ended_at=None, access_ends_at__lte=now, state__in=[State.NOTICE, State.LEFT])
    ids = list(Employment.objects.filter(due).order_by("access_ends_at").values_list("pk", flat=True)[:200])
    return sum(_end_access(pk, now) for pk in ids)


def _end_access(pk: int, now: datetime) -> int:
    with transaction.atomic():
        rows = Employment.objects.select_for_update(of=("self",), skip_locked=True)
        employment = rows.select_related("company", "person__user").filter(pk=pk, access_ended_at=None).first()
        if employment is None:
            return 0
        user, today = employment.person.user, timezone.localdate(now, timezone=employment.company.zone)
        if user is not None and not _employed_elsewhere(employment, today):
            ending.end_access(user, by=THE_SYSTEM, reason=_("Left: %s") % employment.number, on=today)
        Employment.objects.filter(pk=pk).update(access_ended_at=now)
    return 1


def _employed_elsewhere(employment: Employment, today: date) -> bool:
    others = Employment.objects.filter(person__user=employment.person.user_id).exclude(pk=employment.pk)
    running = Q(ends_on=None) | Q(ends_on__gte=today)
    return others.filter(running, state__in=[State.PREHIRE, State.ACTIVE, State.NOTICE]).exists()
