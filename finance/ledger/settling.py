"""Settling: a debit and a credit item of one party close each other, exactly, in both currencies."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from backoffice.core.flow import kindly
from backoffice.core.rounding import rounded
from backoffice.currencies import conversion
from finance.ledger import accounts, posting
from finance.ledger.models import Allocation, JournalEntry, OpenItem, Role


def allocate(debit_item: OpenItem, credit_item: OpenItem, amount: Decimal, *, on: date, by: Any) -> Allocation:
    """Let two items settle `amount` of each other (in their currency); an exchange difference is posted at once.

    The company-currency share of a side is its whole rest when the amount is its whole rest, else
    in proportion, rounded half away from zero (operations B0.9). Raises `Refused` when more is
    allocated than is open, or when the items do not fit each other.
    """
    if denied := authority.only.refusal(by, "ledger.add_allocation", None):
        raise denied
    try:
        with transaction.atomic():
            return _allocate(debit_item.pk, credit_item.pk, amount, on, by)
    except IntegrityError as error:
        raise kindly(error) from error


def _allocate(debit_id: int, credit_id: int, amount: Decimal, on: date, by: Any) -> Allocation:
    # in key order, so that two allocations never wait for each other
    locked = {
        item.pk: item
        for item in OpenItem.objects.select_for_update().filter(pk__in=[debit_id, credit_id]).order_by("pk")
    }
    debit_item, credit_item = locked[debit_id], locked[credit_id]
    if amount <= 0 or amount > debit_item.rest or amount > -credit_item.rest:
        raise Refused(
            _("Only %(open)s %(currency)s are open.")
            % {"open": min(debit_item.rest, -credit_item.rest), "currency": debit_item.currency},
            code="settled",
        )
    debit_company = _share(debit_item, amount)
    credit_company = _share(credit_item, amount)
    difference = debit_company - credit_company
    entry = _post_difference(debit_item, difference, max(on, debit_item.on, credit_item.on), by) if difference else None
    return Allocation.objects.create(
        debit_item=debit_item,
        credit_item=credit_item,
        on=on,
        amount=amount,
        debit_company=debit_company,
        credit_company=credit_company,
        difference_entry=entry,
        by=by,
    )


def _share(item: OpenItem, amount: Decimal) -> Decimal:
    rest, rest_company = abs(item.rest), abs(item.rest_company)
    if amount == rest:
        return rest_company
    return rounded(rest_company * amount / rest, conversion.digits(item.company.currency))


def _post_difference(item: OpenItem, difference: Decimal, on: date, by: Any) -> JournalEntry:
    """The control account must hold what is open: the rest goes to realised exchange differences."""
    company = item.company
    text = _("Exchange difference on settlement")
    control = posting.credit(
        item.account, Decimal(0), currency=item.currency, company_amount=difference, party=item.party, text=text
    )
    gain = posting.debit(accounts.by_role(company, Role.FX_REALISED), difference, text=text)
    return posting.write_now(company, posting.Posting(on=on, lines=[gain, control], text=text, journal="SYS"), by=by)


def unallocate(allocation: Allocation, *, on: date, by: Any) -> Allocation:
    """Take an allocation back: a mirror row, and the mirror of its exchange difference."""
    if denied := authority.only.refusal(by, "ledger.add_allocation", None):
        raise denied
    with transaction.atomic():
        ids = [allocation.debit_item_id, allocation.credit_item_id]
        list(OpenItem.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        if Allocation.objects.filter(undoes=allocation).exists() or allocation.undoes_id:
            raise Refused(_("This allocation is undone already."), code="settled")
        if allocation.difference_entry:
            from_entry = allocation.difference_entry
            lines = [
                posting.Line(
                    account=n.account,
                    debit=n.credit,
                    credit=n.debit,
                    text=n.text,
                    party=n.party,
                    currency=n.currency,
                    currency_debit=n.currency_credit,
                    currency_credit=n.currency_debit,
                )
                for n in from_entry.lines.select_related("account", "party")
            ]
            posting.write_now(
                from_entry.company,
                posting.Posting(on=on, lines=lines, text=from_entry.text, journal="SYS", reversal_of=from_entry),
                by=by,
            )
        return Allocation.objects.create(
            debit_item_id=allocation.debit_item_id,
            credit_item_id=allocation.credit_item_id,
            on=on,
            amount=-allocation.amount,
            debit_company=-allocation.debit_company,
            credit_company=-allocation.credit_company,
            undoes=allocation,
            by=by,
        )


def settle_mirror(entry: JournalEntry, mirror: JournalEntry, *, on: date, by: Any) -> None:
    """An entry and its reversal leave nothing open: their items settle each other line by line."""
    pairs: dict[int, list[OpenItem]] = defaultdict(list)
    for item in OpenItem.objects.filter(line__entry__in=[entry.pk, mirror.pk]).select_related("line").order_by("pk"):
        pairs[item.line.place].append(item)
    Allocation.objects.bulk_create(
        Allocation(
            debit_item=max(pair, key=lambda i: i.amount),
            credit_item=min(pair, key=lambda i: i.amount),
            on=on,
            amount=abs(pair[0].amount),
            debit_company=abs(pair[0].amount_company),
            credit_company=abs(pair[0].amount_company),
            by=by,
        )
        for pair in pairs.values()
    )
