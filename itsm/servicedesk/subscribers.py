"""A new company gets a service desk."""

from backoffice.core.events import subscribe
from backoffice.organisation.events import CompanyFounded
from backoffice.organisation.models import Company
from backoffice.workcal import calendars
from itsm.servicedesk import setting_up


@subscribe(CompanyFounded)
def give_desk(event: CompanyFounded) -> None:
    """A team, the matrix and the usual promises, on the calendars that the company got before."""
    company = Company.objects.get(pk=event.company_id)
    office = calendars.default(company)
    always = company.calendars.exclude(pk=office.pk).order_by("id").first() or office
    setting_up.install(company, office, always)
