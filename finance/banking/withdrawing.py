"""Taking back what was released, before the bank has it: one payment, or the whole release.

A payment that is taken out is booked back on the day on which it was booked, and what it settled is open again. The
others stand as they were released (docs/decisions/036).
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from backoffice.audit.recording import acting
from backoffice.core import events
from backoffice.core.authority import authority, recorder
from backoffice.core.errors import Conflict, Refused
from backoffice.core.rounding import ZERO
from finance.banking import proposing, releasing, slots
from finance.banking.events import PaymentsWithdrawn
from finance.banking.models import Payment, PaymentItem, PaymentRun
from finance.banking.slots import Creditor, Payable
from finance.ledger import accounts, posting, reversing, settling
from finance.ledger.models import Allocation, OpenItem
from finance.ledger.posting import Line, Posting, credit, debit

RIGHT = "banking.take_out_paymentrun"


def take_out(payment: Payment, *, by: Any, version: int, reason: str) -> PaymentRun:
    """Take one payment out of a released run that the bank doesn't have yet: what it paid is due again.

    The rest needs no new release. Raises `PermissionDenied` without the right, `Conflict` when the run changed
    meanwhile, `Refused` for the only payment, without a reason and in other states.
    """
    if not reason.strip():
        raise Refused(_("Say why the payment is taken out."), code="reason")
    with acting(by):
        run = PaymentRun.objects.select_for_update(of=("self",)).select_related("bank_account").get(pk=payment.run_id)
        if denied := authority.only.refusal(by, RIGHT, run) or _not_theirs(run, by):
            raise denied
        if run.version != version:
            raise Conflict(_("%(document)s changed after you opened it.") % {"document": run})
        if run.state != PaymentRun.State.RELEASED:
            raise Refused(_("This run is %s.") % run.get_state_display().lower(), code="state")
        out(run, {payment.pk: reason.strip()}, by=by)
        run.version += 1
        run.save()
    return run


def out(run: PaymentRun, reasons: dict[int, str], *, by: Any) -> None:
    """Take these payments, by key, out of a run that is held locked, each for its reason; the caller saves the run."""
    gone = list(run.standing.filter(pk__in=reasons))
    if len(gone) < len(reasons):
        raise Refused(_("This payment is not in the run any more."), code="state")
    if run.standing.count() == len(gone):
        raise Refused(
            _("Nothing would be left to pay: take the release back and cancel the run instead."), code="empty"
        )
    _book_back(run, gone, by=by)
    for payment in gone:
        payment.taken_out_at, payment.taken_out_by, payment.taken_out_because = Now(), by, reasons[payment.pk][:140]
        payment.save(update_fields=["taken_out_at", "taken_out_by", "taken_out_because"])
        # Of wages the history says no more than that something changed: it has more readers than pay.
        said = _("%(creditor)s taken out: %(reason)s") % {"creditor": payment.creditor, "reason": reasons[payment.pk]}
        recorder.only(run, "change", by, {} if proposing.source_of(run.source).is_private else {"text": said})
    run.total = sum(run.standing.values_list("amount", flat=True), ZERO)


def objections(run: PaymentRun) -> dict[int, str]:
    """By payment, why the bank must not get it though it was released: other bank details, or somebody blocked it."""
    items = releasing.items_of(run)
    found = dict.fromkeys(releasing.with_other_details(run, items), _("The bank details changed after the release."))
    payables = [
        Payable(
            item.key, item.payment.payee, Creditor(item.payment.creditor), item.amount, item.due_on, item.text,
            item.payment.party_id,
        )
        for item in items
    ]  # fmt: skip
    blocked: dict[str, str] = {}
    for check in slots.payment_checks:
        blocked |= {key: words for key, words in check(run.company, payables).items() if words}
    for item in items:
        if item.key in blocked:
            found.setdefault(item.payment_id, f"{item.text}: {blocked[item.key]}")
    return found


def entries_of(run: PaymentRun) -> Any:
    """The entries that booked payments of the run back, the earliest first."""
    return releasing.entries_of(run).filter(event__startswith="back")


@PaymentRun.flow.guard("recall")
def _not_theirs(run: PaymentRun, user: Any) -> Refused | None:
    """Taking wages back needs the right to see them, as paying them does."""
    source = proposing.source_of(run.source)
    if source.is_private and not user.has_perm(source.right):
        return Refused(_("Taking back %s needs the right to see them.") % source.label, code="right")
    return None


@PaymentRun.flow.verb
def recall(run: PaymentRun, *, by: Any) -> None:
    """Take the release back: the payments are booked back, what they settled is open again, the run is a proposal.

    It keeps its payments, so that another date can be chosen and a second person can release it anew. What was taken
    out of it before stays out. Raises `Refused` when what it settled was changed by hand.
    """
    _book_back(run, list(run.standing), by=by)
    run.entry, run.number, run.released_by = None, "", None


def _book_back(run: PaymentRun, payments: Sequence[Payment], *, by: Any) -> None:
    """Undo what these payments settled and book the mirror of their lines, so that nothing stays open between them."""
    if run.entry is None:
        raise Refused(_("There is no entry to take back."), code="state")
    on = reversing.default_day(run.entry)
    items = [item for item in releasing.items_of(run) if item.payment_id in {payment.pk for payment in payments}]
    paid = [_unsettled(run, item, on, by) for item in items if item.open_item is not None]
    rest = sum((item.amount for item in items if item.open_item is None), ZERO)
    entry = posting.write_now(
        run.company,
        Posting(
            journal=run.journal_code,
            on=on,
            lines=_lines_back(run, paid, rest, sum((payment.amount for payment in payments), ZERO)),
            text=_("Taken back from %s") % run.number,
            origin=run,
            event=releasing.next_event(run, "back"),
        ),
        by=by,
    )
    back = OpenItem.objects.filter(line__entry=entry.pk).order_by("line__place")
    for was, now in zip(paid, back, strict=True):
        debit_item, credit_item = (was, now) if was.amount > 0 else (now, was)
        settling.allocate(debit_item, credit_item, abs(was.amount), on=on, by=by)
    keys = tuple(item.key for item in items)
    events.publish(PaymentsWithdrawn(run.pk, run.company_id, run.source, keys, by.pk))


def _unsettled(run: PaymentRun, item: PaymentItem, on: Any, by: Any) -> OpenItem:
    """The item of the run's own entry that had settled this one, free again."""
    owed, is_bill = ("credit_item", True) if item.amount > 0 else ("debit_item", False)
    own = "debit_item" if is_bill else "credit_item"
    rows = Allocation.objects.filter(
        undoes=None, undone_by=None, **{owed: item.open_item_id, f"{own}__line__entry": run.entry_id}
    )
    allocation = rows.select_related("difference_entry__company").first()
    if allocation is None or allocation.amount != abs(item.amount):
        raise Refused(_("What settled %s was changed by hand: put that right first.") % item.text, code="settled")
    settling.unallocate(allocation, on=on, by=by)
    return OpenItem.objects.select_related("line__account", "line__party").get(pk=getattr(allocation, f"{own}_id"))


def _lines_back(run: PaymentRun, paid: list[OpenItem], rest: Decimal, total: Decimal) -> list[Line]:
    """The mirror of what was booked for these items, at the very amounts of then; the bank gets it all back."""
    worth = releasing.worth_in(run)
    lines = [reversing.swapped(item.line) for item in paid]
    if rest:
        source = proposing.source_of(run.source)
        lines.append(credit(accounts.by_role(run.company, source.role), rest, text=str(source.label), **worth(rest)))
    bank = debit(run.bank_account.account, total, text=_("Payment run"), **worth(total))
    bank.debit = sum((line.credit - line.debit for line in lines), ZERO)
    return [*lines, bank]
