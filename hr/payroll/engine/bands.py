"""Bands: what lies between two limits bears one rate. The constants of a table are worked out, never typed in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hr.payroll.engine.rounding import FOUR_PLACES, HUNDRED, ONE, ZERO, ceiling, cut


@dataclass(frozen=True, slots=True)
class Band:
    """What exceeds `above`, up to and with `up_to` (None is open), bears `rate` percent."""

    above: Decimal
    up_to: Decimal | None
    rate: Decimal

    def width_of(self, amount: Decimal) -> Decimal:
        """How much of the amount lies in this band."""
        top = amount if self.up_to is None else min(amount, self.up_to)
        return max(top - self.above, ZERO)

    def part_of(self, amount: Decimal) -> Decimal:
        """The charge on what lies in this band, exact."""
        return self.width_of(amount) * self.rate / HUNDRED


def bands(rows: Iterable[Sequence[Any]]) -> tuple[Band, ...]:
    """Bands from rows (upper limit or nothing, rate in percent), beginning at nought.

    Raises `ValueError` when limits do not grow or something follows the open band.
    """
    made: list[Band] = []
    above: Decimal | None = ZERO
    for limit, rate in rows:
        if above is None:
            raise ValueError("Nothing can follow the open band.")
        up_to = None if limit in (None, "") else Decimal(limit)
        if up_to is not None and up_to <= above:
            raise ValueError("The limits of bands must grow.")
        made.append(Band(above, up_to, Decimal(rate)))
        above = up_to
    return tuple(made)


def charge(amount: Decimal, table: Iterable[Band]) -> Decimal:
    """What an amount bears over all bands, exact; negative amounts bear nothing."""
    return sum((band.part_of(amount) for band in table), ZERO)


def by_band(
    amount: Decimal, table: Iterable[Band], rounding: Callable[[Decimal], Decimal]
) -> list[tuple[Band, Decimal, Decimal]]:
    """Each band that the amount reaches: the band, how much lies in it, and its rounded charge."""
    return [(b, width, rounding(width * b.rate / HUNDRED)) for b in table if (width := b.width_of(amount))]


@dataclass(frozen=True, slots=True)
class Step:
    """A row of a cumulative table: up to a whole pound, so much for what lies below, and a rate on the rest."""

    up_to: Decimal | None
    above: Decimal
    constant: Decimal
    rate: Decimal


def steps(table: Sequence[Band], part: int, whole: int) -> tuple[Step, ...]:
    """The table for part of a year: limits compared as whole pounds rounded up, constants cut at four decimals."""
    made = []
    constant = ZERO
    for band in table:
        up_to = None if band.up_to is None else ceiling(band.up_to * part / whole, ONE)
        made.append(Step(up_to, cut(band.above * part / whole, FOUR_PLACES), cut(constant, FOUR_PLACES), band.rate))
        if band.up_to is not None:
            constant += (band.up_to - band.above) * band.rate / HUNDRED * part / whole
    return tuple(made)


def step_of(amount: Decimal, rows: Sequence[Step]) -> Step:
    """The row in which an amount lies."""
    return next(row for row in rows if row.up_to is None or amount <= row.up_to)
