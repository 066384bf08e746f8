"""Rounding and sharing of amounts: Decimal only, half away from zero, nothing lost.

"Half away from zero" is what tax law and paper invoices use (EN 16931 leaves the mode open,
HMRC VAT Notice 700 section 17.5 allows rounding to the nearest penny).
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)


def rounded(amount: Decimal, digits: int = 2) -> Decimal:
    """The amount with the currency's number of decimals, half away from zero."""
    return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def shared(total: Decimal, weights: Sequence[Decimal], digits: int = 2) -> list[Decimal]:
    """Split `total` in proportion to `weights` by largest remainder, so that the parts sum to the whole.

    Raises `ValueError` when all weights are zero and there is something to share.
    """
    whole = sum(weights, ZERO)
    if not whole:
        if total:
            raise ValueError("There is nothing to share by.")
        return [ZERO for _ in weights]
    unit = Decimal(1).scaleb(-digits)
    exact = [total * weight / whole for weight in weights]
    parts = [(value / unit).to_integral_value(rounding="ROUND_FLOOR") * unit for value in exact]
    missing = int((rounded(total, digits) - sum(parts, ZERO)) / unit)
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for index in order[:missing]:
        parts[index] += unit
    return parts
