"""The parts of a calendar's screen, and where calendars stand in the menu."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.ui.panels import FactsPanel, LinesPanel
from backoffice.ui.slots import MenuEntry, menu
from backoffice.workcal.tables import CalendarDayTable, SpanTable


class CalendarFacts(FactsPanel):
    """Zone, holidays and use."""

    fields = ("zone", "country", "is_default")


class SpansPanel(LinesPanel):
    """The weekly hours."""

    title = _("Opening hours")
    relation = "spans"
    table = SpanTable
    order = 20


class DaysPanel(LinesPanel):
    """Holidays and exceptions from this year on."""

    title = _("Holidays and exceptions")
    table = CalendarDayTable
    order = 30
    add = ("workcal.add_calendarday", "workcal:calendarday_new", _("New day"))

    def rows(self, document: Any, user: Any) -> Any:
        """The days of this year and later."""
        return document.days.filter(on__year__gte=timezone.localdate().year).order_by("on", "pk")


menu.fill(
    "workcal.calendars",
    MenuEntry("admin", _("Calendars"), "workcal:calendar_list", "calendar", "workcal.change_calendar", order=55),
)
