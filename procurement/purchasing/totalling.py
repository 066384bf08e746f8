"""What an order comes to: pure sums, the same for the form, the preview and the paper (operations B0.8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from backoffice.core.rounding import ZERO, rounded
from finance.tax import computing
from finance.tax.computing import Tax, TaxableLine, Totals
from finance.tax.models import TaxCode
from procurement.purchasing.models import OrderLine

Taxes = dict[int | None, list[Tax]]


@dataclass(frozen=True)
class OrderTotals:
    """Sums in the order's currency; `net + tax == total`, a tax that we owe ourselves (reverse charge) left out."""

    net: Decimal
    tax: Decimal
    total: Decimal
    computed: Totals
    codes: dict[int, TaxCode]


def totals(lines: Sequence[OrderLine], *, on: date, digits: int) -> OrderTotals:
    """Sum up what still stands of the lines at the rates of a day. Raises `Refused` when a tax has no rate then."""
    taxes = computing.taxes_by_code([line.tax_code for line in lines], on)
    computed = computing.compute([_taxable(line, taxes, digits) for line in lines], digits=digits)
    codes = {single.pk: single for line in lines for single in _singles(line.tax_code)}
    tax = sum((t.amount for t in computed.taxes if not codes[t.key].is_reverse_charge), ZERO)
    return OrderTotals(computed.net, tax, computed.net + tax, computed, codes)


def net_of(line: OrderLine, digits: int) -> Decimal:
    """What still stands of the line times its price, rounded to the currency."""
    return rounded(line.live * line.price, digits)


def _taxable(line: OrderLine, taxes: Taxes, digits: int) -> TaxableLine:
    """The line for the tax computation: its rounding rides on the discount, so that the amount is what the paper says."""
    return TaxableLine(
        quantity=line.live,
        unit_price=line.price,
        taxes=taxes[line.tax_code_id],
        discount=line.live * line.price - net_of(line, digits),
    )


def _singles(code: TaxCode | None) -> list[TaxCode]:
    if code is None:
        return []
    return [m.member for m in code.members.all()] if code.kind == TaxCode.Kind.GROUP else [code]
