"""Into the books and back: posting, reversing, discarding."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from backoffice.core import events
from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO
from backoffice.currencies import conversion
from finance.ledger import posting, reversing
from finance.ledger.models import JournalEntry
from finance.payables import blocking, entries, queries, slots, totalling
from finance.payables.events import BillPosted, BillReversed
from finance.payables.models import Bill
from finance.tax import capturing
from finance.tax.computing import TaxTotal
from finance.tax.models import TaxRow


def why_not_postable(bill: Bill) -> Refused | None:
    """Why the bill as it stands could not be posted: coding, sums, stated VAT; periods are asked when it is posted.

    What upper apps book is looked at in outline: a button asks this.
    """
    try:
        _demand_postable(bill, slots.outlined(bill, entries.lines_of(bill)))
    except Refused as reason:
        return reason
    return None


def demand_postable(bill: Bill) -> None:
    """Raise `Refused` where the bill could not be posted, with all that upper apps would book."""
    _demand_postable(bill, slots.explained(bill, entries.lines_of(bill)))


def _demand_postable(bill: Bill, explained: dict[str, slots.Explained]) -> None:
    lines = entries.lines_of(bill)
    sums = totalling.of(bill, lines, conversion.digits(bill.currency))
    entry = entries.build(bill, lines, sums, entries.roles_of(bill), explained)
    posting.check(bill.company, posting.Posting(on=bill.booked_on, lines=entry.lines, text=bill.reference, origin=bill))
    if sums.total != bill.total or bill.total + ZERO != bill.net + bill.tax:
        raise _sums_differ()


for _verb in ("post", "book"):
    Bill.flow.preparing(_verb)(posting.lock_period)
    Bill.flow.finishing(_verb)(posting.write)


@Bill.flow.verb
def post(bill: Bill, *, by: Any) -> None:
    """Book costs, VAT and the payable; the tax rows of the return are captured with it.

    What a check finds wrong does not keep the bill out of the books: it is posted, and its payment is blocked.
    """
    _post(bill, by)


@Bill.flow.verb
def book(bill: Bill, *, by: Any) -> None:
    """Post a bill that a rule approved: the same as `post`, asked by nobody."""
    _post(bill, by)


def _post(bill: Bill, by: Any) -> None:
    # a bill that passes by rule was prepared a moment ago, under locks that this transaction still holds
    if not bill.__dict__.pop("_prepared", False):
        slots.prepare(bill, by=by)
    lines = entries.lines_of(bill)
    digits = conversion.digits(bill.currency)
    sums = totalling.of(bill, lines, digits)
    if sums.total != bill.total:
        raise _sums_differ()
    entry = entries.build(bill, lines, sums, entries.roles_of(bill), slots.explained(bill, lines))
    bill.posting = posting.Posting(
        journal=bill.journal_code,
        on=bill.booked_on,
        document_on=bill.bill_date,
        lines=entry.lines,
        text=f"{bill.party}, {bill.reference}"[:200],
    )
    _capture_tax(bill, sums, digits)
    bill.post_refusal = ""
    blocking.demand(bill, [finding for verdict in slots.verdicts(bill) for finding in verdict.findings], by=by)
    events.publish(
        BillPosted(
            bill_id=bill.pk,
            entry_id=posting.entry_id(bill),
            company_id=bill.company_id,
            party_id=bill.party_id,
            on=posting.day(bill, bill.booked_on),
            groups=tuple(entry.groups),
        )
    )


def _capture_tax(bill: Bill, sums: totalling.BillTotals, digits: int) -> None:
    sign = -1 if bill.kind == Bill.Kind.CREDIT_NOTE else 1
    capturing.capture(
        posting.entry_id(bill),
        bill.company,
        [TaxTotal(t.key, sign * t.base, sign * t.amount) for t in entries.recoverable(sums, digits)],
        sums.codes,
        tax_point=bill.tax_point,
        currency=bill.currency,
        rate=bill.known_rate,
    )


@Bill.flow.guard("reverse")
def standing(bill: Bill, user: Any) -> Refused | None:
    """A bill is reversed once, and only while nothing of it is paid."""
    if queries.mirror_of(bill) is not None:
        return Refused(_("%(bill)s is reversed already.") % {"bill": bill}, code="reversed")
    return None


@Bill.flow.verb
def reverse(bill: Bill, *, by: Any, reason: str, on: date | None = None) -> None:
    """Post the mirror entry, with mirrored tax rows; the bill stays posted and may be entered anew under its reference.

    Without a day: the bill's own day while its period is open, else the first open day.
    """
    if not reason.strip():
        raise Refused(_("A reversal needs a reason."), code="reason")
    entry = JournalEntry.objects.select_related("journal", "period", "company").get(pk=bill.entry_id or 0)
    day = on or reversing.default_day(entry)
    mirror = reversing.mirror(entry, on=day, by=by, reason=reason, origin=bill)
    TaxRow.objects.bulk_create(_mirrored(row, mirror, day) for row in TaxRow.objects.filter(entry=entry))
    events.publish(
        BillReversed(
            bill_id=bill.pk, company_id=bill.company_id, party_id=bill.party_id, entry_id=entry.pk, mirror_id=mirror.pk
        )
    )


@Bill.flow.verb
def void(bill: Bill, *, by: Any) -> None:
    """Discard a draft; it never had a number, so none is lost, and its reference is free again."""


def _mirrored(row: TaxRow, mirror: JournalEntry, on: date) -> TaxRow:
    return TaxRow(
        entry=mirror,
        tax_code_id=row.tax_code_id,
        tax_point=max(row.tax_point, on),
        currency=row.currency,
        base=-row.base,
        tax=-row.tax,
        company_base=-row.company_base,
        company_tax=-row.company_tax,
        base_box=row.base_box,
        tax_box=row.tax_box,
    )


def _sums_differ() -> Refused:
    return Refused(
        _("The sums are out of date, perhaps since a tax rate changed: open the bill and save it again."), code="sums"
    )
