"""Periods: which one a day falls in, under a lock; closing and reopening; opening a new year."""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backoffice.core import hot
from backoffice.core.errors import Refused
from backoffice.organisation.models import Company
from finance.ledger.models import FiscalYear, JournalEntry, Period

# One round trip: the period under a lock that closing waits for, the journal, and ids for the entries to come.
LOCKED = """
SELECT p.id, p.fiscal_year_id, y.name, p.state, p.starts_on, j.id,
       ARRAY(SELECT nextval('ledger_journalentry_id_seq') FROM generate_series(1, %(entries)s::int))
  FROM ledger_period p
  JOIN ledger_fiscalyear y ON y.id = p.fiscal_year_id
  LEFT JOIN ledger_journal j ON j.company_id = p.company_id AND j.code = %(journal)s::text
 WHERE p.company_id = %(company)s::bigint AND {condition}
 ORDER BY p.starts_on LIMIT 1 FOR SHARE OF p
"""
OF_DAY = LOCKED.format(condition="%(on)s::date BETWEEN p.starts_on AND p.ends_on")
NEXT_OPEN = LOCKED.format(condition="p.starts_on > %(on)s::date AND p.state = 'open'")


class Locked(NamedTuple):
    """A period that stays as it is until the transaction ends, and entry ids taken with it."""

    id: int
    fiscal_year_id: int
    year_name: str
    journal_id: int
    journal_code: str
    entry_ids: list[int]
    moved_to: date | None = None

    def day(self, on: date) -> date:
        """The day on which an entry of `on` is posted: moved forward only where the company allows that."""
        return self.moved_to or on


def lock(company: Company, on: date, *, journal: str, entries: int = 1) -> Locked:
    """Hold the open period of a day; by the company's choice the first open day after it.

    Raises `Refused` when the day lies in no fiscal year or in a closed period (operations B0.4), or
    when the company has no such journal.
    """
    wanted = {"company": company.pk, "on": on, "journal": journal, "entries": entries}
    rows = hot.fetch(OF_DAY, wanted)
    if not rows:
        raise Refused(
            _("%(day)s lies in no fiscal year of %(company)s.") % {"day": _day(on), "company": company}, code="period"
        )
    moved_to = None
    if rows[0][3] != Period.State.OPEN and company.late_posting == Company.LatePosting.NEXT_OPEN:
        rows = hot.fetch(NEXT_OPEN, wanted) or rows
        moved_to = rows[0][4]
    period_id, year_id, year, state, _first, journal_id, entry_ids = rows[0]
    if state != Period.State.OPEN:
        raise Refused(
            _("The period of %(day)s is closed. Whoever may reopen periods can open it, or choose a later date.")
            % {"day": _day(on)},
            code="period",
        )
    if journal_id is None:
        raise Refused(_("%(company)s has no journal %(code)s.") % {"company": company, "code": journal}, code="journal")
    return Locked(period_id, year_id, year, journal_id, journal, entry_ids, moved_to)


def first_days(company: Company, days: Iterable[date]) -> dict[date, date]:
    """The first day of the period of each day; days outside all periods stand for themselves."""
    wanted = sorted(set(days))
    spans = list(
        Period.objects.filter(company=company, starts_on__lte=wanted[-1], ends_on__gte=wanted[0])
        .order_by("starts_on")
        .values_list("starts_on", flat=True)
    )
    return {day: spans[bisect_right(spans, day) - 1] if spans and spans[0] <= day else day for day in wanted}


def of_day(company: Company, on: date) -> Period:
    """The period of a day, open or not; raises `Refused` outside all fiscal years."""
    found = Period.objects.filter(company=company, starts_on__lte=on, ends_on__gte=on).first()
    if found is None:
        raise Refused(
            _("%(day)s lies in no fiscal year of %(company)s.") % {"day": _day(on), "company": company}, code="period"
        )
    return found


@Period.flow.verb
def close(period: Period, *, by: Any) -> None:
    """Take no more entries; entries that wait for review must be posted, returned or re-dated first."""
    waiting = JournalEntry.objects.filter(period=period, state=JournalEntry.State.SUBMITTED).count()
    if waiting:
        raise Refused(
            _("%(count)d journal entries of %(period)s wait for review. Post or return them first.")
            % {"count": waiting, "period": period},
            code="waiting",
        )


@Period.flow.verb
def reopen(period: Period, *, by: Any, reason: str) -> None:
    """Take entries again; the reason stands in the history for the auditor."""
    if not reason.strip():
        raise Refused(_("Reopening a period needs a reason."), code="reason")


def open_year(company: Company, starts_on: date) -> FiscalYear:
    """Make a fiscal year of twelve monthly periods; named by the calendar year in which it ends."""
    months = [_months_after(starts_on, n) for n in range(13)]
    ends_on = months[12] - timedelta(days=1)
    year = FiscalYear.objects.create(company=company, name=str(ends_on.year), starts_on=starts_on, ends_on=ends_on)
    Period.objects.bulk_create(
        Period(
            company=company,
            fiscal_year=year,
            name=date_format(first, "F Y"),
            starts_on=first,
            ends_on=after - timedelta(days=1),
        )
        for first, after in pairwise(months)
    )
    return year


def _months_after(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day(on: date) -> str:
    return date_format(on, "j M Y")
