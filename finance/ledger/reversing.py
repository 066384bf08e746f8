"""Reversing: the only way back is a mirror entry with a number of its own."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from finance.ledger import periods, posting, settling
from finance.ledger.models import Allocation, JournalEntry, OpenItem


@JournalEntry.flow.verb
def reverse(entry: JournalEntry, *, by: Any, on: date | None = None, reason: str = "") -> None:
    """Post the mirror of an entry; an entry of a document is reversed there."""
    if entry.origin_id is not None:
        raise Refused(
            _("This entry comes from %(origin)s: reverse it there.") % {"origin": entry.origin}, code="origin"
        )
    mirror(entry, on=on or entry.on, by=by, reason=reason)


def mirror(entry: JournalEntry, *, on: date, by: Any, reason: str = "", origin: Any = None) -> JournalEntry:
    """Post the mirror of a posted entry (sides swapped, no negative amounts) and settle its open items.

    Raises `Refused` when it is reversed already, when its items are partly settled, or when the period is closed.
    """
    if entry.is_reversed:
        raise Refused(_("%(entry)s is reversed already.") % {"entry": entry}, code="reversed")
    if Allocation.objects.filter(difference_entry=entry).exists():
        raise Refused(
            _("%(entry)s is the exchange difference of a settlement: undo the settlement instead.") % {"entry": entry},
            code="settled",
        )
    if entry.reversal_of_id:
        raise Refused(
            _("%(entry)s is a reversal itself: post a new entry instead.") % {"entry": entry}, code="reversed"
        )
    lines = list(entry.lines.select_related("account", "party", "dimension_set__cost_centre", "open_item"))
    _demand_unsettled(lines)
    posted = posting.write_now(
        entry.company,
        posting.Posting(
            on=on,
            document_on=entry.document_on,
            text=(reason.strip() or _("Reversal of %(number)s") % {"number": entry.number})[:200],
            journal=entry.journal.code,
            lines=[swapped(line) for line in lines],
            origin=origin,
            event="reverse" if origin else "post",
            reversal_of=entry,
        ),
        by=by,
    )
    settling.settle_mirror(entry, posted, on=max(on, entry.on), by=by)
    return posted


def swapped(line: Any) -> posting.Line:
    """A posted line with its sides swapped, for the entry that takes it back."""
    return posting.Line(
        account=line.account,
        debit=line.credit,
        credit=line.debit,
        text=line.text,
        party=line.party,
        cost_centre=line.dimension_set.cost_centre if line.dimension_set else None,
        currency=line.currency,
        currency_debit=line.currency_credit,
        currency_credit=line.currency_debit,
        due_on=line.due_on,
    )


def _demand_unsettled(lines: list[Any]) -> None:
    items = [line.open_item for line in lines if hasattr(line, "open_item")]
    if any(item.rest != item.amount for item in OpenItem.objects.filter(pk__in=[i.pk for i in items])):
        raise Refused(_("It is settled in part or whole: undo the allocation first."), code="settled")


def default_day(entry: JournalEntry) -> date:
    """The entry's own day when its period is open, else the first day of the next open period."""
    if entry.period.state == entry.period.State.OPEN:
        return entry.on
    following = type(entry.period).objects.filter(company=entry.company, state="open", starts_on__gt=entry.on).first()
    return following.starts_on if following else periods.of_day(entry.company, entry.on).starts_on
