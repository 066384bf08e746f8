"""The roundings of pay; which one applies is the calculator's matter, since each law names its own."""

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
ONE = Decimal(1)
PENNY = Decimal("0.01")
FOUR_PLACES = Decimal("0.0001")
HUNDRED = Decimal(100)


def half_up(amount: Decimal, unit: Decimal = PENNY) -> Decimal:
    """To the nearest unit, halves away from zero."""
    return amount.quantize(unit, ROUND_HALF_UP)


def half_down(amount: Decimal, unit: Decimal = PENNY) -> Decimal:
    """To the nearest unit, an exact half is dropped (HMRC Reg 12(1), NIM11002)."""
    return amount.quantize(unit, ROUND_HALF_DOWN)


def cut(amount: Decimal, unit: Decimal = PENNY) -> Decimal:
    """What goes beyond the unit is dropped, towards zero."""
    return amount.quantize(unit, ROUND_DOWN)


def floor(amount: Decimal, unit: Decimal = ONE) -> Decimal:
    """Down to the unit, below zero too."""
    return amount.quantize(unit, ROUND_FLOOR)


def ceiling(amount: Decimal, unit: Decimal = PENNY) -> Decimal:
    """Up to the unit."""
    return amount.quantize(unit, ROUND_CEILING)


def to_multiple(amount: Decimal, unit: Decimal) -> Decimal:
    """To the nearest multiple of a unit such as 1 or 0.05, halves away from zero."""
    return (amount / unit).quantize(ONE, ROUND_HALF_UP) * unit


def plain(amount: Decimal) -> str:
    """As a trace keeps it: no exponent."""
    return format(amount, "f")
