"""Whether we may buy from a supplier: proposing, approving by a second person, blocking.

A proposal is approved by somebody who did not type it (operations B0.13): whoever makes up a supplier cannot order
from it alone. Blocking needs nobody else, since it only ever stops something.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO
from backoffice.documents import keeping
from backoffice.workflow import approvals
from backoffice.workflow.slots import Described, Subject, subjects
from procurement.suppliers.models import Supplier

State = Supplier.State


def enter(supplier: Supplier, *, by: Any, lines: Sequence[Any] = ()) -> Supplier:
    """Propose a party as supplier and ask for approval.

    Raises `Refused` when the party is of another company, `PermissionDenied` without the right to add.
    """
    if not supplier.company_id:
        supplier.company = supplier.party.company
    if supplier.party.company_id != supplier.company_id:
        raise Refused(_("%s belongs to another company.") % supplier.party, code="company")
    keeping.enter(supplier, by=by)
    _ask(supplier, by)
    return supplier


def change(supplier: Supplier, *, by: Any, version: int, lines: Sequence[Any] | None = None) -> Supplier:
    """Save changed terms of a proposal; what was asked before is void and asked anew."""
    demand_open(supplier)
    keeping.change(supplier, by=by, version=version)
    _ask(supplier, by)
    return supplier


def stored(supplier: Supplier, lines: Sequence[Any], removed: Sequence[Any], *, by: Any) -> Supplier:
    """Write what the form holds: it has asked for the right, locked and stamped the row."""
    demand_open(supplier)
    if not supplier.company_id:
        supplier.company = supplier.party.company
    supplier.save()
    _ask(supplier, by)
    return supplier


def demand_open(supplier: Supplier) -> None:
    """Raise `Refused` unless the supplier is only proposed: approved terms are opened for changes first."""
    if supplier.state != State.PROPOSED:
        raise Refused(
            _("%(supplier)s is %(state)s: open its terms for changes first.")
            % {"supplier": supplier, "state": supplier.get_state_display().lower()},
            code="state",
        )


def demand_approved(supplier: Supplier) -> None:
    """Raise `Refused` when nothing may be ordered from this supplier."""
    if supplier.state == State.BLOCKED:
        raise Refused(
            _("%(supplier)s is blocked: %(why)s") % {"supplier": supplier, "why": supplier.blocked_because},
            code="blocked",
        )
    if supplier.state != State.APPROVED:
        raise Refused(_("%s is proposed: a second person must approve it first.") % supplier, code="standing")


def _ask(supplier: Supplier, by: Any) -> None:
    """Ask for approval of the terms as they stand; an older question is withdrawn."""
    approvals.withdraw(supplier)
    approvals.open(supplier, amount=ZERO, by=by)


@Supplier.flow.guard("approve")
def may_approve(supplier: Supplier, user: Any) -> Refused | None:
    """Nobody approves twice, and only what was asked for."""
    return approvals.why_not(supplier, user)


@Supplier.flow.verb
def approve(supplier: Supplier, *, by: Any) -> None:
    """A second person stands for the supplier; where a rule asks for more persons, the last of them settles it."""
    if approvals.approve(supplier, by=by):
        accept(supplier, by=by)


@Supplier.flow.verb
def accept(supplier: Supplier, *, by: Any) -> None:
    """All approvals are in; called by the last one."""


@Supplier.flow.guard("send_back")
def somebody_asked(supplier: Supplier, user: Any) -> Refused | None:
    """Only what was asked can be refused."""
    if approvals.standing_seen(supplier).is_open:
        return None
    return Refused(_("Nobody asked for approval of this."), code="state")


@Supplier.flow.verb
def send_back(supplier: Supplier, *, by: Any, reason: str) -> None:
    """Refuse the terms as they stand; saving them again asks anew."""
    approvals.send_back(supplier, by=by, reason=reason)


@Supplier.flow.verb
def reopen(supplier: Supplier, *, by: Any) -> None:
    """Take the terms back for changes; until they are approved again nothing is ordered."""
    _ask(supplier, by)


@Supplier.flow.verb
def block(supplier: Supplier, *, by: Any, reason: str) -> None:
    """Stop orders to the supplier and payments to its party. Raises `Refused` without a reason."""
    if not reason.strip():
        raise Refused(_("Say why it is blocked: buyers and payers read it."), code="reason")
    supplier.blocked_because, supplier.blocked_by = reason.strip(), by
    approvals.withdraw(supplier)


@Supplier.flow.verb
def unblock(supplier: Supplier, *, by: Any) -> None:
    """Propose the supplier again."""
    supplier.blocked_because, supplier.blocked_by, supplier.changed_by = "", None, by
    approvals.open(supplier, amount=ZERO, by=by)


def content(supplier: Supplier) -> dict[str, Any]:
    """What an approval of a supplier is about."""
    names = ("party_id", "order_email", "payment_days", "billed_on", "lead_days", "terms")
    return {name: str(getattr(supplier, name)) for name in names}


def describe(supplier: Supplier) -> Described:
    """The supplier in an approver's list."""
    return Described(
        label=str(_("Supplier %s") % supplier),
        sub=", ".join(supplier.party.address),
        amount=None,
        currency=supplier.party.currency,
    )


subjects.fill(
    "suppliers.supplier",
    Subject(content, describe, icon="building-2", prepare=lambda rows: rows.select_related("party", "company")),
)
