"""The sample's service desk is whole: history with clocks, a morning with open incidents, nothing on the wrong day."""

import time_machine

from backoffice.core.sample import World
from backoffice.workcal import demo as calendars_of_sample
from itsm.servicedesk import clocking, demo, sweeping
from itsm.servicedesk.models import Clock, Incident, Segment
from tests.factories_desk import a_colleague, at
from tests.fixtures_world import TODAY

PEOPLE = ["ben", "owen", "tom", "hannah", "priya", "marcus", "fiona", "rosa", "imran", "grace"]


def test_the_sample_shows_weeks_of_incidents_and_a_morning(company):
    world = World(TODAY, 1, lambda words: None)
    world.company = company
    world.people = {name: a_colleague(company, f"{name.title()} Sample") for name in PEOPLE}
    with time_machine.travel(at(23, 11, 15), tick=False):
        calendars_of_sample.load(world)
        demo.load(world)

    incidents = Incident.objects.all()
    assert incidents.count() == demo.HOW_MANY + len(demo.OPEN) + 1
    assert incidents.filter(state__in=Incident.OPEN).count() == len(demo.OPEN) + 1
    assert not incidents.filter(opened_at__gt=at(23, 11, 15)).exists()
    labels = incidents.get(subject__startswith="Label printers in Leeds North")
    solution = labels.clocks.get(metric="solution")
    assert clocking.used(solution, at(23, 11, 15)).total_seconds() == 143 * 60
    assert labels.due_at == at(23, 12, 52)
    assert Segment.objects.filter(ends_at__isnull=True, clock__state__in=["stopped", "detached"]).count() == 0
    broken = Clock.objects.filter(breached_at__isnull=False).count()
    assert 0 < broken < Clock.objects.count() // 3
    assert sweeping.sweep(at(23, 11, 15)) >= 0
