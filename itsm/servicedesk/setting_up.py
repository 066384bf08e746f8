"""What a company's service desk begins with: a team, the priority matrix and the usual promises."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from backoffice.organisation.models import Company
from backoffice.workcal.models import Calendar
from itsm.servicedesk import opening
from itsm.servicedesk.models import Metric, PriorityRule, Service, ServiceLevel, Target, Team

FIRST, SOLUTION = Metric.FIRST_RESPONSE, Metric.SOLUTION
# priority: (first answer, solution), each an amount and a unit; the first on a calendar around the clock
USUAL = {
    1: ((15, "minutes"), (4, "hours")),
    2: ((30, "minutes"), (8, "hours")),
    3: ((4, "hours"), (2, "days")),
    4: ((1, "days"), (5, "days")),
    5: ((2, "days"), (10, "days")),
}
NIGHT_AND_DAY = 1  # the priority that is worked on at any hour


def install(company: Company, office: Calendar, always: Calendar, *, team_name: str = "IT support") -> Team:
    """The first team, a service for what has no name yet, the matrix of impact and urgency, and the common service level."""
    team = Team.objects.create(company=company, name=team_name, is_first=True)
    # an incident is resolved under a service: without any, agents could resolve nothing
    Service.objects.create(company=company, name=_("Something else"), team=team)
    PriorityRule.objects.bulk_create(
        PriorityRule(company=company, impact=impact, urgency=urgency, priority=priority)
        for (impact, urgency), priority in opening.MATRIX.items()
    )
    promise(company, "Standard", USUAL, office=office, always=always)
    return team


def promise(
    company: Company,
    name: str,
    targets: dict[int, tuple[tuple[int, str], tuple[int, str]]],
    *,
    office: Calendar,
    always: Calendar,
    service: Service | None = None,
    at_any_hour: int = NIGHT_AND_DAY,
) -> ServiceLevel:
    """A service level with its targets; priorities up to `at_any_hour` run around the clock."""
    level = ServiceLevel.objects.create(company=company, name=name, service=service)
    Target.objects.bulk_create(
        Target(
            level=level,
            metric=metric,
            priority=priority,
            amount=amount,
            unit=unit,
            calendar=always if priority <= at_any_hour else office,
        )
        for priority, pair in targets.items()
        for metric, (amount, unit) in zip((FIRST, SOLUTION), pair, strict=True)
    )
    return level


def stored(team: Team, lines: Sequence[Any], removed: Sequence[Any], *, by: Any) -> Team:
    """Write what a form holds; one team at a time gets what nobody else gets."""
    if team.is_first:
        Team.objects.filter(company=team.company_id, is_first=True).exclude(pk=team.pk).update(is_first=False)
    team.save()
    return team
