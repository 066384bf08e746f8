"""National Insurance of a period, exact percentages; each product to the nearest penny, an exact half is dropped."""

from dataclasses import dataclass
from decimal import Decimal

from hr.payroll.engine.bands import Band, by_band
from hr.payroll.engine.parameters import Parameters
from hr.payroll.engine.rounding import ZERO, half_down

CATEGORIES = "ABCDEFHIJKLMNSVXZ"
SPANS = {52: "week", 12: "month", 1: "year"}


@dataclass(frozen=True, slots=True)
class Contributions:
    """What employee and employer owe, with the bands: (above, how much lies there, percent, amount)."""

    employee: Decimal
    employer: Decimal
    employee_rows: list[tuple[Band, Decimal, Decimal]]
    employer_rows: list[tuple[Band, Decimal, Decimal]]


def tables(category: str, of: int, parameters: Parameters) -> tuple[tuple[Band, ...], tuple[Band, ...]]:
    """The bands of employee and employer for a category and an earnings period (52, 12 or 1 a year)."""
    key = ("ni", category, of)
    if key not in parameters.scratch:
        span = SPANS[of]
        limits = {
            "primary": parameters["ni.primary_threshold"][span],
            "secondary": parameters["ni.secondary_threshold"][span],
            "freeport": parameters["ni.freeport_threshold"][span],
            "upper": parameters["ni.upper_earnings_limit"][span],
        }
        main, upper = (parameters[f"ni.{name}"][category] for name in ("employee_rates", "employee_upper_rates"))
        employee = (
            Band(limits["primary"], limits["upper"], main),
            Band(limits["upper"], None, upper),
        )
        starts = parameters["ni.employer_starts"][category]
        employer = () if starts == "never" else (Band(limits[starts], None, parameters["ni.employer_rate"]),)
        parameters.scratch[key] = (tuple(band for band in employee if band.rate), employer)
    made: tuple[tuple[Band, ...], tuple[Band, ...]] = parameters.scratch[key]
    return made


def due(earnings: Decimal, category: str, of: int, parameters: Parameters) -> Contributions:
    """The contributions on the earnings of one earnings period; they do not look at other periods."""
    employee, employer = (by_band(earnings, table, half_down) for table in tables(category, of, parameters))
    return Contributions(_sum(employee), _sum(employer), employee, employer)


def _sum(rows: list[tuple[Band, Decimal, Decimal]]) -> Decimal:
    return sum((amount for _band, _width, amount in rows), ZERO)
