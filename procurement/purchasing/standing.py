"""How order lines stand for billing: what was ordered, received and billed, and which receipts are left to bill.

Everything is read and nothing stored (operations B0.1): received from stock's receipts, billed from the match.
Quantities are in the unit of the order line.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Q, Subquery, Sum

from backoffice.core.flow import held, once_a_page
from backoffice.core.rounding import ZERO
from finance.payables.models import Bill
from inventory.stock import costing
from inventory.stock.models import Expected, GoodsReceipt, ReceiptLine
from procurement.purchasing.models import MatchRow, OrderLine, PurchaseOrder
from procurement.suppliers.models import BilledOn

# A draft bill claims nothing: two drafts may lie side by side until one of them is submitted.
CLAIMING = (Bill.State.SUBMITTED, Bill.State.APPROVED, Bill.State.POSTED)


@dataclass
class Received:
    """One receipt of an order line: what stays of it after returns, what it is worth, and what of it is billed."""

    line: ReceiptLine
    quantity: Decimal
    value: Decimal
    billed: Decimal = ZERO
    cleared: Decimal = ZERO

    @property
    def free(self) -> Decimal:
        """What is left to bill of it."""
        return max(self.quantity - self.billed, ZERO)

    def worth(self, quantity: Decimal) -> Decimal:
        """What so much of it is owed at, unrounded; company currency."""
        return self.value * quantity / self.quantity if self.quantity else ZERO


@dataclass
class Ordered:
    """An order line for billing; `is_received` says whether it is a thing that is received at all."""

    line: OrderLine
    is_received: bool
    rejected: Decimal = ZERO
    receipts: list[Received] = field(default_factory=list)
    refused: list[ReceiptLine] = field(default_factory=list)  # lines of posted receipts that refused some of it
    billed: Decimal = ZERO
    unreceived: Decimal = ZERO  # billed and not received yet

    def copy(self) -> "Ordered":
        """The same to count on with."""
        return replace(self, receipts=[replace(receipt) for receipt in self.receipts])

    @property
    def order(self) -> PurchaseOrder:
        return self.line.order

    @property
    def received(self) -> Decimal:
        """Accepted and not sent back."""
        return sum((each.quantity for each in self.receipts), ZERO)

    @property
    def is_billed_on_receipt(self) -> bool:
        """Whether a bill waits for goods; services, and orders that are billed in advance, wait for nothing."""
        return self.is_received and self.order.billed_on == BilledOn.RECEIPT

    @property
    def billable(self) -> Decimal:
        """What may be billed now: what was received, or, where a bill waits for nothing, what was ordered."""
        return max((self.received if self.is_billed_on_receipt else self.line.live) - self.billed, ZERO)


def of(keys: Iterable[int], *, without: Bill | None = None, arriving: int | None = None) -> dict[int, Ordered]:
    """Order lines by key, apart from what the bill `without` claims; a fixed number of queries.

    `arriving` is a receipt that is being posted at this moment: it counts although its state does not say so yet.
    """
    lines = OrderLine.objects.filter(pk__in=set(keys)).select_related(
        "order__company", "order__supplier", "order__buyer", "item__category", "item__unit", "unit", "account", "cost_centre", "tax_code"
    )  # fmt: skip
    expected = Expected.objects.filter(
        origin_type=ContentType.objects.get_for_model(PurchaseOrder), origin_line=OuterRef("pk")
    )
    rejected = expected.order_by().values("origin_line").annotate(sum=Sum("rejected")).values("sum")
    claims = _claims(without)
    lines = lines.annotate(
        _rejected=Subquery(rejected), _early=_sum(claims.filter(receipt_line=None), "order_line", "quantity")
    )
    found = {
        line.pk: Ordered(
            line,
            line._rejected is not None,
            _in_order_unit(line._rejected or ZERO, line),
            unreceived=line._early or ZERO,
        )
        for line in lines.order_by("pk")
    }
    if found:
        _receive(found, arriving, claims)
    for ordered in found.values():
        ordered.billed = sum((receipt.billed for receipt in ordered.receipts), ordered.unreceived)
    return found


def of_order(order: PurchaseOrder) -> dict[int, Ordered]:
    """The lines of an order by key, in their order; not to be changed, since the parts of a page share them."""
    return once_a_page(order, "order.standing", lambda: of(order.lines.order_by("place").values_list("pk", flat=True)))


def received(keys: Iterable[int]) -> set[int]:
    """Which of these order lines are things that are received at all."""
    kind = ContentType.objects.get_for_model(PurchaseOrder)
    return set(
        Expected.objects.filter(origin_type=kind, origin_line__in=set(keys)).values_list("origin_line", flat=True)
    )


def seen(bill: Bill, keys: Iterable[int]) -> dict[int, Ordered]:
    """Order lines apart from what the bill claims, read once while a verb holds the bill; not to be changed."""
    known: dict[int, Ordered] = held(bill, "match.standing", dict)
    wanted = sorted(set(keys))
    if missing := [key for key in wanted if key not in known]:
        known |= of(missing, without=bill)
    return {key: known[key] for key in wanted if key in known}


def _receive(found: dict[int, Ordered], arriving: int | None, claims: Any) -> None:
    kind = ContentType.objects.get_for_model(PurchaseOrder)
    arrived = Q(receipt__state=GoodsReceipt.State.POSTED) | Q(receipt=arriving or 0)
    lines = ReceiptLine.objects.filter(arrived, expected__origin_type=kind, expected__origin_line__in=found)
    lines = lines.filter(Q(quantity__gt=0) | Q(rejected__gt=0)).select_related("receipt", *costing.JOINS)
    lines = lines.annotate(
        _billed=_sum(claims, "receipt_line", "quantity"), _cleared=_sum(claims, "receipt_line", "cleared")
    )
    for line in lines.order_by("receipt__received_on", "pk"):
        ordered = found[line.expected.origin_line]  # type: ignore[union-attr]
        if line.rejected:
            ordered.refused.append(line)
        if not line.quantity:
            continue
        kept = line.quantity - line.returned
        value = line.value * kept / line.quantity
        billed, cleared = line._billed or ZERO, line._cleared or ZERO
        ordered.receipts.append(Received(line, _in_order_unit(kept, ordered.line), value, billed, cleared))


def _claims(without: Bill | None) -> Any:
    """The rows of bills that claim something, for a sum of each order line or receipt."""
    rows = MatchRow.objects.filter(bill_line__bill__state__in=CLAIMING).order_by()
    return rows.exclude(bill_line__bill=without.pk) if without is not None and without.pk else rows


def _sum(rows: Any, by: str, name: str) -> Subquery:
    """What a column comes to for the row outside, nothing where there is none."""
    return Subquery(rows.filter(**{by: OuterRef("pk")}).values(by).annotate(_sum=Sum(name)).values("_sum"))


def billed(keys: Iterable[int]) -> dict[int, Decimal]:
    """What of order lines is billed and not credited, in their unit; drafts do not count."""
    rows = MatchRow.objects.filter(order_line__in=set(keys), bill_line__bill__state__in=CLAIMING)
    sums = rows.order_by().values_list("order_line").annotate(sum=Sum("quantity"))
    return defaultdict(lambda: ZERO, dict(sums))


def bills_of(order: PurchaseOrder) -> Any:
    """The bills that bill something of an order, the newest first."""
    return Bill.objects.filter(Q(lines__matches__order_line__order=order)).distinct().order_by("-bill_date", "-pk")


def _in_order_unit(base: Decimal, line: OrderLine) -> Decimal:
    """So many base units in the unit of the order line; exact where six decimals hold it."""
    return (base * line.denominator / line.numerator).quantize(Decimal("0.000001")).normalize() + ZERO
