"""Reports, packs, schedules, kept files."""

from django.urls import path

from backoffice.ui.screens import FormScreen, ListScreen
from reporting.reports import screens, views
from reporting.reports.forms import PackForm, ScheduleForm, store_schedule
from reporting.reports.models import Pack, ReportRun, Schedule
from reporting.reports.tables import PackTable, RunTable, ScheduleTable

app_name = "reports"

urlpatterns = [
    path("", views.ReportsScreen.as_view(), name="report_list"),
    path("runs/", ListScreen.as_view(model=ReportRun, table=RunTable), name="reportrun_list"),
    path("runs/<int:pk>/", views.RunScreen.as_view(), name="reportrun"),
    path("runs/<int:pk>/file/", views.RunFileScreen.as_view(), name="reportrun_file"),
    path(
        "packs/",
        ListScreen.as_view(model=Pack, table=PackTable, create_url="reports:pack_new"),
        name="pack_list",
    ),
    path("packs/new/", FormScreen.as_view(model=Pack, form_class=PackForm), name="pack_new"),
    path("packs/<int:pk>/", views.PackScreen.as_view(), name="pack"),
    path("packs/<int:pk>/edit/", FormScreen.as_view(model=Pack, form_class=PackForm), name="pack_edit"),
    path(
        "schedules/",
        ListScreen.as_view(model=Schedule, table=ScheduleTable, create_url="reports:schedule_new"),
        name="schedule_list",
    ),
    path(
        "schedules/new/",
        FormScreen.as_view(model=Schedule, form_class=ScheduleForm, store=store_schedule),
        name="schedule_new",
    ),
    path("schedules/next/", screens.NextTimeScreen.as_view(), name="schedule_next"),
    path("schedules/<int:pk>/", views.ScheduleScreen.as_view(), name="schedule"),
    path(
        "schedules/<int:pk>/edit/",
        FormScreen.as_view(model=Schedule, form_class=ScheduleForm, store=store_schedule),
        name="schedule_edit",
    ),
    path("<str:key>/", screens.ReportScreen.as_view(), name="report"),
    path("<str:key>/email/", screens.ReportEmailScreen.as_view(), name="report_email"),
    path("<str:key>/pack/", screens.ReportPackScreen.as_view(), name="report_pack"),
    path("<str:key>/<slug:kind>/", screens.ReportFileScreen.as_view(), name="report_file"),
]
