"""The minimum wage: the floor for an hour by age, and what an hour came to."""

from decimal import Decimal

from hr.payroll.engine.parameters import Parameters
from hr.payroll.engine.rounding import PENNY, cut


def floor_for(age: int, parameters: Parameters, *, apprentice: bool = False) -> Decimal:
    """The lowest lawful pay for an hour, in pounds."""
    if apprentice:
        kind = "apprentice"
    elif age >= 21:
        kind = "adult"
    else:
        kind = "youth" if age >= 18 else "under_18"
    found: Decimal = parameters["minimum_wage"][kind]
    return found


def hourly(pay: Decimal, hours: Decimal) -> Decimal | None:
    """What an hour came to, cut to the penny; None without hours."""
    return cut(pay / hours, PENNY) if hours else None
