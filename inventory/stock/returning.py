"""Sending goods back, and putting a receipt right that is not billed yet.

The supplier is charged what the goods came at, stock loses what they are worth (their own layer, while that has
enough left); a difference is late cost. What was corrected may come again, what was sent back is still received.
"""

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from backoffice.core import events
from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO, rounded
from backoffice.currencies import conversion
from finance.ledger import posting
from finance.ledger.models import Account, Role
from finance.ledger.posting import Line, credit, debit
from finance.ledger.previews import previews
from inventory.stock import accounting, moving, slots
from inventory.stock.events import GoodsReturned
from inventory.stock.models import Expected, GoodsReceipt, ReceiptLine, ReturnLine, StockMove, SupplierReturn
from inventory.stock.moving import Movement
from inventory.stock.receiving import account_of, is_stock

Kind = SupplierReturn.Kind


def lines_of(back: SupplierReturn) -> list[ReturnLine]:
    """The lines with all that posting reads."""
    came = [
        f"receipt_line__{path}"
        for path in (
            "item__category__stock_account", "item__category__cost_account", "item__account",
            "expected__account", "expected__cost_centre",
        )
    ]  # fmt: skip
    return list(back.lines.select_related(*came, "bin__warehouse").order_by("place"))


def billed(lines: Collection[int], *, lock: bool = False) -> dict[int, Decimal]:
    """How much of these receipt lines is billed, as the apps that know say; nought where nobody does."""
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for known in slots.billed:
        for line, quantity in known(lines, lock=lock).items():
            found[line] += quantity
    return found


def entry_for(back: SupplierReturn) -> list[Line]:
    """What sending back would post: goods received not invoiced against stock, the difference as late cost."""
    accounts, lines = accounting.accounts_of(back.company), lines_of(back)
    worth = _worth(back, lines, {line.receipt_line_id: line.receipt_line for line in lines})
    moved = moving.preview(back.company, _movements(back, lines, worth, accounts), accounts)
    return moved.lines + _other_lines(back, lines, worth, accounts)


previews.fill("stock.supplierreturn", entry_for)
SupplierReturn.flow.preparing("post")(posting.lock_period)


@SupplierReturn.flow.guard("post")
def whole(back: SupplierReturn, user: Any) -> Refused | None:
    """Only what came from this supplier goes back, and no more than came; what is billed is not corrected."""
    lines = lines_of(back)
    if not lines:
        return Refused(_("Nothing is sent back yet."), code="empty")
    for line in lines:
        came = line.receipt_line
        if is_stock(came) and line.bin is None:
            return Refused(_("Line %(line)d needs a bin.") % {"line": line.place}, code="bin")
        if line.quantity > came.quantity - came.returned:
            return Refused(_("Line %(line)d: so much did not come.") % {"line": line.place}, code="excess")
    return _why_not_corrected(back, lines)


def _why_not_corrected(back: SupplierReturn, lines: list[ReturnLine], *, lock: bool = False) -> Refused | None:
    """A correction says that something never came: of what is billed that would make the bill wrong."""
    if back.kind != Kind.CORRECTION:
        return None
    owed = billed([line.receipt_line_id for line in lines], lock=lock)
    for line in lines:
        came = line.receipt_line
        if owed.get(came.pk, ZERO) > came.quantity - came.returned - line.quantity:
            return Refused(
                _("Line %(line)d is billed: send the goods back, or ask for a credit note.") % {"line": line.place},
                code="billed",
            )
    return None


@SupplierReturn.flow.verb
def post(back: SupplierReturn, *, by: Any) -> None:
    """Send the goods back. Raises `Refused` when a bin does not hold so much, or more would go than came."""
    lines = lines_of(back)
    # Asked again under a lock: a bill of the same goods may be posted at this moment.
    if refusal := _why_not_corrected(back, lines, lock=True):
        raise refusal
    wanted = [line.receipt_line_id for line in lines]
    rows = ReceiptLine.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    locked = {row.pk: row for row in rows}
    worth = _worth(back, lines, locked)
    ReceiptLine.objects.bulk_update(locked.values(), ["returned", "returned_value"])
    if back.kind == Kind.CORRECTION:
        _expect_again(lines)
    accounts = accounting.accounts_of(back.company)
    movements = _movements(back, lines, worth, accounts)
    entry_lines = _other_lines(back, lines, worth, accounts)
    if movements:
        moved = moving.move(
            back.company,
            movements,
            on=posting.day(back, back.returned_on),
            origin=back,
            name=back.reason,
            entry_id=posting.entry_id(back),
            accounts=accounts,
        )
        entry_lines = moved.lines + entry_lines
    for line in lines:
        line.value = worth[line.pk]
    ReturnLine.objects.bulk_update(lines, ["value"])
    back.posting = posting.Posting(
        journal=back.journal_code, on=back.returned_on, lines=entry_lines, text=f"{back.party}, {back.reason}"[:200]
    )
    told = tuple((line.receipt_line_id, line.quantity) for line in lines)
    events.publish(GoodsReturned(back.pk, back.company_id, told))


@SupplierReturn.flow.finishing("post")
def write(back: SupplierReturn, *, by: Any) -> None:
    """Number and entry; what came for nothing goes back without an entry."""
    posting.write_or_number(back, by=by)


@SupplierReturn.flow.verb
def void(back: SupplierReturn, *, by: Any) -> None:
    """Drop a return that was never sent."""


def _worth(back: SupplierReturn, lines: list[ReturnLine], came: dict[int, ReceiptLine]) -> dict[int, Decimal]:
    """What the supplier is charged for each line; counts it into `came`. Parts sum to the value of the receipt line.

    Raises `Refused` when more would go back than came.
    """
    digits = conversion.digits(back.company.currency)
    found = {}
    for line in lines:
        row = came[line.receipt_line_id]
        row.returned += line.quantity
        if row.returned > row.quantity:
            raise Refused(_("Line %(line)d: so much did not come.") % {"line": line.place}, code="excess")
        value = rounded(row.value * row.returned / row.quantity, digits)
        found[line.pk] = value - row.returned_value
        row.returned_value = value
    return found


def _expect_again(lines: list[ReturnLine]) -> None:
    """What never came is still to come; under locks in the order of the rows."""
    wanted = {line.receipt_line.expected_id for line in lines if line.receipt_line.expected_id}
    known = {row.pk: row for row in Expected.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    for line in lines:
        if line.receipt_line.expected_id is not None:
            known[line.receipt_line.expected_id].received -= line.quantity
    Expected.objects.bulk_update(known.values(), ["received"])


def _movements(
    back: SupplierReturn, lines: list[ReturnLine], worth: dict[int, Decimal], accounts: dict[str, Account]
) -> list[Movement]:
    kind = ContentType.objects.get_for_model(GoodsReceipt)
    wanted = [line.receipt_line_id for line in lines]
    origins = [line.receipt_line.receipt_id for line in lines]
    moves = dict(
        StockMove.objects.filter(origin_type=kind, origin_id__in=origins, origin_line__in=wanted).values_list(
            "origin_line", "pk"
        )
    )
    grni = accounting.role(accounts, Role.GRNI)
    return [
        Movement(
            line.receipt_line.item,
            line.bin,
            -line.quantity,
            StockMove.Kind.RETURN,
            grni,
            party=back.party,
            line=line.pk,
            layer=moves.get(line.receipt_line_id),
            other=worth[line.pk],
        )
        for line in lines
        if is_stock(line.receipt_line) and line.receipt_line.item is not None and line.bin is not None
    ]


def _other_lines(
    back: SupplierReturn, lines: list[ReturnLine], worth: dict[int, Decimal], accounts: dict[str, Account]
) -> list[Line]:
    """What is not kept in stock: goods received not invoiced against the account it went to."""
    found: list[Line] = []
    total = ZERO
    for line in lines:
        if is_stock(line.receipt_line) or not worth[line.pk]:
            continue
        account, centre = account_of(line.receipt_line, accounts)
        found.append(credit(account, worth[line.pk], text=str(line.receipt_line.item or "")[:200], cost_centre=centre))
        total += worth[line.pk]
    if total:
        found.append(debit(accounting.role(accounts, Role.GRNI), total, party=back.party))
    return found
