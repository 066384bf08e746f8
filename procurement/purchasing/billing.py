"""A bill typed from its order: what is left to bill stands in the draft, and the clerk compares it with the paper."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from finance.payables import entering
from finance.payables.models import Bill, BillLine
from procurement.purchasing import standing
from procurement.purchasing.models import OrderLine, PurchaseOrder
from procurement.purchasing.progress import KNOWN_TO_SUPPLIER

RIGHT = "payables.add_bill"


def why_not(order: PurchaseOrder) -> Refused | None:
    """Why no bill can be made from the order now; whether somebody may enter bills is asked when one is entered."""
    return _refusal(order, billable(order))


def _refusal(order: PurchaseOrder, rows: list[standing.Ordered]) -> Refused | None:
    if order.state not in KNOWN_TO_SUPPLIER:
        words = {"order": order, "state": order.get_state_display().lower()}
        return Refused(_("%(order)s is %(state)s: the supplier does not know it yet.") % words, code="state")
    return None if rows else Refused(_("Nothing of %s is left to bill.") % order, code="billed")


def billable(order: PurchaseOrder) -> list[standing.Ordered]:
    """The lines of which something may be billed now, by place."""
    found = standing.of_order(order).values()
    return sorted((each for each in found if each.billable), key=lambda each: each.line.place)


def draft(order: PurchaseOrder, *, by: Any, reference: str, on: date) -> Bill:
    """A draft bill over all that may be billed of an order now, at the order's prices, due after its payment days.

    `reference` and `on` are number and date on the supplier's paper. Raises `Refused` where nothing is left to bill
    or the supplier sent this number already, `PermissionDenied` without the right to enter bills.
    """
    rows = billable(order)
    if refusal := _refusal(order, rows):
        raise refusal
    bill = Bill(
        company=order.company,
        party=order.supplier.party,
        reference=reference.strip(),
        order_reference=order.number,
        bill_date=on,
        tax_point=on,
        booked_on=on,
        due_on=on + timedelta(days=order.payment_days),
        currency=order.currency,
    )
    return entering.enter(bill, by=by, lines=[_line(each) for each in rows])


def _line(ordered: standing.Ordered) -> BillLine:
    line: OrderLine = ordered.line
    return BillLine(
        text=line.words,
        article=line.shown_code,
        order_place=str(line.place),
        quantity=ordered.billable,
        unit_price=line.price,
        tax_code=line.tax_code,
        cost_centre=line.cost_centre,
        account=None if ordered.is_received else line.account,
    )
