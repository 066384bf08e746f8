"""Proposing a payment run: what is due, one sum for each payee, and what is left out and why."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from backoffice.audit.recording import acting
from backoffice.core.authority import authority, recorder
from backoffice.core.encryption import fingerprint
from backoffice.core.errors import Conflict, Refused
from backoffice.core.rounding import ZERO
from backoffice.documents import keeping
from finance.banking import slots
from finance.banking.models import BankAccount, Payment, PaymentItem, PaymentRun
from finance.banking.slots import Payable, Source


def source_of(key: str) -> Source:
    """The source of this name; raises `Refused` when there is none."""
    source = slots.payables.get(key)
    if source is None:
        raise Refused(_("Nothing here pays “%s”.") % key, code="source")
    return source


def sees_payments(run: PaymentRun, user: Any) -> bool:
    """Whether this person may see single payments: wages ask for the right of their source."""
    source = slots.payables.get(run.source)
    return source is not None and (not source.is_private or user.has_perm(source.right))


@transaction.atomic
def propose(
    bank_account: BankAccount, *, source: str, pay_on: date, due_until: date, by: Any, on: date | None = None
) -> PaymentRun:
    """Propose to pay what a source has due, in the currency of the account; `on` is the day of the proposal, or today.

    What is blocked, has no bank details, is in another run or comes to nothing after credit notes is left out, with
    the reason. Raises `ValidationError` for a pay date that has passed, `Refused` when nothing can be paid,
    `PermissionDenied` without the right.
    """
    known = source_of(source)
    if known.is_private and not by.has_perm(known.right):
        raise Refused(_("Proposing %s needs the right to see them.") % known.label, code="right")
    due = known.due(bank_account.company, due_until, bank_account.currency)
    refusals = _refusals(bank_account, due)
    run = PaymentRun(
        company=bank_account.company, bank_account=bank_account, source=source, pay_on=pay_on, due_until=due_until
    )
    run.told_on = on
    demand_to_come(run, pay_on)
    left_out = [_left(p, refusals[p.key], known) for p in due if p.key in refusals]
    groups: dict[str, list[Payable]] = defaultdict(list)
    for payable in due:
        if payable.key not in refusals:
            groups[payable.payee].append(payable)
    paid = []
    for payables in groups.values():
        if sum((p.amount for p in payables), ZERO) > 0:
            paid.append(payables)
        else:
            left_out += [_left(p, _("Credit notes come to as much as the bills."), known) for p in payables]
    run.left_out = left_out
    run.total = sum((p.amount for payables in paid for p in payables), ZERO)
    if not paid:
        raise Refused(_("Nothing is due that could be paid.") + _reasons(left_out), code="empty")
    keeping.enter(run, by=by)
    _write(run, paid)
    return run


def demand_to_come(run: PaymentRun, pay_on: date) -> None:
    """Raise `ValidationError` for a day that has passed: no bank pays yesterday."""
    if pay_on < run.today:
        words = _("This day has passed: the bank can pay from %s on.") % f"{run.today:%-d %B %Y}"
        raise ValidationError({"pay_on": [words]}, code="passed")


@PaymentRun.flow.verb
def reschedule(run: PaymentRun, *, by: Any, pay_on: date) -> None:
    """Pay the proposal on another day. Whoever chooses it changed the run, and cannot release it.

    Raises `ValidationError` for a day that has passed.
    """
    demand_to_come(run, pay_on)
    run.pay_on, run.changed_by = pay_on, by


def leave_out(payment: Payment, *, by: Any, version: int, reason: str = "") -> PaymentRun:
    """Refuse one payment of a proposal, with a reason that stays beside it; what it would have paid is due again.

    Whoever does so changed the run, and cannot release it any more. Raises `Refused` for the only payment.
    """

    def drop(run: PaymentRun) -> str:
        _drop(run, payment.pk, reason or _("Left out by hand."))
        return _("%(creditor)s left out: %(reason)s") % {"creditor": payment.creditor, "reason": reason or "–"}

    return _changed(payment.run_id, version, by, drop)


def pay_part(item: PaymentItem, amount: Decimal, *, by: Any, version: int) -> PaymentRun:
    """Pay another amount of one item, more than nothing and no more than is open.

    Raises `Refused` for other amounts, `Conflict` when the run changed meanwhile.
    """

    def change(run: PaymentRun) -> str:
        row = PaymentItem.objects.select_related("open_item", "payment").get(pk=item.pk)
        most = abs(row.open_item.rest) if row.open_item else abs(row.amount)
        if not ZERO < abs(amount) <= most or (amount > 0) != (row.amount > 0):
            raise Refused(_("Pay more than nothing and no more than %s.") % f"{most:,.2f}", code="amount")
        was, row.amount = row.amount, amount
        row.save(update_fields=["amount"])
        row.payment.amount = sum((each.amount for each in row.payment.items.all()), ZERO)
        if row.payment.amount <= 0:
            raise Refused(_("Nothing would be left to pay: leave the payment out instead."), code="amount")
        row.payment.save()
        return _("%(item)s: %(amount)s instead of %(was)s") % {
            "item": row.text, "amount": f"{amount:,.2f}", "was": f"{was:,.2f}",
        }  # fmt: skip

    return _changed(item.payment.run_id, version, by, change)


def _changed(run_id: int, version: int, by: Any, change: Any) -> PaymentRun:
    with acting(by):
        run = PaymentRun.objects.select_for_update(of=("self",)).select_related("bank_account").get(pk=run_id)
        if denied := authority.only.refusal(by, "banking.change_paymentrun", run):
            raise denied
        if run.version != version:
            raise Conflict(_("%(document)s changed after you opened it.") % {"document": run})
        if run.state != PaymentRun.State.PROPOSED:
            raise Refused(_("This run is %s.") % run.get_state_display().lower(), code="state")
        said = change(run)
        run.total = sum(run.standing.values_list("amount", flat=True), ZERO)
        run.version, run.changed_by = run.version + 1, by
        run.save()
        # Of wages the history says no more than that something changed: it has more readers than pay.
        recorder.only(run, "change", by, {} if source_of(run.source).is_private else {"text": said})
    return run


def _drop(run: PaymentRun, payment_id: int, reason: str) -> None:
    payment = run.standing.get(pk=payment_id)
    if run.standing.count() == 1:
        raise Refused(_("It is the only payment: cancel the run instead."), code="empty")
    run.left_out = [
        *run.left_out,
        *(
            {
                "what": item.text,
                "to": payment.creditor,
                "amount": "" if source_of(run.source).is_private else f"{item.amount:.2f}",
                "why": reason,
            }
            for item in payment.items.all()
        ),
    ]
    payment.delete()


def _refusals(bank_account: BankAccount, due: list[Payable]) -> dict[str, str]:
    """By key, why something is not paid now."""
    found: dict[str, str] = {}
    for check in slots.payment_checks:
        found |= {key: words for key, words in check(bank_account.company, due).items() if words}
    others = set(
        PaymentItem.objects.filter(
            key__in=[p.key for p in due],
            payment__run__company=bank_account.company,
            payment__run__state="proposed",
            payment__taken_out_at=None,
        ).values_list("key", flat=True)
    )
    for payable in due:
        if payable.refusal:
            found[payable.key] = payable.refusal
        elif payable.key in others:
            found[payable.key] = _("It is in another proposal.")
        elif payable.amount > 0 and not payable.creditor.iban:
            found.setdefault(payable.key, _("No IBAN is known."))
    return found


def _left(payable: Payable, why: str, source: Source) -> dict[str, str]:
    return {
        "what": payable.text,
        "to": payable.creditor.name,
        "amount": "" if source.is_private else f"{payable.amount:.2f}",
        "why": str(why),
        "href": payable.href,
    }


def _reasons(left_out: list[dict[str, str]]) -> str:
    """Why nothing is left to pay, with whom it concerns where that may be told to whoever proposes."""
    words = sorted({f"{row['to']}: {row['why']}" if row["amount"] else row["why"] for row in left_out})
    return " " + " ".join(words[:4]) if words else ""


def _write(run: PaymentRun, groups: Iterable[list[Payable]]) -> None:
    payments = []
    for place, payables in enumerate(groups, start=1):
        first = max(payables, key=lambda p: p.amount)
        words = ", ".join(p.text for p in payables)
        payment = Payment(
            run=run,
            place=place,
            payee=first.payee,
            party_id=first.party_id,
            creditor=first.creditor.name[:70],
            iban=first.creditor.iban,
            bic=first.creditor.bic,
            amount=sum((p.amount for p in payables), ZERO),
            text=words if len(words) <= 140 else f"{words[:137]}...",
        )
        payment.ending, payment.fingerprint = payment.iban[-4:], fingerprint(payment.iban)
        payments.append((payment, payables))
    Payment.objects.bulk_create([payment for payment, _p in payments])
    PaymentItem.objects.bulk_create(
        PaymentItem(
            payment=payment, key=p.key, open_item_id=p.open_item, text=p.text[:140], href=p.href, due_on=p.due_on, amount=p.amount
        )
        for payment, payables in payments
        for p in payables
    )  # fmt: skip
