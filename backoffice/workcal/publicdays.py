"""Public holidays of a country, as published: the ground of working days and of new calendars."""

from collections.abc import Mapping
from datetime import date
from functools import cache

import holidays

SUBDIVISIONS = {"GB": "ENG"}  # whose bank holidays count where a country has several sets


@cache
def free_days(country: str, year: int) -> Mapping[date, str]:
    """The public holidays of a year with their names, substitute days among them; none for an unknown country."""
    try:
        found = holidays.country_holidays(country, subdiv=SUBDIVISIONS.get(country), years=year)
    except NotImplementedError:  # a country that the package does not know has weekends only
        return {}
    return dict(sorted(found.items()))


def is_working_day(day: date, country: str) -> bool:
    """Monday to Friday and no public holiday of the country."""
    return day.weekday() < 5 and day not in free_days(country, day.year)
