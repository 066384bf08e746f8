"""Jobs."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from backoffice.jobs import views
from backoffice.jobs.models import Job
from backoffice.jobs.tables import JobTable
from backoffice.ui.screens import ListScreen

app_name = "jobs"

urlpatterns = [
    path("", views.MyJobsScreen.as_view(), name="job_list"),
    path(
        "all/",
        ListScreen.as_view(model=Job, table=JobTable, title=_("All jobs"), crumbs=[(_("Jobs"), "jobs:job_list")]),
        name="job_all",
    ),
    path("<int:pk>/", views.JobScreen.as_view(), name="job"),
    path("<int:pk>/progress/", views.ProgressScreen.as_view(), name="job_progress"),
    path("<int:pk>/cancel/", views.CancelScreen.as_view(), name="job_cancel"),
]
