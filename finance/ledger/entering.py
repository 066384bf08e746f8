"""Entering manual journals: the period of a day, the lines as they are stored, and what was used last time."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.organisation.models import Company, CostCentre
from finance.ledger import periods
from finance.ledger.models import Account, JournalEntry, JournalLine, Period


def open_period(company: Company, on: date) -> Period:
    """The period in which a journal of this day is entered.

    Raises `Refused` outside all fiscal years, and in a closed period where the company is strict.
    """
    period = periods.of_day(company, on)
    if period.state != Period.State.OPEN and company.late_posting == Company.LatePosting.STRICT:
        following = Period.objects.filter(company=company, state=Period.State.OPEN, starts_on__gt=on).first()
        words = _("%(period)s is closed.") % {"period": period}
        if following:
            words += " " + _("The first open day after it is %(day)s.") % {
                "day": date_format(following.starts_on, "j M Y")
            }
        raise Refused(words, code="period")
    return period


def store(
    entry: JournalEntry, lines: Sequence[JournalLine], removed: Sequence[JournalLine], *, by: Any
) -> JournalEntry:
    """Write a draft and its lines in their order, with few statements however many lines there are."""
    entry.save()
    JournalLine.objects.filter(pk__in=[line.pk for line in removed]).delete()
    for place, line in enumerate(lines, start=1):
        line.entry, line.place = entry, place
    old = [line for line in lines if line.pk]
    if old:
        fields = [
            "place",
            "account",
            "dimension_set",
            "text",
            "debit",
            "credit",
            "currency",
            "currency_debit",
            "currency_credit",
        ]
        JournalLine.objects.bulk_update(old, fields)
    JournalLine.objects.bulk_create([line for line in lines if not line.pk])
    return entry


def complete(entry: JournalEntry, lines: Sequence[JournalLine]) -> None:
    """Fill what follows from the rest of a draft: its period, the currency of its lines."""
    entry.period = open_period(entry.company, entry.on)
    for line in lines:
        line.currency = entry.company.currency
        line.currency_debit, line.currency_credit = line.debit, line.credit


def last_cost_centre(account: Account, user: Any) -> CostCentre | None:
    """The cost centre that this person used last with an account, else anybody's."""
    used = JournalLine.objects.filter(account=account, dimension_set__isnull=False).order_by("-id")
    own = used.filter(entry__entered_by=user).select_related("dimension_set__cost_centre").first()
    line = own or used.select_related("dimension_set__cost_centre").first()
    return line.dimension_set.cost_centre if line is not None and line.dimension_set else None


def is_posted_to(account: Account) -> bool:
    """Whether an account has lines, drafts included."""
    return JournalLine.objects.filter(account=account).exists()
