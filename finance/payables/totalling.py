"""What a bill comes to: pure sums, the same for the form, the preview, the posting and an import.

Each line is rounded to the currency before it is taxed, VAT is rounded once for each rate (operations B0.8);
what the supplier states as VAT is paid as it stands when it lies within the tolerance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO, rounded
from finance.payables.models import Bill, BillLine
from finance.tax import computing
from finance.tax.computing import Tax, TaxableLine, Totals
from finance.tax.models import TaxCode

Taxes = dict[int | None, list[Tax]]
TOLERANCE = Decimal("0.01")  # for each line, in the bill's currency (operations B0.8)


@dataclass(frozen=True)
class BillTotals:
    """A bill's sums in its currency, positive as on the paper; `net + tax == total`.

    `computed` holds the taxes by code with the share of each line, those of a reverse charge among them;
    `difference` is the stated VAT less the computed one, zero where none is stated.
    """

    net: Decimal
    tax: Decimal
    total: Decimal
    difference: Decimal
    computed: Totals
    codes: dict[int, TaxCode]


def totals(
    lines: Sequence[BillLine],
    *,
    on: date,
    digits: int = 2,
    rounding: str = Bill.Rounding.DOCUMENT,
    stated_tax: Decimal | None = None,
    strict: bool = True,
) -> BillTotals:
    """Sum up lines at the rates of a day (the tax point); a draft may be summed up without being `strict`.

    Raises `Refused` when a tax has no rate on that day, or when the stated VAT lies outside the tolerance.
    """
    taxes = computing.taxes_by_code([line.tax_code for line in lines], on)
    computed = computing.compute([_taxable(line, taxes, digits) for line in lines], digits=digits, rounding=rounding)
    codes = _codes(lines)
    charged = sum((t.amount for t in computed.taxes if not codes[t.key].is_reverse_charge), ZERO)
    difference = ZERO if stated_tax is None else stated_tax - charged
    if strict and abs(difference) > TOLERANCE * max(len(lines), 1):
        raise Refused(
            _("The paper states %(stated)s VAT, the lines give %(computed)s: more than the tolerance of %(tolerance)s.")
            % {"stated": _plain(stated_tax), "computed": _plain(charged), "tolerance": TOLERANCE * max(len(lines), 1)},
            code="stated_tax",
        )
    tax = charged + difference
    return BillTotals(computed.net, tax, computed.net + tax, difference, computed, codes)


def of(bill: Bill, lines: Sequence[BillLine], digits: int, *, strict: bool = True) -> BillTotals:
    """The sums of a bill with these lines."""
    return totals(
        lines, on=bill.tax_point, digits=digits, rounding=bill.tax_rounding, stated_tax=bill.stated_tax, strict=strict
    )


def net_of(line: BillLine, digits: int) -> Decimal:
    """Quantity times price, less discount, rounded to the currency."""
    return rounded(line.quantity * line.unit_price / line.price_per - line.discount, digits)


def _taxable(line: BillLine, taxes: Taxes, digits: int) -> TaxableLine:
    """The line for the tax computation: its rounding rides on the discount, so that the amount is what the paper says."""
    price = line.unit_price / line.price_per
    return TaxableLine(
        quantity=line.quantity,
        unit_price=price,
        taxes=taxes[line.tax_code_id],
        discount=line.quantity * price - net_of(line, digits),
    )


def _codes(lines: Sequence[BillLine]) -> dict[int, TaxCode]:
    """The single taxes behind the lines' codes, groups opened."""
    found: dict[int, TaxCode] = {}
    for line in lines:
        code = line.tax_code
        if code is None:
            continue
        singles = [m.member for m in code.members.all()] if code.kind == TaxCode.Kind.GROUP else [code]
        found |= {single.pk: single for single in singles}
    return found


def _plain(amount: Decimal | None) -> str:
    return f"{amount or ZERO:,.2f}"
