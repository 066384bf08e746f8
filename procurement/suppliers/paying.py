"""Nothing is paid to a blocked supplier."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from backoffice.organisation.models import Company
from finance.banking.slots import Payable, payment_checks
from procurement.suppliers.models import Supplier


def blocked(company: Company, due: Sequence[Payable]) -> Mapping[str, str]:
    """By key, why these must not be paid: their party is blocked as a supplier. One query."""
    parties = {payable.party_id for payable in due if payable.party_id}
    rows = Supplier.objects.filter(company=company, state=Supplier.State.BLOCKED, party__in=parties)
    why = dict(rows.values_list("party", "blocked_because"))
    return {
        payable.key: _("The supplier is blocked: %s") % why[payable.party_id]
        for payable in due
        if payable.party_id in why
    }


payment_checks.fill("suppliers.blocked", blocked)
