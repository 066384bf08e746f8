"""Entering documents of stock while they are drafts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from backoffice.documents import keeping
from backoffice.organisation.models import Company
from inventory.stock import expecting
from inventory.stock.models import GoodsReceipt, ReceiptLine


def stored(document: Any, lines: Sequence[Any], removed: Sequence[Any], *, by: Any) -> Any:
    """Write what a form holds (`ui.saving`): the document, then its lines in their order.

    Raises `Refused` once it has left its first state, `PermissionDenied` without the right.
    """
    meta = document._meta
    action = "add" if document.pk is None else "change"
    if denied := authority.only.refusal(by, f"{meta.app_label}.{action}_{meta.model_name}", document):
        raise denied
    if document.state != document.flow.start:
        raise Refused(f"{document}: {document.get_state_display()}", code="state")
    document.save()
    manager = document.lines
    for line in removed:
        line.delete()
    for place, line in enumerate(lines, start=1):
        setattr(line, manager.field.name, document)
        line.place = place
        line.save()
    return document


def receive_order(origin_type: int, origin_id: int, *, company: Company, on: date, by: Any) -> GoodsReceipt:
    """The draft receipt of an order, begun now when there is none; its lines are written while people count.

    Raises `Refused` when nothing of the order is still to come.
    """
    rows = expecting.still_open(company).filter(origin_type=origin_type, origin_id=origin_id)
    first = rows.select_related("warehouse", "party").first()
    if first is None:
        raise Refused(_("Nothing of this order is still to come."), code="empty")
    known = ReceiptLine.objects.filter(
        expected__origin_type=origin_type, expected__origin_id=origin_id, receipt__state=GoodsReceipt.State.DRAFT
    )
    if line := known.select_related("receipt").first():
        return line.receipt
    receipt = GoodsReceipt(company=company, warehouse=first.warehouse, party=first.party, received_on=on)
    return keeping.enter(receipt, by=by)
