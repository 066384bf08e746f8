"""What payroll does when wages are paid."""

from backoffice.access.models import User
from backoffice.core import events
from finance.banking.events import PaymentsReleased
from hr.payroll import paying


@events.subscribe(PaymentsReleased)
def settle(event: PaymentsReleased) -> None:
    """A run of which everybody is paid is settled."""
    if event.source == "wages":
        paying.settle_paid(event.keys, by=User.objects.get(pk=event.by_id))
