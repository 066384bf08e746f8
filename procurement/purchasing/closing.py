"""How an order ends: all of it came, the rest is not wanted any more, or it was never needed."""

from typing import Any

from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO
from backoffice.workflow import approvals
from inventory.stock import expecting
from procurement.purchasing import covering, ordering, standing
from procurement.purchasing.models import Coverage, OrderLine, PurchaseOrder


@PurchaseOrder.flow.verb
def cancel_rest(order: PurchaseOrder, *, by: Any, line: OrderLine | None = None) -> None:
    """Expect no more of the order, or of one line: what has come and what was billed stays ordered.

    Raises `Refused` when nothing is left that could be cancelled.
    """
    if line is not None and line.order_id != order.pk:
        raise Refused(_("This line is of another order."), code="line")
    rows = list(order.lines.select_related("item", "tax_code").order_by("place"))
    done = standing.of([row.pk for row in rows])
    asked = [row for row in rows if line is None or row.pk == line.pk]
    changed = []
    for row in asked:
        kept = max(done[row.pk].received, done[row.pk].billed)
        if kept < row.live:
            row.cancelled = row.quantity - kept
            changed.append(row)
    if not changed:
        raise Refused(_("Nothing is left to cancel."), code="rest")
    ordering.resum(order, rows)
    OrderLine.objects.bulk_update(rows, ["cancelled", "net"])
    expecting.cancel(order, [row.pk for row in changed], by=by)
    _settle(order, by)


@PurchaseOrder.flow.guard("close")
def all_done(order: PurchaseOrder, user: Any) -> Refused | None:
    """Nothing is left to come or to be billed."""
    for done in standing.of_order(order).values():
        if done.is_received and done.received < done.line.live:
            return Refused(_("Line %s is still to come: close it short first.") % done.line.place, code="rest")
        if done.billable > ZERO:
            return Refused(_("Line %s is still to be billed.") % done.line.place, code="rest")
    return None


@PurchaseOrder.flow.verb
def close(order: PurchaseOrder, *, by: Any) -> None:
    """File the order: it came and was billed."""
    expecting.cancel(order, by=by)


@PurchaseOrder.flow.guard("cancel")
def untouched(order: PurchaseOrder, user: Any) -> Refused | None:
    """What came or was billed cannot be un-ordered: the rest is closed short instead."""
    for done in standing.of_order(order).values():
        if done.received or done.billed:
            return Refused(_("Something of it was received or billed: close it short instead."), code="received")
    return None


@PurchaseOrder.flow.verb
def cancel(order: PurchaseOrder, *, by: Any) -> None:
    """Order nothing; what it covered waits for a buyer again."""
    approvals.withdraw(order)
    expecting.cancel(order, by=by)


@PurchaseOrder.flow.finishing("cancel")
def uncover(order: PurchaseOrder, *, by: Any) -> None:
    """The requisitions see that the order is gone."""
    _settle(order, by)


def _settle(order: PurchaseOrder, by: Any) -> None:
    rows = Coverage.objects.filter(order_line__order=order)
    covering.settle(sorted(set(rows.values_list("requisition_line__requisition", flat=True))), by=by)
