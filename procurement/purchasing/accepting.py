"""Accepting what a bill differs by from order and receipt: by somebody who did not enter it, with a reason."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backoffice.audit.recording import acting
from backoffice.core.authority import authority
from backoffice.core.errors import DutyConflict, Refused
from finance.payables import blocking
from finance.payables.models import Bill, PaymentBlock
from procurement.purchasing import judging, matching
from procurement.purchasing.models import Acceptance

RIGHT = "purchasing.add_acceptance"


def why_not(bill: Bill, user: Any) -> Exception | None:
    """Why this person cannot accept the differences of the bill now; None when they can."""
    if denied := authority.only.refusal(user, RIGHT, bill):
        return denied
    if user.pk in (bill.entered_by_id, bill.changed_by_id):
        return DutyConflict(_("You entered this bill, so somebody else must accept what it differs by."))
    if bill.state == Bill.State.VOID:
        return Refused(_("%s is discarded.") % bill, code="state")
    comparison = judging.seen(bill)
    if comparison is None or not comparison.findings:
        return Refused(_("Nothing of it is out of tolerance, or it is accepted already."), code="state")
    return None


def accept(bill: Bill, *, by: Any, reason: str) -> Acceptance:
    """Accept the differences exactly as they stand; blocks that a check set for them end.

    Raises `PermissionDenied`, `DutyConflict` for whoever entered the bill, `Refused` without a reason or a difference.
    """
    if not reason.strip():
        raise Refused(_("Say why the differences are accepted: auditors read it."), code="reason")
    with transaction.atomic(), acting(by):
        bill = Bill.objects.select_for_update().get(pk=bill.pk)
        matching.hold(bill)
        if complaint := why_not(bill, by):
            raise complaint
        comparison = judging.seen(bill)
        assert comparison is not None
        made = Acceptance.objects.create(
            bill=bill, by=by, reason=reason.strip()[:500], difference=comparison.difference, digest=comparison.digest
        )
        about = {finding.reason for finding in comparison.findings} - {PaymentBlock.Reason.DUPLICATE}
        blocks = blocking.open_blocks(bill).filter(is_automatic=True, reason__in=about)
        blocking.release(blocks, by=by, note=_("Differences accepted: %s") % reason.strip())
    return made
