"""What payroll does when wages are paid, or payments are taken back."""

from backoffice.access.models import User
from backoffice.core import events
from finance.banking.events import PaymentsReleased, PaymentsWithdrawn
from hr.payroll import paying


@events.subscribe(PaymentsReleased)
def settle(event: PaymentsReleased) -> None:
    """A run of which everybody is paid is settled."""
    if event.source == "wages":
        paying.settle_paid(event.keys, by=User.objects.get(pk=event.by_id))


@events.subscribe(PaymentsWithdrawn)
def unsettle(event: PaymentsWithdrawn) -> None:
    """A run of which somebody is not paid after all is due again."""
    if event.source == "wages":
        paying.unsettle_unpaid(event.keys, by=User.objects.get(pk=event.by_id))
