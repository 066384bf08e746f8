"""Blocking a bill's payment: it is owed and in the books, and not paid before somebody clears the reason."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.core.flow import held
from finance.payables.models import Bill, PaymentBlock
from finance.payables.slots import Finding


@Bill.flow.verb
def block(bill: Bill, *, by: Any, reason: str, note: str = "", owner: Any = None) -> None:
    """Stop the payment for a reason; `owner` is whoever can clear it. Raises `Refused` when that reason stands already."""
    if reason not in PaymentBlock.Reason.values:
        raise Refused(_("“%s” is not a reason to block a payment.") % reason, code="reason")
    if open_blocks(bill).filter(reason=reason).exists():
        raise Refused(_("The payment is blocked for this reason already."), code="blocked")
    PaymentBlock.objects.create(bill=bill, reason=reason, note=note.strip()[:500], owner=owner, blocked_by=by)


@Bill.flow.guard("release_payment")
def something_blocks(bill: Bill, user: Any) -> Refused | None:
    """Only what is blocked can be released."""
    return None if standing(bill) else Refused(_("Nothing blocks this payment."), code="state")


@Bill.flow.verb
def release_payment(bill: Bill, *, by: Any, note: str, reason: str = "") -> None:
    """Let the bill be paid, for one reason or for all that stand. Raises `Refused` without a note."""
    if not note.strip():
        raise Refused(_("Say why it may be paid: auditors read it."), code="reason")
    rows = open_blocks(bill)
    if reason:
        rows = rows.filter(reason=reason)
    if not release(rows, by=by, note=note):
        raise Refused(_("Nothing blocks this payment for that reason."), code="state")


def release(blocks: Any, *, by: Any, note: str) -> int:
    """Close blocks with a note; also called where what was missing has come in. Answers how many there were."""
    return int(blocks.update(released_by=by, released_at=timezone.now(), release_note=note.strip()[:500]))


def demand(bill: Bill, findings: Iterable[Finding], *, by: Any) -> None:
    """Block for every reason that a check found; reasons that stand already keep their first note."""
    known = set(open_blocks(bill).values_list("reason", flat=True))
    by_reason: dict[str, Finding] = {}
    for finding in findings:
        if finding.reason and finding.reason not in known:
            by_reason.setdefault(finding.reason, finding)
    PaymentBlock.objects.bulk_create(
        PaymentBlock(
            bill=bill,
            reason=reason,
            note=finding.text[:500],
            owner_id=finding.owner_id,
            is_automatic=True,
            blocked_by=by,
        )
        for reason, finding in by_reason.items()
    )


def standing(bill: Bill) -> list[PaymentBlock]:
    """What blocks the payment, with who can clear it; read once while a verb holds the bill or a page draws it."""
    rows = open_blocks(bill).select_related("owner", "blocked_by")
    return held(bill, "blocks", lambda: list(rows))


def open_blocks(bill: Bill) -> Any:
    """What blocks the payment of a bill now."""
    return PaymentBlock.objects.filter(bill=bill.pk, released_at=None)
