"""What reports do when jobs tell something."""

from django.utils.translation import gettext as _

from backoffice.core.events import subscribe
from backoffice.jobs.events import JobEnded
from backoffice.jobs.models import Job
from backoffice.messaging import noticing


@subscribe(JobEnded)
def tell_of_failure(event: JobEnded) -> None:
    """Who asked for a report hears when it could not be made; success is told with the file."""
    if event.state != Job.State.FAILED or not event.kind.startswith("reports."):
        return
    job = Job.objects.select_related("actor").get(pk=event.job_id)
    title = _("“%(job)s” failed") % {"job": job}
    noticing.notify(job.actor, title, job.message, job.get_absolute_url(), key=f"job-failed:{job.pk}:{job.attempt}")
