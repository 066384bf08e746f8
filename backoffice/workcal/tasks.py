"""What Celery may be woken for: the holidays of coming years."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from backoffice.workcal import calendars


@shared_task
def enter_coming_holidays(**unknown: Any) -> None:
    """Calendars know the holidays of this year and the next two."""
    calendars.enter_coming_holidays(timezone.localdate())
