"""Student and postgraduate loans: a share of what exceeds the threshold of the period, down to whole pounds."""

from collections.abc import Iterable
from decimal import Decimal

from hr.payroll.engine.parameters import Parameters
from hr.payroll.engine.rounding import HUNDRED, ONE, ZERO, cut, floor

PLANS = ("1", "2", "4", "5")
POSTGRADUATE = "postgraduate"


def threshold(plan: str, of: int, parameters: Parameters) -> Decimal | None:
    """What is free in a period, cut to the penny; None when the plan is not collected yet."""
    annual = parameters["loans.thresholds"].get(plan)
    return None if annual is None else cut(annual / of)


def plan_that_counts(plans: Iterable[str], of: int, parameters: Parameters) -> str | None:
    """Of several undergraduate plans only the one with the lowest threshold counts."""
    known = [(limit, plan) for plan in plans if (limit := threshold(plan, of, parameters)) is not None]
    return min(known)[1] if known else None


def repayment(earnings: Decimal, plan: str, of: int, parameters: Parameters) -> Decimal:
    """What is taken in a period for a plan, or for the postgraduate loan; nothing while it is not collected."""
    free = threshold(plan, of, parameters)
    if free is None or earnings <= free:
        return ZERO
    rate: Decimal = parameters["loans.rates"][POSTGRADUATE if plan == POSTGRADUATE else "undergraduate"]
    return floor((earnings - free) * rate / HUNDRED, ONE)
