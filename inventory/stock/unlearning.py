"""Taking back costs learnt later, when the bill that taught them is reversed.

The mirror of the entry takes out of stock what the entry put in. What of that has left stock meanwhile went with the
goods: an entry of its own puts it back and takes it from late costs, so stock is worth what lies there.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F

from backoffice.core.rounding import ZERO
from backoffice.organisation.models import Company
from finance.ledger import posting
from finance.ledger.models import JournalEntry, Role
from finance.ledger.posting import Line, credit, debit
from inventory.stock import accounting, costing, holding, valuing
from inventory.stock.costing import LateCost
from inventory.stock.models import CostEntry, CostLayer, Position


def unlearn(
    company: Company,
    lates: Sequence[LateCost],
    *,
    entry_id: int,
    mirror: JournalEntry,
    origin: models.Model,
    on: date,
    by: Any,
) -> None:
    """Take back what the entry taught; `lates` are the costs as they were learnt, `mirror` is the entry's mirror."""
    learnt = list(
        CostEntry.objects.filter(entry=entry_id, kind=CostEntry.Kind.LATE).select_related("item__category", "layer")
    )
    if not learnt:
        return
    states = holding.hold(company.pk, [entry.item for entry in learnt])
    left = costing.stays(company, lates)
    made, lines = [], []
    for entry in learnt:
        made.append(_mirrored(entry, mirror.pk, entry.place, -entry.amount, mirror.on))
        stays = left.pop(entry.layer, ZERO) if entry.layer else ZERO
        gone = entry.amount - stays
        if gone:
            lines.append(debit(entry.account, gone, text=str(entry.item)[:200]))
            made.append(_mirrored(entry, 0, len(lines), gone, on))
        Position.objects.filter(item=entry.item_id).update(value=F("value") - stays)
        if states[entry.item_id].method == valuing.FIFO:
            CostLayer.objects.filter(pk=entry.layer_id).update(remaining_value=F("remaining_value") - stays)
    if lines:
        _correct(company, lines, made, origin, on, by)
    CostEntry.objects.bulk_create(made)


def _correct(
    company: Company, lines: list[Line], made: list[CostEntry], origin: models.Model, on: date, by: Any
) -> None:
    total = sum((line.debit - line.credit for line in lines), ZERO)
    account = accounting.role(accounting.accounts_of(company), Role.COST_ADJUSTMENT)
    if total:
        lines = [*lines, credit(account, total)]
    text = f"{origin}: cost of what has left stock"[:200]
    entry = posting.write_now(
        company, posting.Posting(on=on, lines=lines, text=text, origin=origin, event="unlearn"), by=by
    )
    for each in made:
        each.entry_id = each.entry_id or entry.pk


def _mirrored(entry: CostEntry, entry_id: int, place: int, amount: Decimal, on: date) -> CostEntry:
    return CostEntry(
        company_id=entry.company_id,
        item_id=entry.item_id,
        layer_id=entry.layer_id,
        kind=CostEntry.Kind.LATE,
        amount=amount,
        account_id=entry.account_id,
        entry_id=entry_id,
        place=place,
        on=on,
    )
