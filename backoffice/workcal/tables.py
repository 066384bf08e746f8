"""The columns of calendars."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from backoffice.ui.tables import Choice, Column, Date, Link, Table, Text, YesNo


class CalendarTable(Table):
    """Calendars by name."""

    order = ("name", "pk")

    name = Link("name", _("Calendar"), sort=True)
    zone = Text("zone", _("Time zone"), stack="l2")
    country = Text("country", _("Holidays of"), soft=True)
    is_default = YesNo("is_default", _("Used where none is named"), stack="r1")


class Clock(Column):
    """A time of the day; `without` is said where there is none."""

    css = "nw"

    def __init__(self, path: str, label: object, *, without: object = "", **options: Any) -> None:
        super().__init__(path, label, **options)
        self.without = without

    def inner(self, values: object) -> str:
        value = values[0]  # type: ignore[index]
        return f"{value:%H:%M}" if value is not None else str(self.without)


class SpanTable(Table):
    """The opening hours of a calendar."""

    order = ("valid_from", "weekday", "starts")

    weekday = Choice("weekday", _("Day"))
    starts = Clock("starts", _("Opens"), stack="r1")
    ends = Clock("ends", _("Closes"), stack="r2")
    valid_from = Date("valid_from", _("From"), stack="l2")


class CalendarDayTable(Table):
    """The days of a calendar that differ."""

    order = ("on", "pk")

    on = Date("on", _("Day"))
    name = Text("name", _("What"), stack="l2")
    starts = Clock("starts", _("Opens"), without=_("closed all day"), stack="r1")
    ends = Clock("ends", _("Closes"), stack="r2")
