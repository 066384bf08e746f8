"""Entering and changing bills that are drafts: rate, sums and the guard against duplicates, for form, API and import."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from backoffice.core import events
from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from backoffice.currencies import conversion
from backoffice.documents import keeping
from finance.payables import duplicates, totalling
from finance.payables.events import BillKept
from finance.payables.models import Bill, BillLine


def enter(bill: Bill, *, by: Any, lines: Sequence[BillLine] = ()) -> Bill:
    """Save a new draft with its lines.

    Raises `Refused` for a duplicate or where no exchange rate is known, `PermissionDenied` without the right to add.
    """
    prepare(bill, lines)
    try:
        keeping.enter(bill, by=by, lines=lines)
    except IntegrityError as error:
        raise _as_duplicate(bill, error) from error
    return _told(bill, by)


def change(bill: Bill, *, by: Any, version: int, lines: Sequence[BillLine] | None = None) -> Bill:
    """Save the changes of a draft; without `lines` they stay as they are.

    Raises `Refused` as `enter`, `Conflict` when `version` is not the one in the database.
    """
    demand_draft(bill)
    prepare(bill, list(bill.lines.select_related("tax_code")) if lines is None else lines)
    try:
        keeping.change(bill, by=by, version=version, lines=lines)
    except IntegrityError as error:
        raise _as_duplicate(bill, error) from error
    return _told(bill, by)


def stored(bill: Bill, lines: Sequence[BillLine], removed: Sequence[BillLine], *, by: Any) -> Bill:
    """Write what a form holds (`ui.saving`): it has asked for the right to the screen, locked and stamped the row."""
    action = "add" if bill.pk is None else "change"
    if denied := authority.only.refusal(by, f"payables.{action}_bill", bill):
        raise denied
    demand_draft(bill)
    prepare(bill, lines)
    try:
        bill.save()
        for line in removed:
            line.delete()
        for place, line in enumerate(lines, start=1):
            line.bill, line.place = bill, place
            line.save()
    except IntegrityError as error:
        raise _as_duplicate(bill, error) from error
    return _told(bill, by)


def _told(bill: Bill, by: Any) -> Bill:
    events.publish(BillKept(bill_id=bill.pk, company_id=bill.company_id, party_id=bill.party_id, by_id=by.pk))
    return bill


def prepare(bill: Bill, lines: Sequence[BillLine]) -> None:
    """Set what follows from the typed fields: rate, spelling of the reference, sums of lines and bill."""
    if bill.bank_account is not None and bill.bank_account.party_id != bill.party_id:
        raise Refused(
            _("The bank account %(account)s is not %(party)s's.") % {"account": bill.bank_account, "party": bill.party},
            code="bank",
        )
    own = bill.company.currency
    if bill.currency == own:
        bill.rate = conversion.rate(own, own, bill.bill_date)
    elif bill.rate is None:
        bill.rate = conversion.rate(bill.currency, own, bill.bill_date)
    bill.reference_year = duplicates.year_of(bill.company_id, bill.bill_date)
    duplicates.demand_first(bill)
    sums = totalling.of(bill, lines, conversion.digits(bill.currency), strict=False)
    for line, result in zip(lines, sums.computed.lines, strict=True):
        line.net = result.net
    sign = -1 if bill.kind == Bill.Kind.CREDIT_NOTE else 1
    bill.net, bill.tax, bill.total = sums.net, sums.tax, sums.total
    bill.amount = sign * sums.total
    bill.amount_company = sign * conversion.converted(sums.total, bill.rate, own)


def demand_draft(bill: Bill) -> None:
    """Raise `Refused` when the bill has left its draft: whoever wants to change it withdraws it first."""
    if bill.state != Bill.State.DRAFT:
        raise Refused(
            _("%(bill)s is %(state)s: withdraw it before you change it.")
            % {"bill": bill, "state": bill.get_state_display().lower()},
            code="state",
        )


def _as_duplicate(bill: Bill, error: IntegrityError) -> Exception:
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None and diagnosis.constraint_name == "bill_reference_once_a_supplier_and_year":
        return Refused(
            _("%(party)s sent %(reference)s already.") % {"party": bill.party, "reference": bill.reference},
            code="duplicate",
        )
    return error
