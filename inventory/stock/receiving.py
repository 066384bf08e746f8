"""Receiving: what was accepted goes into stock and is owed for; what was refused is only written down."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Sum
from django.utils.translation import gettext as _

from backoffice.core import events
from backoffice.core.errors import Refused
from backoffice.core.flow import held
from backoffice.core.rounding import ZERO, rounded
from backoffice.currencies import conversion
from finance.ledger import posting
from finance.ledger.accounts import refusal_by_hand
from finance.ledger.models import Account, Role
from finance.ledger.posting import Line, debit
from finance.ledger.previews import previews
from inventory.catalogue.models import Item
from inventory.stock import accounting, moving
from inventory.stock.events import GoodsReceived, ReceivedLine
from inventory.stock.models import Expected, GoodsReceipt, ReceiptLine, StockMove
from inventory.stock.moving import Movement

HUNDRED = Decimal(100)


class Standing(NamedTuple):
    """How an order line stands: accepted, refused and sent back in base units, and what is owed for the rest."""

    received: Decimal
    rejected: Decimal
    returned: Decimal
    value: Decimal


def lines_of(receipt: GoodsReceipt) -> list[ReceiptLine]:
    """The lines with all that posting reads; once while a verb holds the receipt."""
    rows = receipt.lines.select_related(
        "item__category__stock_account", "item__category__cost_account", "item__account",
        "bin__warehouse", "expected__account", "expected__cost_centre", "expected__item",
    )  # fmt: skip
    return held(receipt, "lines", lambda: _as_ordered(list(rows.order_by("place"))))


def _as_ordered(lines: list[ReceiptLine]) -> list[ReceiptLine]:
    """What was ordered costs what the order says now, whoever wrote the line down and when."""
    for line in lines:
        if line.expected is not None:
            was = (line.item_id, line.unit_cost)
            line.item = line.item or line.expected.item
            line.unit_cost = line.expected.unit_cost
            line.is_put_right = was != (line.item_id, line.unit_cost)
    return lines


def is_stock(line: ReceiptLine) -> bool:
    """Whether what came is kept in stock."""
    return line.item is not None and line.item.kind == Item.Kind.STOCK


def entry_for(receipt: GoodsReceipt) -> list[Line]:
    """What receiving would post: stock, equipment or cost against goods received not invoiced."""
    accounts = accounting.accounts_of(receipt.company)
    lines = lines_of(receipt)
    moved = moving.preview(receipt.company, _movements(receipt, lines, accounts), accounts)
    return moved.lines + _other_lines(receipt, lines, accounts)


previews.fill("stock.goodsreceipt", entry_for)
GoodsReceipt.flow.preparing("post")(posting.lock_period)


@GoodsReceipt.flow.guard("post")
def whole(receipt: GoodsReceipt, user: Any) -> Refused | None:
    """Something must have come, each stock line into a bin of the receipt's warehouse."""
    lines = lines_of(receipt)
    if not lines:
        return Refused(_("Nothing is counted yet."), code="empty")
    for line in lines:
        if refusal := _not_ordered(receipt, line):
            return refusal
        if line.quantity and is_stock(line):
            if line.bin is None:
                return Refused(_no_bin(receipt, line.place), code="bin")
            if line.bin.warehouse_id != receipt.warehouse_id:
                return Refused(_("Line %(line)d: the bin is in another warehouse.") % {"line": line.place}, code="bin")
    return None


def _no_bin(receipt: GoodsReceipt, place: int) -> str:
    """That a line lies nowhere, and what to do in a warehouse without a place to put it."""
    if receipt.warehouse.bins.filter(is_active=True).exists():
        return _("Line %(line)d needs a bin.") % {"line": place}
    return _("%(warehouse)s has no bin yet: add one on the warehouse's page, then choose it for line %(line)d.") % {
        "warehouse": receipt.warehouse,
        "line": place,
    }


def _not_ordered(receipt: GoodsReceipt, line: ReceiptLine) -> Refused | None:
    """Why a line cannot be what it says it was ordered as."""
    row = line.expected
    if row is None:
        return None
    if (row.company_id, row.party_id) != (receipt.company_id, receipt.party_id):
        words = {"line": line.place, "order": row.origin_number, "party": receipt.party}
        return Refused(_("Line %(line)d: %(order)s was not ordered from %(party)s.") % words, code="order")
    if row.item_id and line.item_id != row.item_id:
        return Refused(
            _("Line %(line)d was ordered as %(item)s.") % {"line": line.place, "item": row.item}, code="item"
        )
    return None


@GoodsReceipt.flow.verb
def post(receipt: GoodsReceipt, *, by: Any) -> None:
    """Take the goods in. Raises `Refused` when more comes than the order and its tolerance allow."""
    lines = lines_of(receipt)
    _count_in(lines)
    accounts = accounting.accounts_of(receipt.company)
    digits = conversion.digits(receipt.company.currency)
    for line in lines:
        line.value = rounded(line.quantity * line.unit_cost, digits)
    day = posting.day(receipt, receipt.received_on)
    movements = _movements(receipt, lines, accounts)
    entry_lines = _other_lines(receipt, lines, accounts)
    if movements:
        moved = moving.move(
            receipt.company,
            movements,
            on=day,
            origin=receipt,
            name=str(receipt.delivery_note or receipt.party),
            entry_id=posting.entry_id(receipt),
            accounts=accounts,
        )
        entry_lines = moved.lines + entry_lines
    ReceiptLine.objects.bulk_update(lines, ["value"])
    ReceiptLine.objects.bulk_update([line for line in lines if line.is_put_right], ["item", "unit_cost"])
    receipt.posting = posting.Posting(
        journal=receipt.journal_code,
        on=receipt.received_on,
        lines=entry_lines,
        text=f"{receipt.party}, {receipt.delivery_note}".strip(", ")[:200],
    )
    events.publish(GoodsReceived(receipt.pk, receipt.company_id, by.pk, tuple(_told(line) for line in lines)))


@GoodsReceipt.flow.finishing("post")
def write(receipt: GoodsReceipt, *, by: Any) -> None:
    """Number and entry; a delivery of which all was refused has no entry."""
    posting.write_or_number(receipt, by=by)


@GoodsReceipt.flow.verb
def void(receipt: GoodsReceipt, *, by: Any) -> None:
    """Drop a receipt that was never posted."""


def standing(origin_type: ContentType, origin_lines: Iterable[int]) -> dict[int, Standing]:
    """How lines of orders stand, by line; nothing for lines that are not expected."""
    found = Expected.objects.filter(origin_type=origin_type, origin_line__in=list(origin_lines))
    rows = found.values_list("id", "origin_line", "received", "rejected")
    by_id = {pk: (line, received, rejected) for pk, line, received, rejected in rows}
    back: dict[int, Decimal] = defaultdict(lambda: ZERO)
    worth: dict[int, Decimal] = defaultdict(lambda: ZERO)
    posted = ReceiptLine.objects.filter(expected__in=by_id, receipt__state=GoodsReceipt.State.POSTED)
    for expected, value, returned, sent_back in posted.values_list("expected", "value", "returned", "returned_value"):
        back[expected] += returned
        worth[expected] += value - sent_back
    return {line: Standing(received, rejected, back[pk], worth[pk]) for pk, (line, received, rejected) in by_id.items()}


def received_value(company_id: int) -> Decimal:
    """What all posted receipts brought, in company currency."""
    lines = ReceiptLine.objects.filter(receipt__company=company_id, receipt__state=GoodsReceipt.State.POSTED)
    return lines.aggregate(total=Sum("value"))["total"] or ZERO


def _count_in(lines: list[ReceiptLine]) -> None:
    """Add to what is expected, under locks in the order of the lines' ids."""
    wanted = {line.expected_id for line in lines if line.expected_id}
    known = {e.pk: e for e in Expected.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    for line in lines:
        if line.expected_id is None:
            continue
        row = known[line.expected_id]
        row.received += line.quantity
        row.rejected += line.rejected
        if line.quantity and row.is_cancelled:
            raise Refused(_("“%(line)s” is expected no more: ask the buyer.") % {"line": row.text}, code="cancelled")
        most = row.quantity * (HUNDRED + row.over_percent) / HUNDRED
        if row.received > most:
            raise Refused(
                _("“%(line)s”: %(came)s came of %(ordered)s ordered. Refuse what is too much, or ask the buyer.")
                % {"line": row.text, "came": _plain(row.received), "ordered": _plain(row.quantity)},
                code="excess",
                details={"line": line.place},
            )
    Expected.objects.bulk_update(known.values(), ["received", "rejected"])


def _movements(receipt: GoodsReceipt, lines: list[ReceiptLine], accounts: dict[str, Account]) -> list[Movement]:
    grni = accounting.role(accounts, Role.GRNI)
    return [
        Movement(
            line.item,
            line.bin,
            line.quantity,
            StockMove.Kind.RECEIPT,
            grni,
            unit_cost=line.unit_cost,
            party=receipt.party,
            line=line.pk,
        )
        for line in lines
        if line.quantity and is_stock(line) and line.item is not None and line.bin is not None
    ]


def _other_lines(receipt: GoodsReceipt, lines: list[ReceiptLine], accounts: dict[str, Account]) -> list[Line]:
    """What is not kept in stock: its account against goods received not invoiced."""
    digits = conversion.digits(receipt.company.currency)
    grni = accounting.role(accounts, Role.GRNI)
    found: list[Line] = []
    total = ZERO
    for line in lines:
        if not line.quantity or is_stock(line):
            continue
        value = rounded(line.quantity * line.unit_cost, digits)
        total += value
        account, centre = account_of(line, accounts)
        if value:
            found.append(debit(account, value, text=_words(line), cost_centre=centre))
    if total:
        found.append(posting.credit(grni, total, party=receipt.party))
    return found


def account_of(line: ReceiptLine, accounts: dict[str, Account]) -> tuple[Account, Any]:
    """The account of a line that is not kept in stock, and its cost centre; cheap equipment is an expense.

    Raises `Refused` when neither order nor item nor category says one, or when documents keep the one they say.
    """
    expected, item = line.expected, line.item
    centre = expected.cost_centre if expected else None
    chosen = (expected and expected.account) or (item and item.account)
    if chosen:
        if refusal := refusal_by_hand(chosen):
            raise refusal
        return chosen, centre
    if item is not None and item.is_asset and line.unit_cost >= item.category.capitalise_from:
        return accounting.role(accounts, Role.EQUIPMENT), None
    if item is not None:
        return accounting.cost_account(item, accounts), centre
    raise Refused(_("Line %(line)d: nothing says to which account it goes.") % {"line": line.place}, code="account")


def _words(line: ReceiptLine) -> str:
    return str(line.item or (line.expected and line.expected.text) or "")[:200]


def _told(line: ReceiptLine) -> ReceivedLine:
    expected = line.expected
    return ReceivedLine(
        line.pk,
        line.expected_id,
        expected.origin_type_id if expected else None,
        expected.origin_id if expected else None,
        expected.origin_line if expected else None,
        line.item_id,
        line.quantity,
        line.value,
    )


def _plain(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"
