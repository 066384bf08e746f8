"""The screens of working time."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from backoffice.ui.panels import HistoryPanel
from backoffice.ui.screens import DocumentScreen, FormScreen, ListScreen
from backoffice.workcal import calendars, forms, panels, views
from backoffice.workcal.models import Calendar
from backoffice.workcal.tables import CalendarTable

app_name = "workcal"
FORM = {"model": Calendar, "form_class": forms.CalendarForm, "lines": forms.Spans, "store": calendars.stored}
PANELS = [panels.CalendarFacts, panels.SpansPanel, panels.DaysPanel, HistoryPanel]

urlpatterns = [
    path("", ListScreen.as_view(model=Calendar, table=CalendarTable, filters=forms.CalendarFilters, create_url="workcal:calendar_new", create_label=_("New calendar")), name="calendar_list"),
    path("new/", FormScreen.as_view(**FORM), name="calendar_new"),
    path("<int:pk>/", DocumentScreen.as_view(model=Calendar, panels=PANELS, edit_url="workcal:calendar_edit"), name="calendar"),
    path("<int:pk>/edit/", FormScreen.as_view(**FORM), name="calendar_edit"),
    path("<int:calendar>/days/new/", views.CalendarDayScreen.as_view(), name="calendarday_new"),
]  # fmt: skip
