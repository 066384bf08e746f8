"""What Celery may be woken for."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from reporting.reports import scheduling


@shared_task
def tick(**unknown: Any) -> None:
    """Start the schedules that are due."""
    scheduling.tick(timezone.now())
