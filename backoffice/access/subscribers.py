"""What access does when a company is founded."""

from backoffice.access import inviting
from backoffice.access.models import User
from backoffice.core.events import subscribe
from backoffice.organisation.events import CompanyFounded
from backoffice.organisation.models import Company


@subscribe(CompanyFounded)
def equip_founder(event: CompanyFounded) -> None:
    """Whoever founds the first company may enter and review there; later companies give their founder nothing
    but the administration, so that nobody widens their own rights by founding.
    """
    founder, company = User.objects.get(pk=event.by_id), Company.objects.get(pk=event.company_id)
    inviting.give(founder, inviting.FOUNDER, company=company)
    if event.is_first:
        inviting.give(founder, inviting.FIRST_COMPANY, company=company)
