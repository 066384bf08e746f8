"""Manual journals: entered by one person, reviewed and posted by another."""

from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from finance.ledger import accounts, periods, posting, sealing
from finance.ledger.models import JournalEntry, JournalLine
from finance.ledger.posting import Line
from finance.ledger.previews import previews


def entry_for(entry: JournalEntry) -> list[Line]:
    """The lines of a manual journal as they will be posted."""
    return [
        Line(
            account=n.account,
            debit=n.debit,
            credit=n.credit,
            text=n.text,
            party=n.party,
            cost_centre=n.dimension_set.cost_centre if n.dimension_set else None,
            currency=n.currency,
            currency_debit=n.currency_debit,
            currency_credit=n.currency_credit,
            due_on=n.due_on,
        )
        for n in entry.lines.select_related("account", "party", "dimension_set__cost_centre")
    ]


previews.fill("ledger.journalentry", entry_for)


@JournalEntry.flow.guard("submit", "post")
def whole(entry: JournalEntry, user: Any) -> Refused | None:
    """A journal that does not balance, or touches an account that documents keep, goes nowhere."""
    try:
        lines = entry_for(entry)
        posting.check(entry.company, posting.Posting(on=entry.on, lines=lines, text=entry.text))
    except Refused as reason:
        return reason
    return next(filter(None, (accounts.refusal_by_hand(line.account) for line in lines)), None)


@JournalEntry.flow.verb
def submit(entry: JournalEntry, *, by: Any) -> None:
    """Hand the journal to a reviewer; its period must be open."""
    periods.lock(entry.company, entry.on, journal=entry.journal.code, entries=0)


@JournalEntry.flow.verb
def send_back(entry: JournalEntry, *, by: Any, reason: str) -> None:
    """Return the journal to whoever entered it, with a reason that stands in the history."""
    if not reason.strip():
        raise Refused(_("Say what should be changed."), code="reason")


@JournalEntry.flow.verb
def discard(entry: JournalEntry, *, by: Any) -> None:
    """Drop a draft; it never had a number, so none is lost."""


@JournalEntry.flow.preparing("post")
def hold_period(entry: JournalEntry, *, by: Any) -> None:
    entry.locked_period = periods.lock(entry.company, entry.on, journal=entry.journal.code, entries=0)  # type: ignore[attr-defined]


@JournalEntry.flow.verb
def post(entry: JournalEntry, *, by: Any) -> None:
    """Put the reviewed journal into the books."""
    held = entry.locked_period  # type: ignore[attr-defined]
    entry.period_id, entry.on = held.id, held.day(entry.on)
    entry.posted_by, entry.posted_at = by, timezone.now()


NUMBER = """
WITH n AS (
    INSERT INTO ledger_counter AS c (journal_id, fiscal_year_id, last) VALUES (%(journal)s, %(year)s, 1)
    ON CONFLICT (journal_id, fiscal_year_id) DO UPDATE SET last = c.last + 1 RETURNING last::text AS last
), v AS (SELECT %(prefix)s || lpad(last, greatest(5, length(last)), '0') AS number FROM n)
UPDATE ledger_journalentry e SET number = v.number, seal_key = %(key)s, seal = {seal}
  FROM v WHERE e.id = %(id)s RETURNING e.number
"""
SEAL = sealing.SEAL_SQL.format(
    outer="%(outer)s::bytea", inner="%(inner)s::bytea", digest="%(digest)s", number="v.number"
)


@JournalEntry.flow.finishing("post")
def number_and_seal(entry: JournalEntry, *, by: Any) -> None:
    """Lines enter the books, then number and seal: the counter row is the last one locked."""
    held = entry.locked_period  # type: ignore[attr-defined]
    JournalLine.objects.filter(entry=entry).update(on=entry.on)
    parts = sealing.sealing(entry.pk, sealing.digest(header(entry), sealed_lines(entry)))
    with connection.cursor() as cursor:
        cursor.execute(
            NUMBER.format(seal=SEAL),
            {
                "journal": entry.journal_id,
                "year": held.fiscal_year_id,
                "prefix": f"{entry.journal.code}-{held.year_name}-",
                "id": entry.pk,
                "key": parts.key_id,
                "outer": parts.outer,
                "inner": parts.inner,
                "digest": parts.digest,
            },
        )
        (entry.number,) = cursor.fetchone()
    entry._remember()


def header(entry: JournalEntry) -> sealing.Sealed:
    """The sealed part of an entry's header."""
    return sealing.Sealed(*(getattr(entry, name) for name in sealing.Sealed._fields))


def sealed_lines(entry: JournalEntry) -> list[sealing.SealedLine]:
    """The sealed part of an entry's lines, in their order."""
    rows = JournalLine.objects.filter(entry=entry).order_by("place").values_list(*sealing.SealedLine._fields)
    return [sealing.SealedLine(*row) for row in rows]
