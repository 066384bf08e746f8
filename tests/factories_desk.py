"""A service desk to test with: calendars, a team, services and promises, and incidents."""

from datetime import UTC, datetime, time

import time_machine

from backoffice.workcal import calendars
from itsm.servicedesk import opening
from itsm.servicedesk.models import Incident, Metric, Service, ServiceLevel, Target, Team
from tests.fixtures_world import a_user, all_rights

COMMON = ("organisation.view_company", "documents.add_attachment", "documents.view_attachment")
WEEK = [(day, time(8), time(18)) for day in range(5)]


def at(*parts):
    """A moment of November 2026 in UTC, which is London time then: `at(23, 10)` is Monday the 23rd, 10:00."""
    return datetime(2026, 11, *parts, tzinfo=UTC)


def travel(*parts):
    return time_machine.travel(at(*parts), tick=False)


def a_calendar(company, **fields):
    found = company.calendars.filter(is_default=True).first()
    return found or calendars.make(company, "Office", WEEK, is_default=True, **{"zone": "Europe/London", **fields})


def a_team(company, **fields):
    found = Team.objects.filter(company=company).first()
    return found or Team.objects.create(company=company, name="Site IT", is_first=True, **fields)


def a_service(company, name="Dispatch", **fields):
    team = a_team(company)
    return Service.objects.get_or_create(company=company, name=name, defaults={"team": team, **fields})[0]


def a_level(company, targets=None, **fields):
    """Promises in minutes, by metric for all priorities, or {metric: {priority: minutes}}."""
    level = ServiceLevel.objects.create(company=company, name=fields.pop("name", "Standard"), **fields)
    calendar = a_calendar(company)
    wanted = {Metric.FIRST_RESPONSE: 30, Metric.SOLUTION: 240} if targets is None else targets
    for metric, minutes in wanted.items():
        by_priority = minutes if isinstance(minutes, dict) else dict.fromkeys(range(1, 6), minutes)
        for priority, amount in by_priority.items():
            Target.objects.create(level=level, metric=metric, priority=priority, amount=amount, calendar=calendar)
    return level


def an_agent(company, name="Ben Carlisle"):
    agent = a_user(name, *all_rights("servicedesk"), *COMMON, company=company)
    a_team(company).members.add(agent)
    return agent


COLLEAGUE = ("report_incident", "add_incident", "view_service", "reply_incident", "reopen_incident", "close_incident")


def a_colleague(company, name="Owen Hughes"):
    rights = [f"servicedesk.{right}" for right in COLLEAGUE]
    return a_user(name, *rights, *COMMON, company=company)


def an_incident(company, by, subject="Label printers print blank labels", **fields):
    a_team(company)
    incident = Incident(company=company, subject=subject, text=fields.pop("text", "They feed labels."), **fields)
    return opening.enter(incident, by=by)


def again(incident):
    """The incident as it is in the database now."""
    return Incident.objects.get(pk=incident.pk)


def clock(incident, metric=Metric.SOLUTION):
    return incident.clocks.filter(metric=metric).order_by("-id").first()
