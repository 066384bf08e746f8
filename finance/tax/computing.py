"""Computing taxes: pure functions on Decimals, the same for preview, posting and import.

Document rounding (the default) rounds each tax once over its total base, as EN 16931 BR-CO-17
demands; line rounding rounds base and tax on every line. All rounding is half away from zero.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO, rounded, shared
from finance.tax.models import TaxCode

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Tax:
    """One tax as it applies on a day. `key` names it in results (the primary key of its code)."""

    key: Any
    kind: str
    rate: Decimal
    included: bool = False
    adds_to_base: bool = False


@dataclass(frozen=True)
class TaxableLine:
    """A line before tax: quantity times unit price less discount, under these taxes in their order."""

    quantity: Decimal
    unit_price: Decimal
    taxes: Sequence[Tax] = ()
    discount: Decimal = ZERO  # an amount, in the price's own terms (with tax where prices include it)

    @property
    def amount(self) -> Decimal:
        """Quantity times price less discount, not rounded."""
        return self.quantity * self.unit_price - self.discount


@dataclass
class LineTotals:
    """What a line comes to: net, and the tax that falls on it (an exact share until it is rounded)."""

    net: Decimal
    taxes: dict[Any, Decimal] = field(default_factory=dict)

    @property
    def tax(self) -> Decimal:
        return sum(self.taxes.values(), ZERO)

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax


@dataclass
class TaxTotal:
    """Base and amount of one tax over the whole document."""

    key: Any
    base: Decimal
    amount: Decimal


@dataclass
class Totals:
    """A document's totals in its currency: `net + tax == gross`, and the parts sum to the wholes."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    taxes: list[TaxTotal]
    lines: list[LineTotals]


def taxes_of(code: TaxCode | None, on: date) -> list[Tax]:
    """The taxes of a code on a day, groups opened; raises `Refused` when a tax has no rate yet on that day."""
    if code is None:
        return []
    if code.kind == TaxCode.Kind.GROUP:
        return [tax for member in code.members.all() for tax in taxes_of(member.member, on)]
    rate = next((r.rate for r in code.rates.all() if r.on <= on), None)  # newest first
    if rate is None:
        raise Refused(
            _("%(tax)s has no rate on %(day)s.") % {"tax": code.name, "day": date_format(on, "j M Y")}, code="tax_rate"
        )
    return [Tax(code.pk, code.kind, rate, code.included, code.adds_to_base)]


def taxes_by_code(codes: Iterable[TaxCode | None], on: date) -> dict[int | None, list[Tax]]:
    """The same for many lines: each code is asked once. Keys are those of the codes, None for no code."""
    found: dict[int | None, list[Tax]] = {}
    for code in codes:
        key = code.pk if code is not None else None
        if key not in found:
            found[key] = taxes_of(code, on)
    return found


def compute(lines: Sequence[TaxableLine], *, digits: int = 2, rounding: str = "document") -> Totals:
    """Totals of a document; `rounding` is "document" (each tax rounded once) or "line" (every line rounded).

    Prices that include a tax keep their gross: what is paid is the sum of the rounded line amounts,
    and net is that less the tax.
    """
    per_line = rounding == "line"
    exact = [_line(line, digits, per_line=per_line) for line in lines]
    bases: dict[Any, Decimal] = {}
    amounts: dict[Any, Decimal] = {}
    for result, line_bases in exact:
        for key, base in line_bases.items():
            bases[key] = bases.get(key, ZERO) + base
            amounts[key] = amounts.get(key, ZERO) + result.taxes[key]
    results = [result for result, _bases in exact]
    rows = [TaxTotal(key, rounded(bases[key], digits), rounded(amounts[key], digits)) for key in amounts]
    _settle_lines(lines, results, rows, digits)
    net = sum((result.net for result in results), ZERO)
    tax = sum((row.amount for row in rows), ZERO)
    included = {tax.key for line in lines for tax in line.taxes if tax.included}
    for row in rows:  # the base that a return shows is what was really taxed after rounding
        if row.key in included and len(rows) == 1:
            row.base = sum((r.net for r in results if row.key in r.taxes), ZERO)
    return Totals(net, tax, net + tax, rows, results)


def _line(line: TaxableLine, digits: int, *, per_line: bool) -> tuple[LineTotals, dict[Any, Decimal]]:
    """Net and taxes of one line, and the base of each of its taxes."""
    amount = line.amount
    if per_line:
        amount = rounded(amount, digits)
    net = without_included(amount, line.quantity, line.taxes)
    if per_line:
        net = rounded(net, digits)
    bases: dict[Any, Decimal] = {}
    result, base = LineTotals(net), net
    for tax in line.taxes:
        value = _tax_on(tax, base, line.quantity)
        value = rounded(value, digits) if per_line else value
        bases[tax.key] = bases.get(tax.key, ZERO) + base
        result.taxes[tax.key] = result.taxes.get(tax.key, ZERO) + value
        if tax.adds_to_base:
            base += value
    if per_line and any(tax.included for tax in line.taxes):
        _give_difference_to_net(line, result, amount)
    return result, bases


def _give_difference_to_net(line: TaxableLine, result: LineTotals, amount: Decimal) -> None:
    """What the customer pays is the price on the label: rounding falls on the net, not on the gross."""
    inside = sum((result.taxes[tax.key] for tax in line.taxes if tax.included), ZERO)
    result.net = amount - inside


def without_included(amount: Decimal, quantity: Decimal, taxes: Sequence[Tax]) -> Decimal:
    """The net of a price that includes some of its taxes.

    The gross is linear in the net, so two evaluations give factor and constant part.
    """
    if not any(tax.included for tax in taxes):
        return amount
    constant = _gross(ZERO, quantity, taxes)
    factor = _gross(Decimal(1), quantity, taxes) - constant
    return (amount - constant) / factor


def _gross(net: Decimal, quantity: Decimal, taxes: Sequence[Tax]) -> Decimal:
    """Net plus the included taxes only, exact."""
    base = total = net
    for tax in taxes:
        value = _tax_on(tax, base, quantity)
        if tax.included:
            total += value
        if tax.adds_to_base:
            base += value
    return total


def _tax_on(tax: Tax, base: Decimal, quantity: Decimal) -> Decimal:
    match tax.kind:
        case TaxCode.Kind.PERCENT:
            return base * tax.rate / HUNDRED
        case TaxCode.Kind.PERCENT_OF_GROSS:
            return base * tax.rate / (HUNDRED - tax.rate)
        case TaxCode.Kind.FIXED_PER_UNIT:
            return tax.rate * quantity
    raise ValueError(f"A {tax.kind} has no amount of its own.")


def _settle_lines(lines: Sequence[TaxableLine], results: list[LineTotals], rows: list[TaxTotal], digits: int) -> None:
    """Round the lines so that they sum to the document: taxes by largest remainder, included ones against the net."""
    for row in rows:
        touched = [result for result in results if row.key in result.taxes]
        if row.amount == sum((r.taxes[row.key] for r in touched), ZERO) and all(
            r.taxes[row.key] == rounded(r.taxes[row.key], digits) for r in touched
        ):
            continue
        weights = [r.taxes[row.key] for r in touched]
        parts = shared(row.amount, weights, digits) if sum(weights, ZERO) else [ZERO] * len(touched)
        for result, part in zip(touched, parts, strict=True):
            result.taxes[row.key] = part
    for line, result in zip(lines, results, strict=True):
        inside = [tax.key for tax in line.taxes if tax.included]
        if inside:
            result.net = rounded(line.amount, digits) - sum((result.taxes[key] for key in inside), ZERO)
        else:
            result.net = rounded(result.net, digits)


def spread_discount(lines: Sequence[TaxableLine], discount: Decimal, *, digits: int = 2) -> list[TaxableLine]:
    """Share a discount on the whole document over its lines in proportion to their amounts, nothing lost."""
    parts = shared(discount, [line.amount for line in lines], digits)
    return [
        TaxableLine(line.quantity, line.unit_price, line.taxes, line.discount + part)
        for line, part in zip(lines, parts, strict=True)
    ]
