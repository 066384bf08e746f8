"""From draft to approved: an order waits for somebody who is not its buyer; a harmless amendment passes by itself."""

from typing import Any

from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.workflow import approvals
from backoffice.workflow.slots import Described, Subject, subjects
from procurement.purchasing import amending, numbering
from procurement.purchasing.models import PurchaseOrder
from procurement.purchasing.requesting import plain
from procurement.suppliers.standing import demand_approved

State = PurchaseOrder.State


@PurchaseOrder.flow.guard("submit", "send")
def complete(order: PurchaseOrder, user: Any) -> Refused | None:
    """The supplier stands, every line is coded, and what is received has a place to arrive at."""
    try:
        demand_approved(order.supplier)
    except Refused as reason:
        return reason
    lines = amending.lines_of(order)
    if not any(line.live for line in lines):
        return Refused(_("There is nothing on it."), code="line")
    for line in lines:
        needs_account = line.item is None or (line.item.kind != "stock" and not line.item.is_asset)
        if line.category_id is None:
            return Refused(_("Choose a category for “%s”.") % line, code="category")
        if needs_account and line.account is None:
            return Refused(_("Say to which account “%s” is booked.") % line, code="account")
        if needs_account and line.account and line.account.needs_cost_centre and line.cost_centre_id is None:
            return Refused(_("“%s” needs a cost centre.") % line, code="cost_centre")
        if amending.is_received(line) and order.warehouse_id is None:
            return Refused(_("Say where “%s” is delivered.") % line, code="warehouse")
    return None


@PurchaseOrder.flow.verb
def submit(order: PurchaseOrder, *, by: Any) -> None:
    """Ask for approval; an amendment that makes nothing worse needs none (operations B13)."""
    if order.state == State.DRAFT or amending.is_worse(order):
        approvals.open(order, amount=order.amount_company, by=by, department_id=_department(order))


@PurchaseOrder.flow.finishing("submit")
def number_and_pass(order: PurchaseOrder, *, by: Any) -> None:
    """Number the order; where nobody was asked, it is approved at once."""
    numbering.number(order, by=by)
    if not approvals.is_open(order):
        accept(order, by=by)


def _department(order: PurchaseOrder) -> int | None:
    """The one department that the order is for; none where it is for several."""
    found = {line.cost_centre.department_id if line.cost_centre else None for line in amending.lines_of(order)}
    return found.pop() if len(found) == 1 else None


@PurchaseOrder.flow.guard("approve")
def may_approve(order: PurchaseOrder, user: Any) -> Refused | None:
    """Nobody approves twice, and the last approval must lie within a limit."""
    return approvals.why_not(order, user)


@PurchaseOrder.flow.verb
def approve(order: PurchaseOrder, *, by: Any) -> None:
    """Give one approval; after the last one the order may be sent."""
    if approvals.approve(order, by=by):
        accept(order, by=by)


@PurchaseOrder.flow.verb
def accept(order: PurchaseOrder, *, by: Any) -> None:
    """All approvals that are needed are in."""


@PurchaseOrder.flow.verb
def send_back(order: PurchaseOrder, *, by: Any, reason: str) -> None:
    """Return it to the buyer; one "no" stops all approvals."""
    approvals.send_back(order, by=by, reason=reason)
    _reopen(order, by)


@PurchaseOrder.flow.verb
def withdraw(order: PurchaseOrder, *, by: Any) -> None:
    """Take it back for changes; what was approved is void."""
    approvals.withdraw(order)
    _reopen(order, by)


def _reopen(order: PurchaseOrder, by: Any) -> None:
    if order.revision:
        reamend(order, by=by)
    else:
        redraft(order, by=by)


@PurchaseOrder.flow.verb
def redraft(order: PurchaseOrder, *, by: Any) -> None:
    """Back to the draft of an order that the supplier has never seen."""


@PurchaseOrder.flow.verb
def reamend(order: PurchaseOrder, *, by: Any) -> None:
    """Back to the amendment of an order that the supplier knows."""


def content(order: PurchaseOrder) -> dict[str, Any]:
    """Everything that an approval is about: from whom, what, how many, at which price, for whom, until when."""
    names = (
        "supplier_id", "currency", "rate", "needed_on", "warehouse_id", "payment_days", "billed_on", "net", "tax", "total",
    )  # fmt: skip
    fields = (
        "place", "item_id", "text", "quantity", "cancelled", "unit_id", "price", "net", "tax_code_id", "account_id", "cost_centre_id",
    )  # fmt: skip
    return {
        **{name: plain(getattr(order, name)) for name in names},
        "lines": [{name: plain(getattr(row, name)) for name in fields} for row in amending.lines_of(order)],
    }


def describe(order: PurchaseOrder) -> Described:
    """The order in an approver's list and mail."""
    again = _("Revision %s") % (order.revision + 1) if order.revision else ""
    return Described(
        label=order.number or str(order),
        sub=order.supplier.party.name,
        amount=order.total,
        currency=order.currency,
        detail=again,
        flag=again,
    )


subjects.fill(
    "purchasing.purchaseorder",
    Subject(
        content,
        describe,
        icon="shopping-cart",
        prepare=lambda rows: rows.select_related("supplier__party", "company"),
    ),
)
