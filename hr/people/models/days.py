"""Rows that hold from a day up to another, and how the database refuses two that hold on one day."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Whole(Func):
    """A key as a range of one: lets an exclusion constraint say "the same" without an extension of the database."""

    function = "int8range"

    def __init__(self, key: str) -> None:
        super().__init__(F(key), F(key), Value("[]"))


class Days(Func):
    """The days from one date up to another; `bounds` says whether the last is included, no last day is for ever."""

    function = "daterange"

    def __init__(self, first: str, last: str, bounds: str = "[)") -> None:
        super().__init__(F(first), F(last), Value(bounds))


class Dated(models.Model):
    """A row that holds from a day up to, but not including, another; without the other it holds until further notice."""

    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("up to"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def holds(self, on: date) -> bool:
        """Whether the row holds on this day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds."""
        return None if self.valid_to is None else self.valid_to - timedelta(days=1)


def working_in(departments: set[int], assignment: str, employment: str) -> Q:
    """The condition that somebody works in one of these departments today, by the paths to both rows."""
    today = timezone.localdate()
    return (
        Q(**{f"{assignment}department__in": departments, f"{assignment}valid_from__lte": today})
        & (Q(**{f"{assignment}valid_to": None}) | Q(**{f"{assignment}valid_to__gt": today}))
        & Q(**{f"{employment}starts_on__lte": today})
        & (Q(**{f"{employment}ends_on": None}) | Q(**{f"{employment}ends_on__gte": today}))
        & ~Q(**{f"{employment}state": "withdrawn"})
    )
