"""The sample company's calendars: the office week with English bank holidays, and around the clock."""

from typing import Any

from backoffice.core.sample import World
from backoffice.workcal import calendars


def load(world: World) -> Any:
    """Office hours from nine to half past five, and around the clock for what is most urgent."""
    office, always = calendars.install(world.company, world.today.year)
    world.things["calendar"], world.things["calendar_always"] = office, always
