"""The sweep: whose clocks have used up a share of their target is found, written down and told, in one pass.

What will be reached when is foreseen whenever something happens to a clock, so the sweep does no arithmetic: it reads
by an index what is due, whatever the number of open clocks.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.messaging.noticing import Told, notify_many
from itsm.servicedesk.models import Incident, Metric, Team

SWEEP = """
WITH due AS (
    SELECT id, at_50, at_75, at_90, due_at FROM servicedesk_clock
    WHERE next_event_at < %(now)s ORDER BY next_event_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), reached AS (
    SELECT due.id, share.percent, share.at
    FROM due CROSS JOIN LATERAL (VALUES (50, at_50), (75, at_75), (90, at_90), (100, due_at)) AS share (percent, at)
    WHERE share.at < %(now)s
), told AS (
    INSERT INTO servicedesk_clockwarning (clock_id, percent, at) SELECT id, percent, at FROM reached
    ON CONFLICT (clock_id, percent) DO NOTHING RETURNING clock_id, percent
), moved AS (
    UPDATE servicedesk_clock AS clock SET
        next_event_at = (
            SELECT min(ahead.at) FROM (VALUES (due.at_50), (due.at_75), (due.at_90), (due.due_at)) AS ahead (at)
            WHERE ahead.at >= %(now)s
        ),
        breached_at = CASE WHEN due.due_at < %(now)s THEN coalesce(clock.breached_at, due.due_at)
                           ELSE clock.breached_at END
    FROM due WHERE clock.id = due.id
    RETURNING clock.id, clock.incident_id, clock.metric
)
SELECT moved.id, moved.incident_id, moved.metric, max(told.percent)
FROM moved JOIN told ON told.clock_id = moved.id GROUP BY 1, 2, 3
"""
AT_ONCE = 20_000
METRICS = dict(Metric.choices)
LEAD_FROM = 90  # percent from which the lead of the team is told as well


def sweep(now: datetime) -> int:
    """Write down what was reached before now, each share once, and tell those who can still do something.

    Returns how many clocks were told of. Several sweeps at once take different clocks.
    """
    total = 0
    while True:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(SWEEP, {"now": now, "limit": AT_ONCE})
                reached = cursor.fetchall()
            tell(reached)
        total += len(reached)
        if len(reached) < AT_ONCE:
            return total


def tell(reached: Sequence[tuple[int, int, str, int]]) -> int:
    """Notices for (clock, incident, metric, percent): to whoever has it, else the team; the lead when it is nearly over."""
    wanted = {row[1] for row in reached}
    found = Incident.objects.filter(pk__in=wanted).values_list("pk", "number", "subject", "agent_id", "team_id")
    incidents = {row[0]: row[1:] for row in found} if wanted else {}
    members = _members({row[3] for row in incidents.values() if row[3]})
    leads = dict(Team.objects.filter(pk__in=members).values_list("pk", "lead_id"))
    page, notices = reverse("servicedesk:incident", args=[0]), []
    for clock, incident_id, metric, percent in reached:
        number, subject, agent, team = incidents[incident_id]
        people = {agent} if agent else set(members.get(team, ()))
        if percent >= LEAD_FROM and (lead := leads.get(team)):
            people.add(lead)
        title, url = _title(number, metric, percent), page.replace("/0/", f"/{incident_id}/")
        notices += [Told(person, title, subject, url, f"clock-{clock}-{percent}") for person in sorted(people)]
    return notify_many(notices)


def _members(teams: set[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {team: [] for team in teams}
    links = Team.members.through._default_manager.filter(team_id__in=teams, user__is_active=True)
    for team, user in links.values_list("team_id", "user_id"):
        found[team].append(user)
    return found


def _title(number: str, metric: str, percent: int) -> str:
    words = {"number": number, "metric": METRICS[metric], "percent": percent}
    if percent >= 100:
        return _("%(number)s: %(metric)s is overdue") % words
    return _("%(number)s: %(percent)s %% of the time for %(metric)s is used") % words
