"""The end of an incident: resolved with a cause and a solution, reopened in time, closed."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import IntegerField, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from itsm.servicedesk import clocking, conversing, telling
from itsm.servicedesk.models import Incident, Service, ServiceLevel

State = Incident.State
THE_SYSTEM = AnonymousUser()  # whoever acts because days have passed
AT_ONCE = 500
CLOSE_DAYS = 5  # where no level says otherwise


@Incident.flow.verb
def resolve(incident: Incident, *, by: Any, cause: str, solution: str, service: Service | None = None) -> None:
    """It works again: the solution goes to the requester, the clocks end. Raises `Refused` without service or words."""
    incident.service = service or incident.service
    if incident.service is None:
        raise Refused(_("Say which service it was."), code="service")
    if cause not in Incident.Cause.values:
        raise Refused(_("Say what the cause was."), code="cause")
    if not solution.strip():
        raise Refused(_("Say what helped."), code="empty")
    now = timezone.now()
    incident.cause, incident.solution, incident.waits_for = cause, solution.strip(), ""
    incident.agent = incident.agent or by
    incident.resolved_at = now
    clocking.end(incident, now)
    telling.resolved(incident)


@Incident.flow.verb
def reopen(incident: Incident, *, by: Any, reason: str) -> None:
    """It came back, or never went: the time while it was resolved is not counted."""
    if not reason.strip():
        raise Refused(_("Say what still does not work."), code="empty")
    conversing.begin_anew(incident)
    telling.reopened(incident, reason.strip(), by=by)


@Incident.flow.verb
def close(incident: Incident, *, by: Any) -> None:
    """The requester says it works, or the desk knows it."""
    incident.closed_at = timezone.now()


@Incident.flow.verb
def lapse(incident: Incident, *, by: Any) -> None:
    """Nobody said otherwise for the days of its level after it was resolved and the requester was told."""
    incident.closed_at = timezone.now()


def close_due(now: datetime) -> int:
    """Close what has been resolved for long enough. Returns how many."""
    of_service = ServiceLevel.objects.filter(company=OuterRef("company"), service=OuterRef("service"))
    common = ServiceLevel.objects.filter(company=OuterRef("company"), service=None)
    days = Coalesce(
        Subquery(of_service.values("close_days")[:1]),
        Subquery(common.values("close_days")[:1]),
        CLOSE_DAYS,
        output_field=IntegerField(),
    )
    shortest = ServiceLevel.objects.aggregate(least=Min("close_days"))["least"]
    least = CLOSE_DAYS if shortest is None else min(shortest, CLOSE_DAYS)
    waiting = Incident.objects.filter(state=State.RESOLVED, resolved_at__lt=now - timedelta(days=least))
    found = waiting.annotate(days=days).order_by("resolved_at")[:AT_ONCE]
    due = [each for each in found if each.resolved_at and each.resolved_at < now - timedelta(days=each.days)]
    for incident in due:
        lapse(Incident.objects.get(pk=incident.pk), by=THE_SYSTEM)
    return len(due)
