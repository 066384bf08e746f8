"""Matching a bill with what was ordered and received, line by line, many to many.

A bill's line finds its order lines by what a person chose, by the order and line that the bill names, by the article's
code, or by its words. What it bills is laid on the receipts that are left to bill, the earliest first; the rest waits
for a receipt. The rows of a draft are a proposal, made anew whenever the bill is saved, submitted or posted.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from backoffice.core.errors import Refused
from backoffice.core.flow import held, is_held, reread
from backoffice.core.rounding import ZERO, shared
from backoffice.currencies import conversion
from finance.payables import entries
from finance.payables.models import Bill, BillLine
from inventory.catalogue.models import Barcode
from inventory.stock import holding
from procurement.purchasing import standing
from procurement.purchasing.models import MatchChoice, MatchRow, OrderLine, PurchaseOrder
from procurement.purchasing.standing import Ordered

BILLABLE = (PurchaseOrder.State.SENT, PurchaseOrder.State.AMENDING, PurchaseOrder.State.CLOSED)
UNPOSTED = (Bill.State.DRAFT, Bill.State.SUBMITTED, Bill.State.APPROVED)
ALIKE_IN_ORDER = 72  # how alike words must be (of 100) where the bill names the order
ALIKE = 90  # and where it does not
PRICE_CREDIT = Decimal("0.20")  # a credit further than this from the order's price takes back price, not goods
CANDIDATES = 400


@dataclass(frozen=True)
class Piece:
    """So much of a bill's line for one order line and one receipt of it; nothing is rounded yet."""

    bill_line: BillLine
    ordered: Ordered
    receipt: int | None
    quantity: Decimal
    weight: Decimal


def propose(bill: Bill, *, locks: bool = False) -> list[MatchRow]:
    """Match the bill as it stands and keep the proposal; answers its rows. A posted bill keeps what it has.

    With `locks` the order lines stay locked until the transaction ends, so that two bills never bill the same goods.
    """
    if bill.state not in UNPOSTED:
        return []
    lines = lines_of(bill)
    found = _found(bill, lines)
    keys = sorted({key for keys in found.values() for key in keys})
    if locks and keys:
        list(OrderLine.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))
    reread(bill, "match.rows", "match.standing", "match.costs")
    ordered = {key: each.copy() for key, each in standing.seen(bill, keys).items()}
    rows = _rows(bill, lines, found, ordered)
    return held(bill, "match.rows", lambda: _written(bill, rows))


def proposal(bill: Bill) -> list[MatchRow]:
    """The rows of a bill that are not in the books, read once while a verb holds the bill."""
    rows = MatchRow.objects.filter(bill_line__bill=bill.pk, entry=None).select_related("bill_line").order_by("pk")
    return held(bill, "match.rows", lambda: list(rows))


def lines_of(bill: Bill) -> list[BillLine]:
    """The lines of a bill by place; those that its verb has read."""
    return entries.lines_of(bill) if is_held(bill) else list(bill.lines.order_by("place"))


def _written(bill: Bill, rows: list[MatchRow]) -> list[MatchRow]:
    """Keep a proposal in place of the last one; where both say the same, the last one stays."""
    before = list(MatchRow.objects.filter(bill_line__bill=bill, entry=None).order_by("pk"))
    if [_said(row) for row in before] == [_said(row) for row in rows]:
        for row, old in zip(rows, before, strict=True):
            row.pk, row._state.adding = old.pk, False
        return rows
    if before:
        MatchRow.objects.filter(pk__in=[row.pk for row in before]).delete()
    return MatchRow.objects.bulk_create(rows)


def _said(row: MatchRow) -> tuple[Any, ...]:
    return row.bill_line_id, row.order_line_id, row.receipt_line_id, row.quantity, row.value


def choose(line: BillLine, order_line: OrderLine | None, *, by: Any) -> MatchChoice:
    """A person says to which order line a bill's line belongs, or that it belongs to none; the bill is matched anew.

    Raises `Refused` when the bill is posted or the order is another supplier's, company's or currency's.
    """
    bill = line.bill
    if bill.state not in (Bill.State.DRAFT, Bill.State.SUBMITTED):
        raise Refused(
            _("%(bill)s is %(state)s: its match is final.") % {"bill": bill, "state": bill.get_state_display().lower()},
            code="state",
        )
    if order_line is not None and not candidates(bill).filter(pk=order_line.pk).exists():
        raise Refused(
            _("%(line)s was not ordered from %(party)s in %(currency)s.")
            % {"line": order_line, "party": bill.party, "currency": bill.currency},
            code="order",
        )
    choice, _new = MatchChoice.objects.update_or_create(bill_line=line, defaults={"order_line": order_line, "by": by})
    propose(bill)
    return choice


def forget(line: BillLine, *, by: Any) -> None:
    """Match a bill's line as it is found again, without what a person chose. Raises `Refused` as `choose`."""
    if MatchChoice.objects.filter(bill_line=line).delete()[0]:
        propose(line.bill)


def chosen(bill: Bill) -> dict[int, int | None]:
    """By bill line, which order line a person chose for it; None where they said that it belongs to none."""
    return dict(MatchChoice.objects.filter(bill_line__bill=bill).values_list("bill_line", "order_line"))


def _rows(
    bill: Bill, lines: Sequence[BillLine], found: dict[int, list[int]], ordered: dict[int, Ordered]
) -> list[MatchRow]:
    digits = conversion.digits(bill.currency)
    sign = -1 if bill.kind == Bill.Kind.CREDIT_NOTE else 1
    rows: list[MatchRow] = []
    for line in lines:
        candidates = [ordered[key] for key in found.get(line.pk, []) if key in ordered]
        if not candidates:
            continue
        pieces = _taken_back(line, candidates) if sign < 0 else _laid(line, candidates)
        values = shared(line.net, [piece.weight for piece in pieces], digits)
        rows += [
            MatchRow(
                bill_line=line,
                order_line=piece.ordered.line,
                receipt_line_id=piece.receipt,
                quantity=sign * piece.quantity,
                value=sign * value,
            )
            for piece, value in zip(pieces, values, strict=True)
        ]
    return rows


def _laid(line: BillLine, candidates: Sequence[Ordered]) -> list[Piece]:
    """What is billed, on what was received first, then on what was ordered; what is too much stays with the first."""
    left = line.quantity
    portions: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for room in (lambda o: o.billable, lambda o: o.line.live - o.billed):
        for ordered in candidates:
            some = min(left, max(room(ordered), ZERO))
            portions[ordered.line.pk] += some
            ordered.billed += some
            left -= some
    portions[candidates[0].line.pk] += left
    candidates[0].billed += left
    pieces = []
    for ordered in candidates:
        left = portions[ordered.line.pk]
        for receipt in ordered.receipts:
            if some := min(left, receipt.free):
                receipt.billed += some
                left -= some
                pieces.append(Piece(line, ordered, receipt.line.pk, some, some))
        if left:
            ordered.unreceived += left
            pieces.append(Piece(line, ordered, None, left, left))
    return pieces


def _taken_back(line: BillLine, candidates: Sequence[Ordered]) -> list[Piece]:
    """What a credit note takes back: goods billed and never received or sent back since; else a part of the price."""
    ordered = candidates[0]
    price = line.net / line.quantity if line.quantity else ZERO
    billed = [receipt for receipt in ordered.receipts if receipt.billed > 0]
    if abs(price - ordered.line.price) > PRICE_CREDIT * ordered.line.price and billed:
        return [Piece(line, ordered, receipt.line.pk, ZERO, receipt.billed) for receipt in billed]
    left, pieces = line.quantity, []
    if some := min(left, max(ordered.unreceived, ZERO)):
        ordered.unreceived -= some
        left -= some
        pieces.append(Piece(line, ordered, None, some, some))
    # what went back first, then whatever was billed
    for over in (lambda r: r.billed - r.quantity, lambda r: r.billed):
        for receipt in billed:
            if some := min(left, max(over(receipt), ZERO)):
                receipt.billed -= some
                left -= some
                pieces.append(Piece(line, ordered, receipt.line.pk, some, some))
    if left:
        pieces.append(Piece(line, ordered, None, left, left))
    return _gathered(pieces)


def _gathered(pieces: Sequence[Piece]) -> list[Piece]:
    """One piece a receipt."""
    sums: dict[int | None, list[Piece]] = defaultdict(list)
    for piece in pieces:
        sums[piece.receipt].append(piece)
    return [
        Piece(
            same[0].bill_line,
            same[0].ordered,
            receipt,
            sum((p.quantity for p in same), ZERO),
            sum((p.weight for p in same), ZERO),
        )
        for receipt, same in sums.items()
    ]


def _found(bill: Bill, lines: Sequence[BillLine]) -> dict[int, list[int]]:
    """For each bill line the keys of the order lines that it may be, the likeliest first."""
    by_hand = chosen(bill)
    named = _named(bill)
    if named:
        rows, least = list(candidates(bill).filter(order__in=named)), ALIKE_IN_ORDER
    else:
        rows, least = _open(bill), ALIKE
    codes = _codes(rows)
    found = {}
    for line in lines:
        if line.pk in by_hand:
            keys = [key] if (key := by_hand[line.pk]) else []
        else:
            keys = [each.pk for each in _likely(line, rows, codes, least, is_named=bool(named))]
        if keys:
            found[line.pk] = keys
    return found


def candidates(bill: Bill) -> Any:
    """Lines of orders that were sent to the bill's party, in its currency."""
    return OrderLine.objects.filter(
        order__company=bill.company_id,
        order__supplier__party=bill.party_id,
        order__currency=bill.currency,
        order__state__in=BILLABLE,
    ).select_related("item", "order")


def _named(bill: Bill) -> list[int]:
    """The orders that the bill names; one bill may cover several."""
    words = [word for word in re.split(r"[\s,;]+", bill.order_reference.upper()) if word]
    if not words:
        return []
    orders = PurchaseOrder.objects.filter(
        company=bill.company_id, supplier__party=bill.party_id, currency=bill.currency, number__in=words
    )
    return list(orders.filter(state__in=BILLABLE).values_list("pk", flat=True))


def _open(bill: Bill) -> list[OrderLine]:
    """Where the bill names no order: what was sent to the party and is not billed in full, the earliest first."""
    rows = list(
        candidates(bill)
        .exclude(order__state=PurchaseOrder.State.CLOSED)
        .order_by("order__ordered_on", "pk")[:CANDIDATES]
    )
    done = standing.billed(row.pk for row in rows)
    if bill.kind == Bill.Kind.CREDIT_NOTE:
        return [row for row in rows if done[row.pk] > 0]
    return [row for row in rows if done[row.pk] < row.live]


def _codes(candidates: Sequence[OrderLine]) -> dict[int, set[str]]:
    """For each order line how its article may be called on a bill."""
    codes: dict[int, set[str]] = {}
    for row in candidates:
        names = (row.supplier_code, row.item.code if row.item else "")
        codes[row.pk] = {plain(name) for name in names if name}
    items = [row.item_id for row in candidates if row.item_id]
    bars: dict[int, set[str]] = defaultdict(set)
    for item, code in Barcode.objects.filter(item__in=items).values_list("item", "code"):
        bars[item].add(plain(code))
    for row in candidates:
        codes[row.pk] |= bars[row.item_id or 0]
    return codes


def _likely(
    line: BillLine, candidates: Sequence[OrderLine], codes: dict[int, set[str]], least: int, *, is_named: bool
) -> list[OrderLine]:
    """The order lines that a bill's line may be: by place, by code, by words."""
    if is_named and line.order_place.isdigit():
        by_place = [row for row in candidates if row.place == int(line.order_place)]
        if len(by_place) == 1:
            return by_place
    words = {plain(word) for word in line.text.split()}
    by_code = [row for row in candidates if plain(line.article) in codes[row.pk] - {""} or codes[row.pk] & words]
    if by_code:
        return sorted(by_code, key=lambda row: (abs(row.price - line.unit_price / line.price_per), row.pk))
    scored = [
        (fuzz.token_set_ratio(line.text.casefold(), row.words.casefold()), row) for row in candidates if line.text
    ]
    good = [(score, row) for score, row in scored if score >= least]
    best = max((score for score, _row in good), default=0)
    return [row for score, row in sorted(good, key=lambda pair: pair[1].pk) if score == best]


def plain(code: str) -> str:
    """A code without what people write differently."""
    return re.sub(r"[\W_]+", "", code).upper()


def rows_of(bill: Bill) -> list[MatchRow]:
    """The rows of a bill: of a draft the proposal, of a posted one what it booked and has not taken back."""
    if bill.state in UNPOSTED:
        return proposal(bill)
    rows = MatchRow.objects.filter(bill_line__bill=bill.pk).select_related("bill_line")
    return held(bill, "match.booked", lambda: list(rows.order_by("bill_line__place", "pk")))


def hold(bill: Bill) -> None:
    """Lock the order lines that the bill may bill, in the order of their keys, until the transaction ends."""
    keys = MatchRow.objects.filter(bill_line__bill=bill, entry=None).values("order_line")
    list(OrderLine.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))


def hold_items(bill: Bill) -> None:
    """Lock the stock positions that the bill's differences may touch, so that what is shared is what is written."""
    rows = proposal(bill)
    ordered = standing.seen(bill, {row.order_line_id for row in rows})
    billed = {row.receipt_line_id for row in rows}
    items = [
        each.line.item if each.line.item_id == receipt.line.item_id else receipt.line.item
        for each in ordered.values()
        for receipt in each.receipts
        if receipt.line.pk in billed
    ]
    if stock := {item.pk: item for item in items if item is not None}:
        holding.hold(bill.company_id, stock.values())
