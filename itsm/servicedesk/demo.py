"""The sample's service desk: seven weeks of incidents with their clocks, and a morning with some of them open.

Incidents of the past are written with their own moments; their clocks are run by the desk's own functions, which take
the moment from their caller.
"""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone

from backoffice.audit.models import Act
from backoffice.core.sample import World
from itsm.servicedesk import clocking, opening, setting_up
from itsm.servicedesk.demo_words import PAST, SERVICES, THANKS
from itsm.servicedesk.models import (
    Incident,
    IncidentAsset,
    InternalNote,
    Message,
    Priority,
    Service,
    Team,
)

FIRST_NUMBER = 1030
HOW_MANY = 150
State, Side = Incident.State, Message.Side


def load(world: World) -> Any:
    """Teams, services, promises, then the incidents."""
    desk = _masters(world)
    now = _now(world)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO servicedesk_series (company_id, last) VALUES (%s, %s)", [world.company.pk, FIRST_NUMBER]
        )
    for number in range(HOW_MANY * world.scale):
        _past(world, desk, number, HOW_MANY * world.scale, now)
    _labels(world, desk, now)
    for row in OPEN:
        _open(world, desk, now, **row)


def _now(world: World) -> datetime:
    """The moment at which the sample ends: now, or a quarter past eleven of another last day."""
    if world.today == timezone.localdate():
        return timezone.now()
    return datetime.combine(world.today, time(11, 15), world.company.zone)


def _masters(world: World) -> dict[str, Any]:
    office, always = world.things["calendar"], world.things["calendar_always"]
    team = setting_up.install(world.company, office, always, team_name="Site IT")
    ben, lead = world.people["ben"], world.people["marcus"]
    team.members.add(ben)
    team.lead = ben
    team.save()
    accounts = Team.objects.create(company=world.company, name="Accounts and access", lead=lead)
    accounts.members.add(ben)
    desk: dict[str, Any] = {"team": team, "ben": ben}
    for name, is_key in SERVICES:
        owner = accounts if name == "Sign-in and access" else team
        desk[name] = Service.objects.create(company=world.company, name=name, team=owner, is_key=is_key)
    dispatch = {
        1: ((15, "minutes"), (2, "hours")),
        2: ((30, "minutes"), (4, "hours")),
        3: ((1, "hours"), (8, "hours")),
    } | {priority: setting_up.USUAL[priority] for priority in (4, 5)}
    setting_up.promise(
        world.company, "Dispatch", dispatch, office=office, always=always, service=desk["Dispatch"], at_any_hour=3
    )
    return desk


def _past(world: World, desk: dict[str, Any], number: int, total: int, now: datetime) -> None:
    """One incident of the last weeks: opened, answered, now and then waiting, resolved and closed."""
    draw = world.random
    subject, text, service, cause, solution, answer = PAST[draw.randrange(len(PAST))]
    back = timedelta(days=49) * (total - number) / total
    opened = _in_office(world, now - back - timedelta(days=1), draw.randrange(0, 480))
    urgency = draw.choices(["high", "medium", "low"], [2, 6, 3])[0]
    incident = _made(world, desk, subject, text, service, opened, urgency=urgency, requester=_somebody(world))
    answered = opened + timedelta(minutes=draw.choice([6, 9, 12, 18, 25, 40, 95]))
    _take(incident, desk["ben"], answered)
    _say(incident, desk["ben"], answered, answer, Side.TEAM)
    clocking.answered(incident, answered)
    last = answered
    if draw.random() < 0.2:
        clocking.pause(incident, answered + timedelta(minutes=2), "user")
        last = answered + timedelta(minutes=draw.randrange(20, 300))
        _say(incident, incident.requester, last, draw.choice(THANKS), Side.REQUESTER)
        clocking.resume(incident, last)
    done = last + timedelta(minutes=draw.choice([10, 25, 45, 90, 180, 600, 1900]))
    done = min(done, now - timedelta(minutes=30))
    done = max(done, last)
    _resolve(incident, desk, done, cause, solution, closed=done < now - timedelta(days=5))


def _labels(world: World, desk: dict[str, Any], now: datetime) -> None:
    """The label printers of Leeds North: in hand since this morning, answered, stopped once."""
    ben, opened = desk["ben"], now - timedelta(hours=2, minutes=34)
    incident = _made(
        world,
        desk,
        "Label printers in Leeds North print blank labels",
        "All three Zebra printers on the packing line feed labels but nothing is printed. It started after the "
        "weekend. 41 parcels are waiting and the carrier comes at 13:00.",
        "Dispatch",
        opened,
        urgency="high",
        impact="medium",
        requester=world.people["owen"],
        channel="email",
    )
    answered = opened + timedelta(minutes=12)
    _take(incident, ben, answered)
    _say(
        incident, ben, answered, "Thanks Owen. Please use the spare in the returns office for the 13:00 parcels. "
        "I am looking at Saturday's driver change now.", Side.TEAM,
    )  # fmt: skip
    clocking.answered(incident, answered)
    clocking.pause(incident, opened + timedelta(minutes=39), "user")
    clocking.resume(incident, opened + timedelta(minutes=50))
    InternalNote.objects.create(
        incident=incident,
        by=ben,
        at=opened + timedelta(minutes=53),
        text="The print server went to driver 8.2 on Saturday. Darkness is reset to 0 on the ZD421. Rolling back on one "
        "printer first.",
    )
    printers = [each for each in world.things.get("assets", {}).values() if "Zebra" in each.name][:3]
    IncidentAsset.objects.bulk_create(IncidentAsset(incident=incident, asset=asset) for asset in printers)
    _keep(incident)


# minutes since each was opened; those near their promise come first
OPEN: list[dict[str, Any]] = [
    {"who": "hannah", "minutes": 20, "service": "Payroll", "subject": "Payslips do not open on my second screen",
     "text": "The window opens and stays white.", "urgency": "high", "taken": None},
    {"who": "rosa", "minutes": 470, "service": "E-mail", "subject": "Mails to one supplier come back",
     "text": "Everything to orders@lakeside.example comes back with 550. It blocks two orders.", "urgency": "high",
     "taken": 25},
    {"who": "tom", "minutes": 95, "service": "Back Office", "subject": "The scanner saves bills as one long page",
     "text": "Since this morning every scan is one page of three metres.", "urgency": "medium", "taken": None},
    {"who": "imran", "minutes": 210, "service": "Dispatch", "subject": "Hand scanner 4 loses the connection",
     "text": "It drops out between aisle 7 and 9, the others do not.", "urgency": "medium", "taken": 30},
    {"who": "fiona", "minutes": 1500, "service": "Sign-in and access", "subject": "Access for a starter on Monday",
     "text": "The starter of Monday needs mail and the time system.", "urgency": "low", "taken": 60},
    {"who": "marcus", "minutes": 55, "service": "Network", "subject": "Wi-Fi in the loading bay is slow",
     "text": "Lists take half a minute to open at gate 3.", "urgency": "medium", "taken": None},
    {"who": "grace", "minutes": 260, "service": "Laptops and desks", "subject": "The dock does not charge the laptop",
     "text": "The battery empties while it is docked.", "urgency": "medium", "taken": 40, "waits": 90},
]  # fmt: skip


def _open(
    world: World, desk: dict[str, Any], now: datetime, *, who: str, minutes: int, taken: int | None,
    waits: int | None = None, **what: Any,
) -> None:  # fmt: skip
    """One that is open now: new, in hand, or waiting for its requester."""
    opened = now - timedelta(minutes=minutes)
    subject, text, service = what.pop("subject"), what.pop("text"), what.pop("service")
    incident = _made(world, desk, subject, text, service, opened, requester=world.people[who], **what)
    if taken is not None:
        at = opened + timedelta(minutes=taken)
        _take(incident, desk["ben"], at)
        _say(incident, desk["ben"], at, "I have it and look at it now.", Side.TEAM)
        clocking.answered(incident, at)
    if waits is not None:
        at = opened + timedelta(minutes=waits)
        _say(incident, desk["ben"], at, "Could you try the dock of the desk beside yours and tell me?", Side.TEAM)
        incident.state, incident.waits_for = State.WAITING, "user"
        clocking.pause(incident, at, "user")
        _act(incident, desk["ben"], at, "wait", {"waits_for": "user"})
    _keep(incident)


def _made(
    world: World, desk: dict[str, Any], subject: str, text: str, service: str, opened: datetime, *, requester: Any,
    urgency: str = "medium", impact: str = "low", channel: str = "portal",
) -> Incident:  # fmt: skip
    """An incident as it was opened at that moment, with its clocks."""
    incident = Incident(
        company=world.company,
        number=opening.next_number(world.company.pk),
        subject=subject,
        text=text,
        service=desk[service],
        team=desk[service].team,
        requester=requester,
        requester_name=requester.name,
        requester_email=requester.email,
        impact=impact,
        urgency=urgency,
        channel=channel,
        opened_at=opened,
        entered_by=requester,
        changed_by=requester,
        entered_at=opened,
        changed_at=opened,
    )
    incident.priority = Priority(opening.MATRIX[(incident.impact, incident.urgency)])
    incident.save()
    clocking.begin(incident, opened)
    return incident


def _take(incident: Incident, agent: Any, at: datetime) -> None:
    incident.agent, incident.state = agent, State.IN_PROGRESS
    _act(incident, agent, at, "take", {})


def _resolve(
    incident: Incident, desk: dict[str, Any], at: datetime, cause: str, solution: str, *, closed: bool
) -> None:
    incident.state, incident.cause, incident.solution, incident.resolved_at = State.RESOLVED, cause, solution, at
    clocking.end(incident, at)
    _act(incident, desk["ben"], at, "resolve", {"cause": cause})
    if closed:
        incident.state, incident.closed_at = State.CLOSED, at + timedelta(days=5)
    _keep(incident)


def _keep(incident: Incident) -> None:
    incident.changed_by = incident.agent or incident.entered_by
    incident.changed_at = incident.resolved_at or incident.opened_at
    incident.save()


def _say(incident: Incident, who: Any, at: datetime, text: str, side: str) -> None:
    Message.objects.create(
        incident=incident, side=side, by=who, author_name=who.name, author_email=who.email, text=text, at=at,
        channel=incident.channel if side == Side.REQUESTER else "portal",
    )  # fmt: skip


def _act(incident: Incident, by: Any, at: datetime, verb: str, details: dict[str, str]) -> None:
    kind = ContentType.objects.get_for_model(Incident)
    Act.objects.create(content_type=kind, object_id=incident.pk, verb=verb, by=by, at=at, details=details)


def _somebody(world: World) -> Any:
    names = ["owen", "tom", "hannah", "priya", "marcus", "fiona", "rosa", "imran", "grace"]
    return world.people[world.random.choices(names, [6, 3, 3, 2, 3, 2, 3, 4, 1])[0]]


def _in_office(world: World, moment: datetime, minutes: int) -> datetime:
    """The same day, or the last working day before it, so many minutes after eight."""
    day = moment.astimezone(world.company.zone).date()
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return datetime.combine(day, time(8), world.company.zone) + timedelta(minutes=minutes)
