"""What Celery may be woken for."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from backoffice.messaging import sending


@shared_task
def send_waiting(**unknown: Any) -> None:
    """Send what waits in the outbox."""
    sending.send_waiting(timezone.now())
