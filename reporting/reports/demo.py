"""The month-end pack of the sample: mailed on the fifth working day, to each with their own rights."""

from datetime import datetime, time

from django.utils.translation import gettext as _

from backoffice.core.sample import World
from reporting.reports import delivering, scheduling
from reporting.reports.models import Pack, PackPart, Schedule

PARTS = [
    ("ledger.profit_and_loss", {"period": "last_month"}),
    ("ledger.balance_sheet", {"on": "last_month_end"}),
    ("payables.aged_payables", {"on": "last_month_end"}),
    ("payables.largest_bills", {"period": "last_month"}),
    ("reports.overrides", {"period": "last_month"}),
]


def load(world: World) -> None:
    """A pack, its schedule to three people of whom one sees a department only, and one mailing on its way."""
    pack = Pack.objects.create(company=world.company, name=_("Month-end pack"))
    PackPart.objects.bulk_create(
        PackPart(pack=pack, place=place, report=report, parameters=parameters)
        for place, (report, parameters) in enumerate(PARTS, start=1)
    )
    priya = world.people["priya"]
    schedule = Schedule(company=world.company, pack=pack, owner=priya, at=time(7, 0), subject=_("Month end, {month}"))
    people = [world.people[key] for key in ("grace", "priya", "marcus")]
    now = datetime.combine(world.today, time(9, 0), tzinfo=world.company.zone)
    scheduling.keep(schedule, people, by=priya, now=now)
    world.things["schedule"] = schedule
    world.afterwards.append(lambda: _send(schedule, now))


def _send(schedule: Schedule, now: datetime) -> None:
    """So that the outbox of a fresh demo has the mails of this month to look at."""
    delivering.send_now(
        schedule.company,
        [(part.report, part.parameters) for part in schedule.pack.parts.all()],
        [each.user for each in schedule.recipients.select_related("user")],
        title=schedule.pack.name,
        subject=schedule.subject,
        kinds=schedule.kinds,
        by=schedule.owner,
        at=now,
        pack=schedule.pack,
        schedule=schedule,
    )
