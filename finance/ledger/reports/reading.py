"""What all reports of the books read: movements, entries, drafts and closing.

Figures are limited to what the person may see and, for a sheet that is made again (`as_of`), to
what was posted by then.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.rounding import ZERO
from backoffice.organisation.models import Company
from finance.ledger import queries
from finance.ledger.models import (
    Account,
    FiscalYear,
    JournalEntry,
    JournalLine,
    Period,
)
from finance.ledger.queries import Movement
from reporting.reports.defining import (
    Asked,
    closed,
    fiscal_years,
)
from reporting.reports.drawing import money
from reporting.reports.parameters import (
    Span,
)

SECTION = gettext_lazy("Finance")
MOST_LINES = 200_000
Kind = Account.Kind


@fiscal_years.filler("ledger")
def year_of(company: Company, on: date) -> tuple[date, date] | None:
    """The fiscal year of the books that holds a day."""
    return (
        FiscalYear.objects.filter(company=company, starts_on__lte=on, ends_on__gte=on)
        .values_list("starts_on", "ends_on")
        .first()
    )


@closed.filler("ledger")
def books_closed(company: Company, on: date) -> bool:
    """Whether no open period begins on or before a day."""
    return not Period.objects.filter(company=company, starts_on__lte=on, state=Period.State.OPEN).exists()


def moved(asked: Asked, span: Span) -> dict[int, Movement]:
    """Opening, debit and credit of each account in a span."""
    departments = queries.departments_seen(asked.user, asked.company)
    centre = asked["cost_centre"]
    found = queries.movements(
        asked.company,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        departments=departments,
        cost_centres=[centre.pk] if centre else None,
    )
    if asked.as_of is None:
        return found
    for row in later_lines(asked, span.ends_on, departments).values_list("account_id", "on", "debit", "credit"):
        account, on, debit, credit = row
        was = found.get(account, Movement(account, ZERO, ZERO, ZERO))
        if on < span.starts_on:
            found[account] = was._replace(opening=was.opening - debit + credit)
        else:
            found[account] = was._replace(debit=was.debit - debit, credit=was.credit - credit)
    return found


def later_lines(asked: Asked, until: date, departments: Sequence[int] | None) -> Any:
    """Lines that were posted after the moment which the sheet shows."""
    lines = JournalLine.objects.filter(
        entry__company=asked.company, on__isnull=False, on__lte=until, entry__posted_at__gt=asked.as_of
    )
    if departments is not None:
        lines = lines.filter(dimension_set__cost_centre__department__in=departments)
    if asked["cost_centre"]:
        lines = lines.filter(dimension_set__cost_centre=asked["cost_centre"])
    return lines


def entries_in(asked: Asked, first: date, last: date) -> Any:
    """The posted entries between two days of which this person may see a line."""
    entries = JournalEntry.objects.filter(
        company=asked.company, state=JournalEntry.State.POSTED, on__gte=first, on__lte=last
    )
    if asked.as_of is not None:
        entries = entries.filter(posted_at__lte=asked.as_of)
    if (departments := queries.departments_seen(asked.user, asked.company)) is not None:
        inside = JournalLine.objects.filter(dimension_set__cost_centre__department__in=departments)
        entries = entries.filter(pk__in=inside.values("entry"))
    return entries


def warnings(asked: Asked, span: Span) -> list[tuple[str, str]]:
    """What is not in the figures yet, and whether they can still move."""
    if asked.as_of is not None:
        return []
    words = []
    waiting = JournalEntry.State.DRAFT, JournalEntry.State.SUBMITTED
    drafts = JournalEntry.objects.filter(
        company=asked.company, state__in=waiting, on__range=(span.starts_on, span.ends_on)
    ).aggregate(number=Count("pk", distinct=True), worth=Sum("lines__debit"))
    if drafts["number"] and asked.sees_whole_company:
        worth = money(drafts["worth"] or ZERO, asked.company.currency)
        text = _("%(number)s draft journals worth %(worth)s are not in it.") % {
            "number": drafts["number"],
            "worth": worth,
        }
        words.append((text, reverse("ledger:journalentry_list")))
    if books_closed(asked.company, span.ends_on):
        words.append((_("The period is closed: these figures are final."), ""))
    else:
        words.append((_("The period is still open, so these figures can move."), ""))
    return words
