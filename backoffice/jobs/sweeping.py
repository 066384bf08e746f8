"""Sweeping: whatever broker or worker lost is found in PostgreSQL and given out again."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from backoffice.core import events
from backoffice.jobs.events import JobEnded
from backoffice.jobs.models import Job
from backoffice.jobs.running import kinds, publish

UNTOLD = timedelta(seconds=5)  # after commit the wake-up takes milliseconds
UNHEARD = timedelta(seconds=90)  # told to the broker, not claimed: lost with it, or a long queue
SILENT = timedelta(seconds=60)  # twelve beats of a heart
AT_ONCE = 200


def sweep(now: datetime) -> int:
    """Wake workers again for jobs that nobody took, and take back jobs of dead workers. Returns how many."""
    with transaction.atomic():
        found = _lost(now)
        for job in found:
            if job.state == Job.State.RUNNING:
                _take_back(job)
        again = [job for job in found if job.state == Job.State.QUEUED]
        for job in again:
            publish(job.pk)
    return len(again)


def _lost(now: datetime) -> list[Job]:
    untold = Q(published_at__isnull=True, queued_at__lt=now - UNTOLD)
    unheard = Q(published_at__lt=now - UNHEARD)
    waiting = Q(state=Job.State.QUEUED, wake_at__lte=now) & (untold | unheard)
    silent = Q(state=Job.State.RUNNING, heartbeat_at__lt=now - SILENT)
    rows = Job.objects.select_for_update(skip_locked=True).filter(waiting | silent)
    return list(rows.order_by("wake_at", "id")[:AT_ONCE])


def _take_back(job: Job) -> None:
    known = kinds.get(job.kind)
    if known and job.attempt < known.attempts:
        job.state, job.published_at = Job.State.QUEUED, None
        job.save(update_fields=["state", "published_at"])
        return
    job.state = Job.State.FAILED
    message = _("Its worker stopped %(times)s times without finishing.") % {"times": job.attempt}
    Job.objects.filter(pk=job.pk).update(state=job.state, finished_at=Now(), message=message)
    events.publish(JobEnded(job.pk, job.kind, job.state))
