"""What a country says of a company: its name, currency and time zones."""

from datetime import date
from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.numbers import get_territory_currencies


@cache
def countries() -> list[tuple[str, str]]:
    """Code and English name of every country that has a currency, by name."""
    names = Locale("en", "GB").territories
    found = [(code, str(name)) for code, name in names.items() if len(code) == 2 and code.isalpha() and currency(code)]
    return sorted(found, key=lambda pair: pair[1])


@cache
def currency(country: str) -> str:
    """The currency of a country today, or "" (Antarctica has none)."""
    found = get_territory_currencies(country, start_date=date.today(), tender=True)  # noqa: DTZ011  (which money, not when)
    return found[0] if found else ""


@cache
def time_zones(country: str) -> list[str]:
    """The time zones of a country."""
    known = available_timezones()
    return sorted(zone for zone, land in get_global("zone_territories").items() if land == country and zone in known)
