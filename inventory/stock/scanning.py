"""Counting in at the door, with a scanner or by hand: each step is kept at once, so nothing is lost on the way."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backoffice.audit.recording import acting
from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO
from inventory.catalogue import scanning
from inventory.catalogue.models import Item
from inventory.stock import expecting
from inventory.stock.models import Bin, Expected, GoodsReceipt, OnHand, ReceiptLine


def to_come(receipt: GoodsReceipt, user: Any) -> list[tuple[Expected, ReceiptLine | None]]:
    """What is expected from this supplier at this warehouse, the earliest first, with what this receipt counted of it."""
    rows = expecting.still_open(receipt.company).filter(party=receipt.party_id, warehouse=receipt.warehouse_id)
    counted = {line.expected_id: line for line in receipt.lines.select_related("bin")}
    open_rows = list(rows.select_related("item__unit")[:100])
    known = {row.pk for row in open_rows}
    more = Expected.objects.filter(pk__in=[pk for pk in counted if pk and pk not in known]).select_related("item__unit")
    return [(row, counted.get(row.pk)) for row in [*open_rows, *more]]


@transaction.atomic
def scan(receipt: GoodsReceipt, code: str, *, by: Any) -> ReceiptLine:
    """One more of what was scanned (a pack's code counts the pack); the line that it was added to.

    Raises `Refused` for a code that nobody knows, or that is not expected from this supplier.
    """
    found = scanning.find(receipt.company, code)
    row = _expected(receipt, found.item)
    line = receipt.lines.filter(expected=row).first()
    accepted = (line.quantity if line else ZERO) + found.quantity
    return count(receipt, row, accepted, rejected=line.rejected if line else ZERO, by=by)


@transaction.atomic
def count(
    receipt: GoodsReceipt,
    row: Expected,
    accepted: Decimal,
    *,
    rejected: Decimal = ZERO,
    reason: str = "",
    note: str = "",
    bin: Bin | None = None,  # noqa: A002  (the warehouse's word)
    by: Any,
) -> ReceiptLine:
    """Write down how much of an expected line was accepted and refused.

    Raises `Refused` once the receipt is posted, when more comes than the order allows, or refused without a reason.
    """
    if denied := authority.only.refusal(by, "stock.change_goodsreceipt", receipt):
        raise denied
    receipt = GoodsReceipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
    if receipt.state != GoodsReceipt.State.DRAFT:
        raise Refused(_("This receipt is posted already."), code="state")
    if accepted < 0 or rejected < 0:
        raise Refused(_("Count nought or more."), code="quantity")
    most = row.quantity * (100 + row.over_percent) / 100 - row.received
    if accepted > most:
        words = {"most": f"{most.normalize():f}", "line": row.text}
        raise Refused(_("Only %(most)s of “%(line)s” are still to come: refuse the rest.") % words, code="excess")
    line = receipt.lines.filter(expected=row).first() or ReceiptLine(
        receipt=receipt, expected=row, item=row.item, place=receipt.lines.count() + 1
    )
    if rejected and not (reason or line.reason):
        raise Refused(_("Say why it is refused."), code="reason")
    if not accepted and not rejected:
        if line.pk:
            with acting(by):
                line.delete()
        return line
    line.quantity, line.rejected, line.unit_cost = accepted, rejected, row.unit_cost
    line.reason, line.note = (reason or line.reason) if rejected else "", note or line.note
    line.bin = bin or line.bin or usual_bin(receipt, row.item)
    with acting(by):
        line.save()
    return line


def usual_bin(receipt: GoodsReceipt, item: Item | None) -> Bin | None:
    """Where this item lies already, else the first receiving bin, else the first bin of the warehouse."""
    if item is None or item.kind != Item.Kind.STOCK:
        return None
    bins = Bin.objects.filter(warehouse=receipt.warehouse_id, is_active=True).exclude(kind=Bin.Kind.QUARANTINE)
    held = OnHand.objects.filter(item=item, bin__in=bins).order_by("-quantity").values_list("bin", flat=True).first()
    if held:
        return bins.get(pk=held)
    return bins.filter(kind=Bin.Kind.RECEIVING).first() or bins.order_by("code").first()


def _expected(receipt: GoodsReceipt, item: Item) -> Expected:
    rows = expecting.still_open(receipt.company).filter(party=receipt.party_id, item=item)
    row = rows.filter(warehouse=receipt.warehouse_id).first()
    if row is None:
        raise Refused(
            _("%(item)s is not expected from %(party)s.") % {"item": item, "party": receipt.party}, code="unexpected"
        )
    return row
