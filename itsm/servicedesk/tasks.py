"""What Celery may be woken for: clocks that have something to tell, mail that came, what closes by itself."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from itsm.servicedesk import receiving, resolving, sweeping


@shared_task
def sweep(**unknown: Any) -> None:
    """Tell what was reached on clocks, and close what was resolved long ago."""
    now = timezone.now()
    sweeping.sweep(now)
    resolving.close_due(now)


@shared_task
def read_mail(**unknown: Any) -> None:
    """Read the mailboxes."""
    receiving.read_all(timezone.now())
