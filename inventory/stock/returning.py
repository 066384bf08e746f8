"""Sending goods back: the supplier is charged what they came at, stock loses what they are worth."""

from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from backoffice.core import events
from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO
from finance.ledger import posting
from finance.ledger.models import Account, Role
from finance.ledger.posting import Line
from finance.ledger.previews import previews
from inventory.stock import accounting, moving
from inventory.stock.events import GoodsReturned
from inventory.stock.models import GoodsReceipt, ReceiptLine, ReturnLine, StockMove, SupplierReturn
from inventory.stock.moving import Movement


def lines_of(back: SupplierReturn) -> list[ReturnLine]:
    """The lines with all that posting reads."""
    joined = ("receipt_line__item__category__stock_account", "receipt_line__item__category__cost_account")
    return list(back.lines.select_related(*joined, "bin__warehouse").order_by("place"))


def entry_for(back: SupplierReturn) -> list[Line]:
    """What sending back would post: goods received not invoiced against stock, the difference as late cost."""
    accounts = accounting.accounts_of(back.company)
    return moving.preview(back.company, _movements(back, lines_of(back), accounts), accounts).lines


previews.fill("stock.supplierreturn", entry_for)
SupplierReturn.flow.preparing("post")(posting.lock_period)
SupplierReturn.flow.finishing("post")(posting.write)


@SupplierReturn.flow.guard("post")
def whole(back: SupplierReturn, user: Any) -> Refused | None:
    """Only what came from this supplier into stock goes back, and no more than came."""
    lines = lines_of(back)
    if not lines:
        return Refused(_("Nothing is sent back yet."), code="empty")
    for line in lines:
        came = line.receipt_line
        if came.item is None or came.item.kind != "stock" or line.bin is None:
            return Refused(_("Line %(line)d is not kept in stock.") % {"line": line.place}, code="kind")
        if line.quantity > came.quantity - came.returned:
            return Refused(_("Line %(line)d: so much did not come.") % {"line": line.place}, code="excess")
    return None


@SupplierReturn.flow.verb
def post(back: SupplierReturn, *, by: Any) -> None:
    """Send the goods back. Raises `Refused` when a bin does not hold so much, or more would go than came."""
    lines = lines_of(back)
    came = {line.receipt_line_id: line.receipt_line for line in lines}
    locked = {row.pk: row for row in ReceiptLine.objects.select_for_update().filter(pk__in=came).order_by("pk")}
    for line in lines:
        row = locked[line.receipt_line_id]
        row.returned += line.quantity
        if row.returned > row.quantity:
            raise Refused(_("Line %(line)d: so much did not come.") % {"line": line.place}, code="excess")
    ReceiptLine.objects.bulk_update(locked.values(), ["returned"])
    accounts = accounting.accounts_of(back.company)
    moved = moving.move(
        back.company,
        _movements(back, lines, accounts),
        on=back.locked_period.day(back.returned_on),
        origin=back,
        name=back.reason,
        entry_id=posting.entry_id(back),
        accounts=accounts,
    )
    for line, valued in zip(lines, moved.valued, strict=True):
        line.value = -valued.amount
    ReturnLine.objects.bulk_update(lines, ["value"])
    back.posting = posting.Posting(
        journal=back.journal_code, on=back.returned_on, lines=moved.lines, text=f"{back.party}, {back.reason}"[:200]
    )
    told = tuple((line.receipt_line_id, line.quantity) for line in lines)
    events.publish(GoodsReturned(back.pk, back.company_id, told))


@SupplierReturn.flow.verb
def void(back: SupplierReturn, *, by: Any) -> None:
    """Drop a return that was never sent."""


def _movements(back: SupplierReturn, lines: list[ReturnLine], accounts: dict[str, Account]) -> list[Movement]:
    kind = ContentType.objects.get_for_model(GoodsReceipt)
    wanted = [line.receipt_line_id for line in lines]
    moves = dict(StockMove.objects.filter(origin_type=kind, origin_line__in=wanted).values_list("origin_line", "pk"))
    grni = accounting.role(accounts, Role.GRNI)
    found = []
    for line in lines:
        came = line.receipt_line
        if came.item is None or line.bin is None:
            continue
        price: Decimal = came.value / came.quantity if came.quantity else ZERO
        found.append(
            Movement(
                came.item,
                line.bin,
                -line.quantity,
                StockMove.Kind.RETURN,
                grni,
                party=back.party,
                line=line.pk,
                layer=moves.get(came.pk),
                price=price,
            )
        )
    return found
