"""Mail that follows from what other apps tell."""

from backoffice.access.events import UserInvited
from backoffice.access.models import User
from backoffice.core.events import subscribe
from backoffice.messaging import inviting
from backoffice.organisation.models import Company


@subscribe(UserInvited)
def send_welcome(event: UserInvited) -> None:
    """The invitation leaves if and only if the account is committed."""
    people = User.objects.in_bulk([event.user_id, event.by_id])
    company = Company.objects.get(pk=event.company_id)
    inviting.welcome(people[event.user_id], company=company, by=people[event.by_id])
