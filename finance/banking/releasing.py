"""Releasing a run: a second person; the payments are booked and what they pay is settled to nought."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F
from django.utils.translation import gettext as _

from backoffice.core import events
from backoffice.core.encryption import fingerprint, fingerprints
from backoffice.core.errors import Refused
from backoffice.core.flow import once_a_page
from backoffice.core.rounding import ZERO
from backoffice.currencies import conversion
from finance.banking import proposing, slots
from finance.banking.events import PaymentsReleased
from finance.banking.models import Payment, PaymentItem, PaymentRun
from finance.ledger import accounts, posting, settling
from finance.ledger.models import JournalEntry, OpenItem
from finance.ledger.posting import Line, Posting, credit, debit
from finance.ledger.previews import previews


def items_of(run: PaymentRun) -> list[PaymentItem]:
    """What the run pays, with all that posting reads, in the order of its payments."""
    rows = PaymentItem.objects.filter(payment__run=run.pk, payment__taken_out_at=None)
    rows = rows.order_by("payment__place", "due_on", "pk")
    rows = rows.select_related("payment__party", "open_item__account", "open_item__party")
    return once_a_page(run, "items", lambda: list(rows))


def entry_for(run: PaymentRun) -> list[Line]:
    """What releasing posts: each item that is settled, what else is owed in one sum, and the bank."""
    source, company, worth = proposing.source_of(run.source), run.company, worth_in(run)
    lines: list[Line] = []
    rest = ZERO
    for item in items_of(run):
        if item.open_item is None:
            rest += item.amount
            continue
        owed = item.open_item
        lines.append(
            debit(owed.account, item.amount, party=owed.party, text=item.text, due_on=run.pay_on, **worth(item.amount))
        )
    if rest:
        lines.append(debit(accounts.by_role(company, source.role), rest, text=str(source.label), **worth(rest)))
    bank = credit(run.bank_account.account, run.total, text=_("Payment run"), **worth(run.total))
    bank.credit = sum((line.debit - line.credit for line in lines), ZERO)  # converted parts sum to the whole
    return [*lines, bank]


def worth_in(run: PaymentRun) -> Callable[[Decimal], dict[str, Any]]:
    """What an amount of the run is in the company's currency on its day, as the ledger wants to be told."""
    company = run.company
    if run.currency == company.currency:
        return lambda amount: {}
    rate = conversion.rate(run.currency, company.currency, run.pay_on)
    return lambda amount: {
        "currency": run.currency,
        "company_amount": conversion.converted(amount, rate, company.currency),
    }


def entries_of(run: PaymentRun) -> Any:
    """All that the run booked, the earliest first."""
    kind = ContentType.objects.get_for_model(PaymentRun)
    return JournalEntry.objects.filter(origin_type=kind, origin_id=run.pk).order_by("pk")


def next_event(run: PaymentRun, word: str) -> str:
    """The name of the next thing that the run books: it is released, taken back in part or whole, released anew."""
    booked = entries_of(run).count()
    return f"{word} {booked + 1}" if booked else word


previews.fill("banking.paymentrun", entry_for)


@PaymentRun.flow.guard("release", "export")
def still_to_come(run: PaymentRun, user: Any) -> Refused | None:
    """The bank can't pay on a day that has passed; the date is part of what is released, so it is released anew."""
    if run.pay_on >= run.today:
        return None
    words = {"day": f"{run.pay_on:%-d %B %Y}"}
    if run.state == PaymentRun.State.RELEASED:
        return Refused(
            _("The pay date %(day)s has passed: take the release back and choose another date.") % words, code="passed"
        )
    return Refused(_("The pay date %(day)s has passed: choose another date.") % words, code="passed")


@PaymentRun.flow.guard("release")
def still_as_proposed(run: PaymentRun, user: Any) -> Refused | None:
    """Bank details and blocks are asked again: what changed since the proposal is not paid behind anybody's back."""
    source = proposing.source_of(run.source)
    if source.is_private and not user.has_perm(source.right):
        return Refused(_("Releasing %s needs the right to see them.") % source.label, code="right")
    items = items_of(run)
    changed = with_other_details(run, items)
    for item in items:
        if item.payment_id in changed:
            return Refused(
                _("The bank details of %s changed since the proposal: leave the payment out, or propose anew.")
                % item.payment.creditor,
                code="details",
            )
        if item.open_item is not None and abs(item.amount) > abs(item.open_item.rest):
            return Refused(_("%s is not open any more.") % item.text, code="settled")
    due = {p.key: p for p in source.due(run.company, run.due_until, run.currency)}
    wanted = [due[item.key] for item in items if item.key in due]
    for check in slots.payment_checks:
        for key, words in check(run.company, wanted).items():
            if words:
                return Refused(f"{due[key].text}: {words}", code="blocked")
    return None


def with_other_details(run: PaymentRun, items: list[PaymentItem]) -> set[int]:
    """The payments, by key, whose creditors are known by other bank details now than when they were proposed."""
    known = proposing.source_of(run.source).creditors([item.key for item in items])
    found = set()
    for item in items:
        now = known.get(item.key)
        if item.amount > 0 and (now is None or item.payment.fingerprint not in fingerprints(now.iban)):
            found.add(item.payment_id)
    return found


def words_of(run: PaymentRun, payment: Payment) -> str:
    """All that is released about a payment: who pays whom on which account how much, when and for what."""
    own = [run.bank_account.iban, run.currency, run.pay_on.isoformat()]
    each = [payment.end_to_end, payment.creditor, payment.iban, payment.bic, f"{payment.amount:.4f}", payment.text]
    return "\n".join([*own, *each])


@PaymentRun.flow.verb
def release(run: PaymentRun, *, by: Any) -> None:
    """Book the run and settle what it pays. Raises `Refused` when something was paid or changed meanwhile."""
    items = items_of(run)
    owed = [item.open_item_id for item in items if item.open_item_id]
    list(OpenItem.objects.select_for_update().filter(pk__in=owed).order_by("pk").values_list("pk", flat=True))
    if reason := still_as_proposed(run, by):
        raise reason
    entry = posting.write_now(
        run.company,
        Posting(
            journal=run.journal_code,
            on=run.pay_on,
            lines=entry_for(run),
            text=_("Payment run of %(day)s") % {"day": f"{run.pay_on:%-d %B %Y}"},
            origin=run,
            event=next_event(run, "post"),
        ),
        by=by,
    )
    payments = list(run.standing)
    for payment in payments:
        payment.released_digest = fingerprint(words_of(run, payment))
    Payment.objects.bulk_update(payments, ["released_digest"], batch_size=500)
    run.entry, run.number, run.released_by = entry, entry.number, by
    made = OpenItem.objects.filter(line__entry=entry.pk).order_by("line__place")
    settled = [(item.open_item, item.amount) for item in items if item.open_item is not None]
    for (open_item, amount), paid in zip(settled, made, strict=True):
        debit_item, credit_item = (paid, open_item) if amount > 0 else (open_item, paid)
        settling.allocate(debit_item, credit_item, abs(amount), on=run.pay_on, by=by)
    keys = tuple(item.key for item in items)
    events.publish(PaymentsReleased(run.pk, run.company_id, run.source, keys, by.pk))


@PaymentRun.flow.verb
def cancel(run: PaymentRun, *, by: Any) -> None:
    """Pay nothing of it; what was proposed is due again."""


def waiting_for_release(user: Any) -> Any:
    """The proposals that this person may release, the earliest first."""
    rows = PaymentRun.objects.visible_to(user, "release").filter(state=PaymentRun.State.PROPOSED)
    return rows.exclude(entered_by=user.pk).exclude(changed_by=user.pk).order_by(F("pay_on"), "pk")
