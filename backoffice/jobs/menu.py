"""What jobs put into the side bar and into My work."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from backoffice.jobs.models import Job
from backoffice.ui.slots import MenuEntry, WorkList, WorkRow, menu, work


def running_now(user: Any) -> list[WorkRow]:
    """A person's unfinished jobs."""
    return [
        WorkRow(
            "refresh-cw",
            str(job),
            job.get_absolute_url(),
            sub=job.message,
            flag=f"{job.done}/{job.total}" if job.total else str(job.get_state_display()),
            tone="busy",
            flag_icon="clock" if job.state == Job.State.QUEUED else "refresh-cw",
            since=job.queued_at,
        )
        for job in Job.objects.unfinished().filter(actor=user).order_by("id")[:8]
    ]


work.fill("jobs.running", WorkList(_("Running now"), "jobs", running_now, order=70))
menu.fill("jobs.all", MenuEntry("admin", _("Jobs"), "jobs:job_all", "refresh-cw", "jobs.view_job", order=60))
