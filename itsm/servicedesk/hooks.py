"""What the service desk puts into menu, palette and My work."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from backoffice.ui.lookups import every_word
from backoffice.ui.slots import Hit, MenuEntry, Search, WorkList, WorkRow, menu, palette, work
from itsm.servicedesk.models import Incident, Team
from itsm.servicedesk.wording import due_words

SHOWN = 20
SEE, REPORT = "servicedesk.view_incident", "servicedesk.report_incident"


def for_agent(user: Any) -> Any:
    """What waits for this person: the own open incidents, and those that nobody has of the own teams.

    A team without members is everybody's, so that no report lies where nobody looks.
    """
    empty = Team.objects.filter(members=None)
    mine = Q(agent=user.pk) | Q(agent=None) & (
        Q(team__in=user.desk_teams.values("pk")) | Q(team__in=empty.values("pk"))
    )
    return Incident.objects.visible_to(user).filter(mine, state__in=["new", "assigned", "in_progress"])


def to_do(user: Any) -> list[WorkRow]:
    """Incidents to work on, what is due first at the top."""
    now, rows = timezone.now(), []
    if not user.has_perm(SEE):
        return []
    for incident in for_agent(user).order_by("due_at", "id")[:SHOWN]:
        words, tone = due_words(incident.due_at, now) if incident.due_at else ("", "")
        rows.append(
            WorkRow(
                icon="life-buoy",
                label=incident.subject,
                href=incident.get_absolute_url(),
                sub=_("%(number)s, %(who)s") % {"number": incident, "who": incident.asked_by},
                tone=tone.removesuffix(" up") or "idle",
                flag=words or incident.get_priority_display(),
                flag_icon="clock" if words else "",
                since=incident.opened_at,
                about=incident.get_absolute_url(),
            )
        )
    return rows


def count(user: Any) -> int:
    """How many wait for this person."""
    return for_agent(user).count() if user.has_perm(SEE) else 0


def asked_back(user: Any) -> list[WorkRow]:
    """Own reports on which the desk waits for an answer."""
    rows = Incident.objects.filter(requester=user.pk, state="waiting", waits_for="user").order_by("id")[:SHOWN]
    return [
        WorkRow(
            icon="life-buoy",
            label=incident.subject,
            href=incident.get_portal_url(),
            sub=_("%(number)s: the service desk asks you something") % {"number": incident},
            tone="wait",
            flag=_("Your answer"),
            flag_icon="message-square",
            since=incident.changed_at,
            about=incident.get_portal_url(),
        )
        for incident in rows
    ]


def find(user: Any, words: str) -> list[Hit]:
    """Incidents by number, subject or person; colleagues find their own. Notes are never searched."""
    rows = Incident.objects.visible_to(user).filter(every_word(("number", "subject", "requester_name"), words))
    sees = user.has_perm(SEE)
    return [
        Hit(
            f"{row} {row.subject}",
            row.get_absolute_url() if sees else row.get_portal_url(),
            "life-buoy",
            row.get_state_display(),
            of=f"servicedesk.incident:{row.pk}",
        )
        for row in rows.order_by("-id")[:6]
    ]


menu.fill(
    "servicedesk.own",
    MenuEntry("itsm", gettext_lazy("My reports"), "servicedesk:own_list", "life-buoy", REPORT, order=5),
)
menu.fill(
    "servicedesk.incidents",
    MenuEntry("itsm", gettext_lazy("Incidents"), "servicedesk:incident_list", "life-buoy", SEE, count=count, order=10),
)
for order, (name, label, url, right) in enumerate(
    [
        ("levels", gettext_lazy("Service levels"), "servicelevel_list", "view_servicelevel"),
        ("services", gettext_lazy("Services"), "service_list", "view_team"),
        ("teams", gettext_lazy("Teams"), "team_list", "view_team"),
        ("matrix", gettext_lazy("Priority matrix"), "priorityrule_list", "view_priorityrule"),
    ],
    start=60,
):
    menu.fill(
        f"servicedesk.{name}",
        MenuEntry("itsm", label, f"servicedesk:{url}", "", f"servicedesk.{right}", order=order),
    )
menu.fill(
    "servicedesk.mailboxes",
    MenuEntry(
        "admin", gettext_lazy("Mailboxes"), "servicedesk:mailbox_list", "mail", "servicedesk.view_mailbox", order=56
    ),
)
menu.fill(
    "servicedesk.received",
    MenuEntry(
        "admin",
        gettext_lazy("Received mail"),
        "servicedesk:receivedmail_list",
        "inbox",
        "servicedesk.view_receivedmail",
        order=57,
    ),
)
INCIDENTS = ngettext_lazy("%d incident", "%d incidents")
QUESTIONS = ngettext_lazy("%d question of the service desk", "%d questions of the service desk")
work.fill("servicedesk.to_do", WorkList(gettext_lazy("Incidents"), "tasks", to_do, count, order=40, counted=INCIDENTS))
work.fill(
    "servicedesk.asked_back",
    WorkList(gettext_lazy("Questions of the service desk"), "tasks", asked_back, order=41, counted=QUESTIONS),
)
palette.fill("servicedesk.incidents", Search(gettext_lazy("Incidents"), find, "inc:", order=60))
