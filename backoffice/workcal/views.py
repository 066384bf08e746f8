"""The form of a day that differs: it belongs to a calendar and leads back to it."""

from typing import Any

from django.http import Http404
from django.urls import reverse

from backoffice.ui.screens import FormScreen
from backoffice.workcal.forms import CalendarDayForm
from backoffice.workcal.models import Calendar, CalendarDay


class CalendarDayScreen(FormScreen):
    """A new day of a calendar."""

    model = CalendarDay
    form_class = CalendarDayForm

    def load(self) -> Any:
        calendar = Calendar.objects.visible_to(self.request.user).filter(pk=self.kwargs["calendar"]).first()
        if calendar is None:
            raise Http404
        self.company = calendar.company
        return CalendarDay(calendar=calendar)

    def list_href(self) -> str:
        return reverse("workcal:calendar", args=[self.kwargs["calendar"]])
