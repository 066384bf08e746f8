"""What Celery may be woken for: the days that have come."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from hr.people import hiring, leaving


@shared_task
def tick(**unknown: Any) -> None:
    """Starters start, leavers leave, access ends at its set moment."""
    now = timezone.now()
    hiring.begin_due(now)
    leaving.depart_due(now)
    leaving.end_access_due(now)
