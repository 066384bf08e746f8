"""What Celery may be woken for: they take ids, load and call one verb."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from backoffice.jobs import running, sweeping


@shared_task
def run(*, job_id: int, **unknown: Any) -> None:
    """Do one job, if it still waits."""
    running.run(job_id)


@shared_task
def sweep(**unknown: Any) -> None:
    """Give out again what got lost."""
    sweeping.sweep(timezone.now())
