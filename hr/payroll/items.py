"""Pay items: what somebody gets or is charged beside the salary, once or every month until it ends."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backoffice.audit.recording import acting
from backoffice.core.authority import authority, recorder
from backoffice.core.errors import Refused
from hr.payroll.models import Element, PayItem, PayrollRun
from hr.people.models import Employment

DAY = timedelta(days=1)


@transaction.atomic
def add(
    employment: Employment,
    element: Element,
    amount: Decimal,
    *,
    valid_from: date,
    by: Any,
    only_once: bool = True,
    note: str = "",
) -> PayItem:
    """Enter an amount of a company's element: for the month of `valid_from` alone, or every month from then on.

    Each month in which it holds takes it in full. Raises `PermissionDenied` without the right, `Refused` for another
    company's or a closed element, for nothing, and for a single month that is posted already.
    """
    made = PayItem(
        employment=employment, element=element, amount=amount, valid_from=valid_from, note=note, entered_by=by
    )
    return entered(made, only_once=only_once, by=by)


@transaction.atomic
def entered(item: PayItem, *, only_once: bool, by: Any) -> PayItem:
    """Keep an item that was filled in; refuses as `add` does."""
    if denied := authority.only.refusal(by, "payroll.add_payitem", item):
        raise denied
    employment, element = item.employment, item.element
    if element.company_id != employment.company_id or not element.is_active:
        raise Refused(_("%s can't be used here.") % element, code="element")
    if not item.amount:
        raise Refused(_("An amount is needed."), code="amount")
    if employment.ends_on and item.valid_from > employment.ends_on:
        raise Refused(_("The employment ends before that."), code="day")
    if only_once:
        item.valid_to = month_after(item.valid_from)
        if month := posted_month(employment, item.valid_from):
            raise Refused(_("%s is posted already: choose a later month.") % month, code="posted")
    item.entered_by = by
    with acting(by):
        item.save()
        recorder.only(employment, "entered_a_pay_item", by, {"element": element.code, "from": item.valid_from})
    return item


@transaction.atomic
def end(item: PayItem, *, last_day: date, by: Any) -> PayItem:
    """Let an item end; the month of the last day takes it once more.

    Raises `Refused` when it would end before it begins, or before a month in which it was paid.
    """
    held = _locked(item, by)
    if last_day < held.valid_from:
        raise Refused(_("It begins on %s: take it back instead.") % f"{held.valid_from:%-d %b %Y}", code="day")
    paid = _last_paid(held)
    if paid is not None and last_day < paid.first_day:
        raise Refused(_("It was paid in %s already.") % paid, code="posted")
    with acting(by):
        held.valid_to = last_day + DAY
        held.save(update_fields=["valid_to"])
        recorder.only(held.employment, "ended_a_pay_item", by, {"element": held.element.code, "last_day": last_day})
    return held


@transaction.atomic
def take_back(item: PayItem, *, by: Any) -> None:
    """Remove an item that no posted run has paid. Raises `Refused` when one has."""
    held = _locked(item, by)
    if paid := _last_paid(held):
        raise Refused(_("It was paid in %s already.") % paid, code="posted")
    with acting(by):
        recorder.only(held.employment, "took_back_a_pay_item", by, {"element": held.element.code})
        held.delete()


def month_after(on: date) -> date:
    """The first day of the month after."""
    return (on.replace(day=28) + timedelta(days=4)).replace(day=1)


def posted_month(employment: Employment, on: date) -> PayrollRun | None:
    """The run that paid this employment for the month of a day, when it is final."""
    return _final(employment).filter(year=on.year, month=on.month).first()


def _final(employment: Employment) -> Any:
    rows = PayrollRun.objects.filter(company=employment.company_id, state__in=["posted", "paid"])
    return rows.filter(payslips__employment=employment).distinct()


def _last_paid(item: PayItem) -> PayrollRun | None:
    """The latest final run in whose month the item held."""
    latest: PayrollRun | None = None
    for run in _final(item.employment).order_by("year", "month"):
        if item.valid_from <= run.last_day and (item.valid_to is None or item.valid_to > run.first_day):
            latest = run
    return latest


def _locked(item: PayItem, by: Any) -> PayItem:
    rows = PayItem.objects.select_for_update(of=("self",)).select_related("element", "employment__company")
    held: PayItem = rows.get(pk=item.pk)
    if denied := authority.only.refusal(by, "payroll.change_payitem", held):
        raise denied
    return held
