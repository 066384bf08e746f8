"""A new standard cost: what is on hand is worth more or less from that day on."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from backoffice.core.rounding import rounded
from backoffice.currencies import conversion
from finance.ledger import periods, posting
from finance.ledger.models import JournalEntry, Role
from finance.ledger.posting import Posting, credit, debit
from inventory.catalogue.models import Item
from inventory.stock import accounting, holding
from inventory.stock.models import CostEntry, Position
from inventory.stock.valuing import STANDARD

JOURNAL = "SV"


@transaction.atomic
def set_standard_cost(item: Item, cost: Decimal, *, on: date, by: Any) -> JournalEntry | None:
    """Give an item a new standard cost (company currency, one base unit) and book the difference of what is on hand.

    Answers the entry, or None when nothing is on hand. Raises `Refused` for items of another method,
    `PermissionDenied` without the right to change items.
    """
    if denied := authority.only.refusal(by, "catalogue.change_item", item):
        raise denied
    if item.method != STANDARD:
        raise Refused(_("%(item)s is not valued at standard cost.") % {"item": item}, code="method")
    if cost < 0:
        raise Refused(_("Give a cost of nought or more."), code="cost")
    company = item.company
    periods.lock(company, on, journal=JOURNAL, entries=0)
    state = holding.hold(company.pk, [item])[item.pk]
    Item.objects.filter(pk=item.pk).update(standard_cost=cost)
    item.standard_cost = cost
    difference = rounded(state.quantity * cost, conversion.digits(company.currency)) - state.value
    if not difference:
        return None
    accounts = accounting.accounts_of(company)
    stock = accounting.stock_account(item, accounts)
    lines = [
        debit(stock, difference, text=str(item)),
        credit(accounting.role(accounts, Role.PRICE_VARIANCE), difference, text=str(item)),
    ]
    words = _("New standard cost of %(item)s") % {"item": item}
    # One item is given many costs: each is an event of its own, counted under the lock of its position.
    earlier = CostEntry.objects.filter(item=item, kind=CostEntry.Kind.LATE).count()
    event = f"cost {earlier + 1}"
    entry = posting.write_now(
        company, Posting(journal=JOURNAL, on=on, lines=lines, text=words[:200], origin=item, event=event), by=by
    )
    CostEntry.objects.create(
        company=company,
        item=item,
        kind=CostEntry.Kind.LATE,
        amount=difference,
        on=entry.on,
        account=stock,
        entry=entry,
        place=1,
    )
    Position.objects.filter(item=item).update(value=state.value + difference)
    return entry
