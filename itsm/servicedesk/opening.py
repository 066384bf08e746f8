"""Opening an incident: by portal, by the desk for somebody, by program or by mail."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.documents import keeping
from itsm.servicedesk import clocking, telling
from itsm.servicedesk.models import Impact, Incident, Priority, PriorityRule, Team

NEXT = """
INSERT INTO servicedesk_series (company_id, last) VALUES (%s, 1)
ON CONFLICT (company_id) DO UPDATE SET last = servicedesk_series.last + 1
RETURNING last
"""
ORDER = {Impact.LOW: 0, Impact.MEDIUM: 1, Impact.HIGH: 2}
WIDE = 3  # so many open reports of one service are more than one person's trouble


def enter(incident: Incident, *, by: Any, lines: Sequence[Any] = ()) -> Incident:
    """Open the incident: number, requester, team and priority, its clocks, and a word to the requester.

    Without a requester it is asked by whoever enters it. Raises `PermissionDenied` without the right to report.
    """
    if incident.requester is None and not incident.requester_email:
        incident.requester = by
    if incident.requester is not None:
        incident.requester_name, incident.requester_email = incident.requester.name[:80], incident.requester.email
    incident.opened_at = timezone.now()
    incident.team = incident.team or team_for(incident)
    incident.impact = proposed_impact(incident)
    incident.priority = priority_of(incident)
    incident.number = next_number(incident.company_id)
    keeping.enter(incident, by=by)
    clocking.begin(incident, incident.opened_at)
    incident.save(update_fields=["due_at"])
    telling.opened(incident)
    return incident


def stored(incident: Any, lines: Sequence[Any], removed: Sequence[Any], *, by: Any) -> Incident:
    """Write what the form holds: a new incident is opened."""
    if incident.pk is not None:
        raise Refused(_("An incident is changed by its verbs."), code="state")
    return enter(incident, by=by)


def next_number(company_id: int) -> str:
    """INC-1187: one series a company, locked until the opening is committed."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [company_id])
        return f"INC-{cursor.fetchone()[0]:04d}"


def team_for(incident: Incident) -> Team:
    """The team of the service, else the one that gets what nobody else gets. Raises `Refused` without any."""
    if incident.service is not None:
        return incident.service.team
    found = Team.objects.filter(company=incident.company_id).order_by("-is_first", "id").first()
    if found is None:
        raise Refused(_("The service desk has no team yet."), code="team")
    return found


def proposed_impact(incident: Incident) -> str:
    """At least high for a key service, at least medium where several people report the same service."""
    least = Impact.LOW
    if incident.service is not None:
        others = Incident.objects.filter(
            company=incident.company_id, service=incident.service, state__in=Incident.OPEN
        ).values("requester_email")
        if incident.service.is_key:
            least = Impact.HIGH
        elif others.distinct().count() >= WIDE - 1:
            least = Impact.MEDIUM
    return max(Impact(incident.impact), least, key=lambda each: ORDER[each])


def priority_of(incident: Incident) -> int:
    """What the matrix of the company says of impact and urgency; the usual matrix where a field is missing."""
    rule = PriorityRule.objects.filter(
        company=incident.company_id, impact=incident.impact, urgency=incident.urgency
    ).first()
    return rule.priority if rule is not None else MATRIX.get((incident.impact, incident.urgency), Priority.P4)


MATRIX = {
    ("high", "high"): Priority.P1,
    ("high", "medium"): Priority.P2,
    ("high", "low"): Priority.P3,
    ("medium", "high"): Priority.P2,
    ("medium", "medium"): Priority.P3,
    ("medium", "low"): Priority.P4,
    ("low", "high"): Priority.P3,
    ("low", "medium"): Priority.P4,
    ("low", "low"): Priority.P5,
}
