"""The calendars of a company: their working time, and making them with the public holidays of a country."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.organisation.models import Company
from backoffice.workcal import publicdays
from backoffice.workcal.arithmetic import WorkingTime
from backoffice.workcal.models import Calendar, CalendarDay, Span

KEPT = 200  # calendars whose working time a process keeps
_kept: OrderedDict[tuple[int, int], WorkingTime] = OrderedDict()

OFFICE = [(weekday, time(9), time(17, 30)) for weekday in range(5)]
ALL_HOURS = [(weekday, time(0), time(0)) for weekday in range(7)]


def working_time(calendar: Calendar) -> WorkingTime:
    """The working time of a calendar as it stood when the row was read; kept in the process by its version."""
    key = (calendar.pk, calendar.version)
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    made = _kept[key] = _read(calendar)
    if len(_kept) > KEPT:
        _kept.popitem(last=False)
    return made


def forget() -> None:
    """Keep nothing of any calendar: the database is another one."""
    _kept.clear()


def _read(calendar: Calendar) -> WorkingTime:
    weeks: dict[date, dict[int, list[tuple[time, time]]]] = defaultdict(lambda: defaultdict(list))
    for span in calendar.spans.all():
        weeks[span.valid_from][span.weekday].append((span.starts, span.ends))
    days: dict[date, list[tuple[time, time]]] = {}
    for day in calendar.days.all():
        days[day.on] = [] if day.starts is None or day.ends is None else [(day.starts, day.ends)]
    (_first, week), *later = sorted(weeks.items()) or [(date.min, {})]
    return WorkingTime(ZoneInfo(calendar.zone), week, days, later)


def default(company: Company) -> Calendar:
    """The calendar that counts where none is named. Raises `Refused` when the company has none."""
    found = Calendar.objects.filter(company=company).order_by("-is_default", "id").first()
    if found is None:
        raise Refused(_("%(company)s has no calendar.") % {"company": company}, code="calendar")
    return found


@transaction.atomic
def make(
    company: Company,
    name: str,
    week: Iterable[tuple[int, time, time]],
    *,
    years: Iterable[int] = (),
    country: str = "",
    **fields: Any,
) -> Calendar:
    """A calendar with this week, (weekday, opens, closes), and the public holidays of a country in these years."""
    fields = {"zone": company.time_zone, **fields}
    calendar = Calendar.objects.create(company=company, name=name, country=country, **fields)
    Span.objects.bulk_create(
        Span(calendar=calendar, weekday=day, starts=starts, ends=ends) for day, starts, ends in week
    )
    enter_holidays(calendar, years)
    calendar.refresh_from_db()
    return calendar


def stored(calendar: Calendar, lines: Sequence[Span], removed: Sequence[Span], *, by: Any) -> Calendar:
    """Write what a form holds; a new default takes the place of the old one."""
    if calendar.is_default:
        others = Calendar.objects.filter(company=calendar.company_id, is_default=True)
        others.exclude(pk=calendar.pk).update(is_default=False)
    calendar.save()
    for span in removed:
        span.delete()
    for span in lines:
        span.calendar = calendar
        span.save()
    return calendar


def enter_holidays(calendar: Calendar, years: Iterable[int]) -> int:
    """Enter the public holidays of the calendar's country that are missing; days entered by people stay as they are.

    A holiday on a weekend is entered as well as the day that replaces it: both are closed. Returns how many are new.
    """
    if not calendar.country:
        return 0
    found = [
        CalendarDay(calendar=calendar, on=on, name=name[:120], is_public=True)
        for year in years
        for on, name in publicdays.free_days(calendar.country, year).items()
    ]
    known = set(calendar.days.values_list("on", flat=True))
    new = [day for day in found if day.on not in known]
    CalendarDay.objects.bulk_create(new)
    return len(new)


def install(company: Company, year: int) -> tuple[Calendar, Calendar]:
    """Office hours with the holidays of three years, and around the clock: what a new company begins with."""
    years = range(year - 1, year + 3)
    office = make(company, _("Office hours"), OFFICE, years=years, country=company.country, is_default=True)
    return office, make(company, _("Around the clock"), ALL_HOURS)


def enter_coming_holidays(today: date) -> int:
    """See that every calendar knows the holidays of this year and the next two. Returns how many are new."""
    years = range(today.year, today.year + 3)
    return sum(enter_holidays(calendar, years) for calendar in Calendar.objects.exclude(country=""))
