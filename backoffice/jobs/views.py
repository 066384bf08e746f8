"""A job's page, its progress as a fragment that renews itself, and cancelling."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.jobs import running
from backoffice.jobs.models import Job
from backoffice.ui.screen import Screen


class JobScreen(Screen):
    """A job: state, progress, result. A person always sees their own."""

    model = Job
    template = "backoffice/jobs/job.html"

    def right(self) -> str:
        return "jobs.view_job"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and Job.objects.filter(pk=kwargs["pk"], actor=request.user).exists():
            return super(Screen, self).dispatch(request, *args, **kwargs)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        job = self.found(pk)
        return render(request, self.template, self.context(job))

    def context(self, job: Job) -> dict[str, Any]:
        may_cancel = job.is_unfinished and (
            job.actor_id == self.request.user.pk or self.request.user.has_perm("jobs.change_job")
        )
        return {
            "title": str(job),
            "job": job,
            "progress": progress(job),
            "crumbs": [(_("Jobs"), reverse("jobs:job_list")), (str(job), "")],
            "may_cancel": may_cancel,
            "path": self.request.path,
        }


class ProgressScreen(JobScreen):
    """The bar alone; it asks for itself every second until the job has ended, then the page is renewed once."""

    template = "backoffice/jobs/_progress.html"

    def get(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        job = self.found(pk)
        response = render(request, self.template, self.context(job))
        if not job.is_unfinished and request.headers.get("HX-Request"):
            response["HX-Refresh"] = "true"
        return response


class CancelScreen(JobScreen):
    """Stop a job."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        job = self.found(pk)
        if not job.is_unfinished:
            messages.info(request, _("%(job)s has ended already.") % {"job": job})
        else:
            running.cancel(job, by=request.user)
            messages.success(request, _("Cancelled."))
        return self.go(job.get_absolute_url())


class MyJobsScreen(Screen):
    """A person's own jobs; the right to see all leads to the list of all."""

    model = Job

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_authenticated:
            return super().dispatch(request, *args, **kwargs)
        return super(Screen, self).dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        jobs = Job.objects.filter(actor_id=request.user.pk).order_by("-id")[:100]
        context = {
            "title": _("Your jobs"),
            "jobs": jobs,
            "crumbs": [(_("Jobs"), "")],
            "may_see_all": request.user.has_perm("jobs.view_job"),
        }
        return render(request, "backoffice/jobs/jobs.html", context)


def progress(job: Job) -> dict[str, Any]:
    """What the part `ui/progress.html` draws."""
    total = max(job.total, 1)
    done = total if job.state == Job.State.DONE else min(job.done, total)
    words = job.message or str(job.get_state_display())
    if job.state == Job.State.RUNNING and job.total:
        words = _("%(done)s of %(total)s, %(words)s") % {"done": job.done, "total": job.total, "words": words}
    return {
        "id": job.pk,
        "label": str(job),
        "words": words,
        "done": done,
        "total": total,
        "running": job.is_unfinished,
        "href": reverse("jobs:job_progress", args=[job.pk]),
        "state": {Job.State.DONE: "good", Job.State.FAILED: "bad"}.get(Job.State(job.state), ""),
    }
