"""A new company gets its calendars."""

from django.utils import timezone

from backoffice.core.events import subscribe
from backoffice.organisation.events import CompanyFounded
from backoffice.organisation.models import Company
from backoffice.workcal import calendars


@subscribe(CompanyFounded)
def give_calendars(event: CompanyFounded) -> None:
    """Office hours with the country's holidays, and around the clock."""
    calendars.install(Company.objects.get(pk=event.company_id), timezone.localdate().year)
