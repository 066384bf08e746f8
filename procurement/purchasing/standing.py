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
from django.db.models import Q, Sum

from backoffice.core.flow import held
from backoffice.core.rounding import ZERO
from finance.payables.models import Bill
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
    found = {line.pk: Ordered(line, is_received=False) for line in lines.order_by("pk")}
    if found:
        receipts = _receive(found, arriving)
        _bill(found, receipts, without)
    return found


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


def _receive(found: dict[int, Ordered], arriving: int | None) -> dict[int, Received]:
    kind = ContentType.objects.get_for_model(PurchaseOrder)
    expected = {row.pk: row for row in Expected.objects.filter(origin_type=kind, origin_line__in=found)}
    for row in expected.values():
        ordered = found[row.origin_line]
        ordered.is_received = True
        ordered.rejected += _in_order_unit(row.rejected, ordered.line)
    receipts: dict[int, Received] = {}
    arrived = Q(receipt__state=GoodsReceipt.State.POSTED) | Q(receipt=arriving or 0)
    lines = ReceiptLine.objects.filter(arrived, expected__in=expected, quantity__gt=0)
    for line in lines.select_related("receipt").order_by("receipt__received_on", "pk"):
        ordered = found[expected[line.expected_id or 0].origin_line]
        kept = line.quantity - line.returned
        received = Received(line, _in_order_unit(kept, ordered.line), line.value * kept / line.quantity)
        ordered.receipts.append(received)
        receipts[line.pk] = received
    return receipts


def _bill(found: dict[int, Ordered], receipts: dict[int, Received], without: Bill | None) -> None:
    rows = MatchRow.objects.filter(order_line__in=found, bill_line__bill__state__in=CLAIMING)
    if without is not None and without.pk:
        rows = rows.exclude(bill_line__bill=without.pk)
    sums = rows.order_by().values_list("order_line", "receipt_line")
    for key, receipt, quantity, cleared in sums.annotate(q=Sum("quantity"), c=Sum("cleared")):
        found[key].billed += quantity
        if receipt is None:
            found[key].unreceived += quantity
        elif receipt in receipts:
            receipts[receipt].billed += quantity
            receipts[receipt].cleared += cleared


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
