"""Judging a matched bill: what it bills beside what was ordered and received, and what of the difference is tolerated."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from backoffice.core.rounding import ZERO, rounded
from backoffice.currencies import conversion
from finance.payables.models import Bill, BillLine, PaymentBlock
from finance.payables.slots import Finding, Verdict
from inventory.stock.models import ReceiptLine
from procurement.purchasing import matching, standing
from procurement.purchasing.models import Acceptance, MatchRow, PurchaseOrder, Tolerance
from procurement.purchasing.standing import Ordered

Reason = PaymentBlock.Reason
HUNDRED = Decimal(100)


@dataclass
class Compared:
    """A bill's line beside its order line (None: nobody ordered it). Quantities in the order's unit, prices net.

    `difference` is what the line bills over what was received (or ordered, where nothing is received) at the order's
    price, in the bill's currency. What is out of tolerance stands in `findings`; `is_off` marks what differs at all.
    """

    line: BillLine
    ordered: Ordered | None
    billed: Decimal
    value: Decimal
    tolerance: Tolerance
    findings: list[Finding] = field(default_factory=list)

    @property
    def price(self) -> Decimal:
        """What one unit costs on the bill."""
        return self.value / self.billed if self.billed else ZERO

    @property
    def order_price(self) -> Decimal:
        return self.ordered.line.price if self.ordered else ZERO

    @property
    def due(self) -> Decimal:
        """How many may be billed."""
        return min(self.billed, self.ordered.billable) if self.ordered else ZERO

    @property
    def over(self) -> Decimal:
        """How many are billed beyond that."""
        return self.billed - self.due

    @property
    def price_is_off(self) -> bool:
        """Whether the price differs by more than its rounding."""
        return bool(self.ordered) and rounded(self.billed * self.order_price, 2) != rounded(self.value, 2)

    @property
    def difference(self) -> Decimal:
        return self.value - rounded(self.due * self.order_price, 2)

    @property
    def percent(self) -> Decimal:
        """By how much the price differs from the order's, in per cent."""
        if not self.order_price:
            return HUNDRED if self.price else ZERO
        return (self.price - self.order_price) / self.order_price * HUNDRED


@dataclass
class Comparison:
    """A bill beside its orders."""

    bill: Bill
    rows: list[Compared]
    acceptance: Acceptance | None = None
    digest: str = ""

    @property
    def findings(self) -> list[Finding]:
        """What is out of tolerance and nobody accepted."""
        return [] if self.acceptance else [finding for row in self.rows for finding in row.findings]

    @property
    def all_findings(self) -> list[Finding]:
        """What is out of tolerance, accepted or not."""
        return [finding for row in self.rows for finding in row.findings]

    @property
    def difference(self) -> Decimal:
        """What the bill comes to over what was ordered and received, net, in its currency."""
        return sum((row.difference for row in self.rows), ZERO)

    @property
    def off(self) -> int:
        """How many differences there are: each of price and quantity of each line, and what nobody ordered."""
        return sum(
            1 if row.ordered is None else int(row.price_is_off) + int(bool(row.over))
            for row in self.rows
            if row.difference
        )

    @property
    def orders(self) -> list[PurchaseOrder]:
        """The orders that the bill bills, by number."""
        found = {row.ordered.order.pk: row.ordered.order for row in self.rows if row.ordered}
        return sorted(found.values(), key=lambda order: order.number)

    @property
    def receipts(self) -> list[Any]:
        """The receipts behind them, by number."""
        found = {r.line.receipt.pk: r.line.receipt for row in self.rows if row.ordered for r in row.ordered.receipts}
        return sorted(found.values(), key=lambda receipt: receipt.number)


def compare(bill: Bill, *, arriving: int | None = None) -> Comparison | None:
    """The bill beside what was ordered; None where none of its lines is matched, or where it is a credit note.

    `arriving` is a receipt that is being posted (`standing.of`).
    """
    if bill.kind == Bill.Kind.CREDIT_NOTE or bill.pk is None:
        return None
    sums: dict[int, dict[int, list[Decimal]]] = defaultdict(dict)
    for row in matching.rows_of(bill):
        pair = sums[row.bill_line_id].setdefault(row.order_line_id, [ZERO, ZERO])
        pair[0] += row.quantity
        pair[1] += row.value
    keys = {key for pairs in sums.values() for key, (quantity, value) in pairs.items() if quantity or value}
    if not keys:
        return None
    ordered = standing.of(keys, without=bill, arriving=arriving) if arriving else standing.seen(bill, keys)
    rules = Rules(bill, [each.order for each in ordered.values()])
    rows: list[Compared] = []
    for line in matching.lines_of(bill):
        pairs = {key: pair for key, pair in sums.get(line.pk, {}).items() if key in ordered}
        rows += [
            Compared(line, ordered[key], quantity, value, rules.of(ordered[key]))
            for key, (quantity, value) in pairs.items()
        ]
        if not pairs:
            rows.append(Compared(line, None, line.quantity, line.net, rules.of(None)))
    _find(bill, rows)
    comparison = Comparison(bill, rows, digest=_digest(rows))
    if any(row.findings for row in rows):
        comparison.acceptance = (
            Acceptance.objects.filter(bill=bill, digest=comparison.digest).select_related("by").last()
        )
    return comparison


def seen(bill: Bill) -> Comparison | None:
    """The same, read once for an instance; matching it anew forgets what was seen."""
    if "_compared" not in bill.__dict__:
        bill.__dict__["_compared"] = compare(bill)
    found: Comparison | None = bill.__dict__["_compared"]
    return found


class Rules:
    """The tolerances that may concern a bill, read once; without any, what the model proposes."""

    def __init__(self, bill: Bill, orders: Sequence[PurchaseOrder]) -> None:
        suppliers = {order.supplier_id for order in orders}
        rows = Tolerance.objects.filter(
            Q(supplier=None) | Q(supplier__in=suppliers), company=bill.company_id, step=Tolerance.Step.ORDER_BILL
        ).order_by(F("supplier").asc(nulls_last=True), F("category").asc(nulls_last=True))
        self.rows = [*rows, Tolerance(company_id=bill.company_id)]
        self.suppliers = suppliers

    def of(self, ordered: Ordered | None) -> Tolerance:
        """The narrowest rule: supplier and category, supplier, category, company."""
        category = None
        if ordered is not None:
            category = ordered.line.category_id or (ordered.line.item.category_id if ordered.line.item else None)
        supplier = ordered.order.supplier_id if ordered else next(iter(self.suppliers), None)
        fitting = (r for r in self.rows if r.supplier_id in (None, supplier) and r.category_id in (None, category))
        return next(fitting)


def _find(bill: Bill, rows: Sequence[Compared]) -> None:
    """Write down what is out of tolerance, at the line that it is about."""
    buyer = next((row.ordered.order.buyer_id for row in rows if row.ordered), None)
    for row in rows:
        if row.ordered is not None:
            _find_price(row)
            _find_quantity(row)
    loose = [row for row in rows if row.ordered is None and row.value]
    own = bill.company.currency
    extra = conversion.converted(sum((row.value for row in loose), ZERO), bill.known_rate, own)
    if loose and abs(extra) > loose[0].tolerance.freight_amount:
        for row in loose:
            words = _("%(amount)s for “%(line)s” was not ordered.") % {
                "amount": _money(row.value),
                "line": row.line.text,
            }
            row.findings.append(Finding(words, Reason.NO_ORDER, buyer))
    _find_cap(bill, rows, buyer)


def _find_price(row: Compared) -> None:
    rule, percent = row.tolerance, row.percent
    apart = row.price - row.order_price
    most = max(rule.price_percent * row.order_price / HUNDRED, rule.price_amount)
    least = rule.under_percent * row.order_price / HUNDRED
    if not row.price_is_off or -max(least, rule.price_amount) <= apart <= most:
        return
    words = {"line": _name(row), "percent": _percent(abs(percent))}
    if apart > 0:
        text = _("%(line)s: the price is %(percent)s over the order; the limit is %(limit)s.") % {
            **words,
            "limit": _percent(most / row.order_price * HUNDRED if row.order_price else ZERO),
        }
    else:
        text = _("%(line)s: the price is %(percent)s under the order; perhaps it is another article.") % words
    buyer = row.ordered.order.buyer_id if row.ordered else None
    row.findings.append(Finding(text, Reason.PRICE, buyer))


def _find_quantity(row: Compared) -> None:
    ordered = row.ordered
    assert ordered is not None
    if row.over <= row.tolerance.quantity_percent * ordered.line.live / HUNDRED:
        return
    words = {"line": _name(row), "billed": _plain(row.billed), "due": _plain(row.due), "of": _plain(ordered.line.live)}
    if ordered.is_billed_on_receipt and not ordered.received:
        text = _("%(line)s: %(billed)s are billed and nothing has come yet.") % words
        row.findings.append(Finding(text, Reason.NO_RECEIPT, ordered.order.buyer_id))
        return
    kind = _("%(line)s: %(billed)s are billed, %(due)s were received and are left to bill.")
    text = (
        kind if ordered.is_billed_on_receipt else _("%(line)s: %(billed)s are billed, %(due)s were ordered.")
    ) % words
    if ordered.refused:
        text += " " + refused_words(ordered.refused)
    row.findings.append(Finding(text, Reason.QUANTITY, ordered.order.buyer_id))


def _find_cap(bill: Bill, rows: Sequence[Compared], buyer: int | None) -> None:
    """Small differences may add up: the cap of the whole bill counts where no line is out of tolerance by itself."""
    cap = max((row.tolerance.document_amount for row in rows), default=ZERO)
    if not cap or any(row.findings for row in rows):
        return
    total = conversion.converted(sum((row.difference for row in rows), ZERO), bill.known_rate, bill.company.currency)
    if abs(total) > cap:
        text = _("All differences together are %(total)s; the limit is %(cap)s.") % {
            "total": _money(total),
            "cap": _money(cap),
        }
        rows[0].findings.append(Finding(text, Reason.PRICE, buyer))


def refused_words(lines: Sequence[ReceiptLine]) -> str:
    """Twelve were refused: how many, why, and on which receipt."""
    return " ".join(
        _("%(number)s were refused: %(why)s (%(receipt)s).")
        % {"number": _plain(each.rejected), "why": each.get_reason_display().lower(), "receipt": each.receipt.number}
        for each in lines
    )


class MatchCheck:
    """What purchasing says of a bill; fills `payables.bill_checks`."""

    def prepare(self, bill: Bill, *, by: Any) -> None:
        """Match anew under the locks of the order lines, so that two bills never bill the same goods unnoticed."""
        matching.propose(bill, locks=True)
        matching.hold_items(bill)
        bill.__dict__.pop("_compared", None)

    def judge(self, bill: Bill) -> Verdict | None:
        """Touchless where everything is ordered, received and within tolerance (decision 034)."""
        comparison = seen(bill)
        if comparison is None:
            return None
        return Verdict(
            step=_("Matched"),
            note=note_of(comparison),
            is_touchless=not comparison.all_findings,
            findings=tuple(comparison.findings),
        )


def note_of(comparison: Comparison) -> str:
    """The words under the step: 3 differences, GBP 570.40."""
    if comparison.acceptance:
        return _("accepted by %s") % comparison.acceptance.by.short
    if not comparison.off:
        return ", ".join(order.number for order in comparison.orders)
    number = comparison.off
    words = _("%s difference") % number if number == 1 else _("%s differences") % number
    return f"{words}, {comparison.bill.currency} {_money(comparison.difference)}"


def credit_to_ask(comparison: Comparison) -> Decimal:
    """What the supplier should credit: the difference with the VAT of its lines, in the bill's currency."""
    bill = comparison.bill
    net = comparison.difference
    return rounded(net * bill.total / bill.net, conversion.digits(bill.currency)) if bill.net else net


def _digest(rows: Sequence[Compared]) -> str:
    """What an acceptance is about: if any of it changes, it is void."""
    said = [
        [
            row.line.place,
            row.ordered.line.pk if row.ordered else 0,
            _plain(row.billed),
            _plain(row.value),
            _plain(row.difference),
        ]
        for row in rows
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _name(row: Compared) -> str:
    line = row.ordered.line if row.ordered else None
    return line.item.code if line is not None and line.item else row.line.text


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"


def _money(value: Decimal) -> str:
    return f"{value:,.2f}"


def _percent(value: Decimal) -> str:
    return f"{rounded(value, 1).normalize():f}%"


def rows_in_books(bill: Bill) -> Any:
    """The rows of a posted bill that stand in its entry."""
    return MatchRow.objects.filter(bill_line__bill=bill, entry__isnull=False)
