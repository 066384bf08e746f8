"""Pay As You Earn: tax of a period from pay and tax to date, by the code (people C.5; HMRC's exact method)."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hr.payroll.engine.bands import Band, Step, step_of, steps
from hr.payroll.engine.parameters import Parameters
from hr.payroll.engine.rounding import FOUR_PLACES, HUNDRED, ONE, ZERO, ceiling, cut, floor
from hr.payroll.uk import tax_codes
from hr.payroll.uk.tax_codes import TaxCode

MONTHLY, WEEKLY = 12, 52
# What each 500 of a code number is worth in one period; the rest of the number follows the formula of the tables.
PER_500 = {MONTHLY: Decimal("416.67"), WEEKLY: Decimal("96.16")}


@functools.lru_cache(maxsize=4096)
def adjustment(number: int, of: int) -> Decimal:
    """What a code number frees (or adds) in the first period, rounded up to the penny: 1257 a month is 1,048.26."""
    if number == 0:
        return ZERO
    hundreds, rest = divmod(number - 1, 500)
    return ceiling(Decimal(10 * (rest + 1) + 9) / of) + hundreds * PER_500[of]


@dataclass(frozen=True, slots=True)
class Due:
    """The tax of a period with all that explains it; amounts in pounds."""

    tax: Decimal
    to_date: Decimal
    pay_to_date: Decimal
    free_to_date: Decimal
    taxable: Decimal
    period: int
    step: Step | None
    limit: Decimal | None


def tax_on(taxable: Decimal, table: Sequence[Step]) -> tuple[Decimal, Step]:
    """Tax on whole pounds by a table, down to the penny, and the row that applied."""
    row = step_of(taxable, table)
    return cut((taxable - row.above).quantize(FOUR_PLACES) * row.rate / HUNDRED + row.constant), row


def due(
    code: TaxCode,
    *,
    pay: Decimal,
    pay_before: Decimal,
    tax_before: Decimal,
    number: int,
    of: int,
    parameters: Parameters,
) -> Due:
    """The tax of a period; negative is a refund. In week 53, and for W1, M1 and X, the period stands alone.

    No more than half of the pay is taken, whatever the code; what is left out follows later by itself.
    """
    cumulative = code.cumulative and number <= of
    part = number if cumulative else 1
    total, paid = (pay + pay_before, tax_before) if cumulative else (pay, ZERO)
    free = adjustment(code.number, of) * part * (-1 if code.adds_to_pay else 1)
    taxable = max(floor(total - free, ONE), ZERO)
    row: Step | None = None
    if code.no_tax:
        to_date = ZERO
    elif code.flat:
        rate = parameters[f"paye.flat.{code.country}"][code.flat]
        row = Step(None, ZERO, ZERO, rate)
        to_date = cut(taxable * rate / HUNDRED)
    else:
        to_date, row = tax_on(taxable, _table(parameters, f"paye.bands.{code.country}", part, of))
    tax = to_date - paid
    limit = cut(max(pay, ZERO) * parameters["paye.limit_percent"] / HUNDRED)
    if tax > limit:
        return Due(limit, to_date, total, free, taxable, part, row, limit)
    return Due(tax, to_date, total, free, taxable, part, row, None)


def _table(parameters: Parameters, name: str, part: int, of: int) -> tuple[Step, ...]:
    key = (name, part, of)
    if key not in parameters.scratch:
        table: tuple[Band, ...] = parameters[name]
        parameters.scratch[key] = steps(table, part, of)
    made: tuple[Step, ...] = parameters.scratch[key]
    return made


def explained(code: TaxCode, found: Due, tax_before: Decimal, of: int) -> dict[str, Any]:
    """The trace of a tax line: every figure that a person needs to work it out again."""
    shown: dict[str, Any] = {
        "code": code.text,
        "basis": "cumulative" if code.cumulative else "this period alone",
        "period": f"{found.period} of {of}",
        "pay to date": found.pay_to_date,
        "added by the code" if code.adds_to_pay else "free to date": abs(found.free_to_date),
        "taxable, whole pounds": found.taxable,
    }
    if found.step is not None:
        shown |= {
            "rate": found.step.rate,
            "on what exceeds": found.step.above,
            "tax up to there": found.step.constant,
        }
    shown |= {"tax to date": found.to_date, "already paid": tax_before if code.cumulative else ZERO}
    if found.limit is not None:
        shown["not more than half of the pay"] = found.limit
    return shown


def readable(text: str) -> bool:
    """Whether this is a tax code."""
    try:
        tax_codes.read(text)
    except tax_codes.Unreadable:
        return False
    return True
