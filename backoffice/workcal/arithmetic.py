"""Working time: how much of it lies between two moments, and when so much of it has passed.

Pure: no database, no clock. Moments are aware datetimes, lengths are real time: a night in which the clock is put
back is an hour longer, in a calendar of 24 hours too. Opening hours are local times of the calendar's zone.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from backoffice.core.errors import Refused

Spans = Sequence[tuple[time, time]]  # an end of 00:00 is the midnight that closes the day
Week = Mapping[int, Spans]  # by weekday, Monday is 0

NOTHING = timedelta(0)
DAY = timedelta(days=1)
FARTHEST = 3660  # days that are searched for working time before it is said that there is none


class NoWorkingTime(Refused):
    """A calendar holds no working time where some is asked for."""

    def __init__(self) -> None:
        super().__init__(_("The calendar holds no working time in the next ten years."), code="calendar")


class WorkingTime:
    """The working time of a calendar.

    `days` are the days that differ from the week, closed ones with no spans; `later` are weeks that replace the
    first one from a day on, so that what was measured before a change stays what it was.
    """

    def __init__(
        self,
        zone: ZoneInfo,
        week: Week,
        days: Mapping[date, Spans] | None = None,
        later: Sequence[tuple[date, Week]] = (),
    ) -> None:
        self.zone = zone
        self.days = dict(days or {})
        self.weeks = [(date.min, week), *sorted(later, key=lambda each: each[0])]
        self._known: dict[date, list[tuple[datetime, datetime]]] = {}

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from one moment to a later one; negative when the second lies before the first."""
        if end < start:
            return -self.between(end, start)
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        total, day, last = NOTHING, self._day_of(start), self._day_of(end)
        while day <= last:
            for opens, closes in self.intervals(day):
                total += max(min(closes, end) - max(opens, start), NOTHING)
            day += DAY
        return total

    def add(self, start: datetime, length: timedelta) -> datetime:
        """The first moment at which so much working time has passed since `start`.

        What ends with the day is due at closing time, not at the next opening. Raises `NoWorkingTime`.
        """
        start, left = start.astimezone(UTC), length
        if left <= NOTHING:
            return start
        for opens, closes in self._from(start):
            worked = closes - max(opens, start)
            if worked >= left:
                return max(opens, start) + left
            left -= worked
        raise NoWorkingTime

    def opens(self, moment: datetime) -> datetime:
        """The moment itself when it is worked then, else the next opening. Raises `NoWorkingTime`."""
        start = moment.astimezone(UTC)
        for opens, _closes in self._from(start):
            return max(opens, start)
        raise NoWorkingTime

    def is_working_day(self, day: date) -> bool:
        """Whether any of the day is worked."""
        return bool(self.spans(day))

    def day_after(self, day: date, number: int) -> date:
        """The so-manieth working day after a day (before it for a negative number); 0 is the day itself.

        Raises `NoWorkingTime`.
        """
        step, idle = (DAY, 0) if number >= 0 else (-DAY, 0)
        left = abs(number)
        while left:
            day += step
            idle += 1
            if self.is_working_day(day):
                left, idle = left - 1, 0
            if idle > FARTHEST:
                raise NoWorkingTime
        return day

    def add_days(self, start: datetime, number: int) -> datetime:
        """The same local time so many working days later."""
        local = start.astimezone(self.zone)
        later = datetime.combine(self.day_after(local.date(), number), local.time(), self.zone)
        return later.astimezone(UTC)

    @property
    def day_length(self) -> timedelta:
        """What a "day" of a target means: the commonest length of a working day of the latest week, else 24 hours."""
        lengths = [sum((_length(span) for span in spans), NOTHING) for spans in self.weeks[-1][1].values() if spans]
        return max(lengths, key=lambda each: (lengths.count(each), each)) if lengths else DAY

    def spans(self, day: date) -> Spans:
        """The opening hours of one day, in local time."""
        if day in self.days:
            return self.days[day]
        week = next(week for since, week in reversed(self.weeks) if since <= day)
        return week.get(day.weekday(), ())

    def intervals(self, day: date) -> list[tuple[datetime, datetime]]:
        """The opening hours of one day as moments, in order and without overlap."""
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = list(self._made(day))
        return known

    def _made(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        done: datetime | None = None
        for starts, ends in sorted(self.spans(day)):
            opens = self._moment(day, starts)
            closes = self._moment(day + DAY if ends == time(0) else day, ends)
            # where the clock is put forward, a time that does not exist may fall behind the next opening
            opens = max(opens, done) if done else opens
            if closes > opens:
                yield opens, closes
                done = closes

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def _day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def _from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The opening hours that end after a moment, until none were met for ten years."""
        day, idle = self._day_of(start), 0
        while idle <= FARTHEST:
            idle += 1
            for opens, closes in self.intervals(day):
                if closes > start:
                    idle = 0
                    yield opens, closes
            day += DAY


def _length(span: tuple[time, time]) -> timedelta:
    starts, ends = span
    minutes = (ends.hour * 60 + ends.minute or 24 * 60) - (starts.hour * 60 + starts.minute)
    return timedelta(minutes=minutes)
