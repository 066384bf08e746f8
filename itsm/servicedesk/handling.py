"""Working on an incident: who has it, how urgent it is, and what it waits for."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.access.models import User
from backoffice.core.errors import Refused
from itsm.assets.models import Asset
from itsm.servicedesk import clocking, opening, telling
from itsm.servicedesk.models import Impact, Incident, IncidentAsset, Priority, Service, Team, Urgency

State = Incident.State
REOPEN_DAYS = 14  # where no level says otherwise


@Incident.flow.guard("reply", "close", "reopen")
def requester_or_team(incident: Incident, user: Any) -> PermissionDenied | None:
    """Whoever is not of the desk acts on own incidents only."""
    if incident.requester_id == user.pk or user.has_perm("servicedesk.view_incident", incident):
        return None
    return PermissionDenied(_("This is not your incident."))


@Incident.flow.guard("reopen")
def in_time(incident: Incident, user: Any) -> Refused | None:
    """After the days of its level a new incident is opened that names the old one."""
    level = clocking.level_of(incident)
    days = level.reopen_days if level is not None else REOPEN_DAYS
    if incident.resolved_at and timezone.now() > incident.resolved_at + timedelta(days=days):
        words = _("It was resolved more than %(days)s days ago: report it anew.")
        return Refused(words % {"days": days}, code="late")
    return None


@Incident.flow.verb
def assign(incident: Incident, *, by: Any, team: Team | None = None, agent: User | None = None) -> None:
    """Give it to a team, to one of its people, or both. Raises `Refused` without either, or for a stranger."""
    if team is None and agent is None:
        raise Refused(_("Name a team or a person."), code="empty")
    if team is not None and team.company_id != incident.company_id:
        raise Refused(_("This team is of another company."), code="company")
    if agent is not None and not agent.has_perm("servicedesk.take_incident", incident):
        raise Refused(_("%(agent)s does not work on incidents.") % {"agent": agent}, code="agent")
    if team is not None:
        incident.team = team
    incident.agent = agent
    telling.assigned(incident, by=by)


@Incident.flow.verb
def take(incident: Incident, *, by: Any) -> None:
    """Whoever takes it works on it."""
    incident.agent = by


@Incident.flow.verb
def prioritise(
    incident: Incident,
    *,
    by: Any,
    impact: str = "",
    urgency: str = "",
    service: Service | None = None,
    priority: int | None = None,
    reason: str = "",
) -> None:
    """Judge impact, urgency or service anew; the matrix gives the priority, or a hand sets it and says why.

    The clocks keep what they measured and are held against what is promised now.
    """
    incident.impact, incident.urgency = (
        _known(Impact, impact, incident.impact),
        _known(Urgency, urgency, incident.urgency),
    )
    incident.service = service or incident.service
    if priority is None:
        incident.priority, incident.priority_reason = opening.priority_of(incident), ""
    else:
        if priority not in Priority.values:
            raise Refused(_("There is no such priority."), code="unknown")
        if not reason.strip():
            raise Refused(_("A priority that is set by hand needs a reason."), code="reason")
        incident.priority, incident.priority_reason = Priority(priority), reason.strip()[:200]
    clocking.retarget(incident, timezone.now())


@Incident.flow.verb
def wait(incident: Incident, *, by: Any, waits_for: str, reason: str = "") -> None:
    """Nothing can be done until somebody else did something; clocks stand still where the level says so."""
    incident.waits_for = _known(Incident.Waits, waits_for, "")
    if not incident.waits_for:
        raise Refused(_("Say what it waits for."), code="empty")
    level = clocking.level_of(incident)
    if level is not None and level.pauses_for(incident.waits_for):
        clocking.pause(incident, timezone.now(), incident.waits_for)


@Incident.flow.verb
def resume(incident: Incident, *, by: Any) -> None:
    """Work goes on, and so do the clocks."""
    begin_again(incident)


def begin_again(incident: Incident) -> None:
    """Back in hand after a wait."""
    incident.waits_for = ""
    clocking.resume(incident, timezone.now())


def link(incident: Incident, asset: Asset, *, by: Any) -> IncidentAsset:
    """Say that the incident is about this piece of equipment.

    Raises `PermissionDenied` without the right, `Refused` for equipment of another company.
    """
    if not by.has_perm("servicedesk.add_incidentasset", incident):
        raise PermissionDenied(_("Your roles do not include this right: %(right)s.") % {"right": "add_incidentasset"})
    if asset.company_id != incident.company_id:
        raise Refused(_("This equipment is of another company."), code="company")
    linked, _is_new = IncidentAsset.objects.get_or_create(incident=incident, asset=asset)
    return linked


def _known(kind: Any, given: str, otherwise: str) -> str:
    if not given:
        return otherwise
    if given not in kind.values:
        raise Refused(
            _("%(given)s is none of %(known)s.") % {"given": given, "known": ", ".join(kind.values)}, code="unknown"
        )
    return given
