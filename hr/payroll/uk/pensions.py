"""Automatic enrolment: who is to be enrolled, on what earnings contributions are due, and how they are taken."""

from dataclasses import dataclass
from decimal import Decimal

from hr.payroll.engine.parameters import Parameters
from hr.payroll.engine.rounding import HUNDRED, ONE, ZERO, half_up

NET_PAY, RELIEF, SACRIFICE = "net_pay", "relief_at_source", "sacrifice"
BASIC_RELIEF = Decimal("0.80")  # relief at source: the scheme claims the basic rate, the person pays the rest
ELIGIBLE_FROM, ELIGIBLE_UNTIL = 22, 66  # years of age: from 22 up to State Pension age


@dataclass(frozen=True, slots=True)
class Shares:
    """What a period's contributions come to, in pounds: taken from the person, relieved by the state, by the employer."""

    earnings: Decimal
    employee: Decimal
    relief: Decimal
    employer: Decimal


def in_period(annual: Decimal, of: int) -> Decimal:
    """A yearly limit of the scheme in a period, to the nearest pound, as the regulator publishes it."""
    return half_up(annual / of, ONE)


def qualifying(earnings: Decimal, of: int, parameters: Parameters) -> Decimal:
    """What lies within the band of qualifying earnings."""
    limits = parameters["pension.qualifying"]
    lower, upper = in_period(limits["lower"], of), in_period(limits["upper"], of)
    return max(min(earnings, upper) - lower, ZERO)


def must_enrol(earnings: Decimal, age: int, of: int, parameters: Parameters) -> bool:
    """Whether somebody of this age with these earnings is to be enrolled by the employer."""
    is_of_age = ELIGIBLE_FROM <= age < ELIGIBLE_UNTIL
    return is_of_age and earnings > in_period(parameters["pension.trigger"], of)


def shares(earnings: Decimal, arrangement: str, employee: Decimal, employer: Decimal) -> Shares:
    """Contributions on pensionable earnings by their percentages, each to the nearest penny.

    Under relief at source the person's share includes the relief, so less is taken. Under salary sacrifice the
    person gives up pay and the employer pays it in.
    """
    own, theirs = half_up(earnings * employee / HUNDRED), half_up(earnings * employer / HUNDRED)
    if arrangement == RELIEF:
        taken = half_up(own * BASIC_RELIEF)
        return Shares(earnings, taken, own - taken, theirs)
    if arrangement == SACRIFICE:
        return Shares(earnings, own, ZERO, own + theirs)
    return Shares(earnings, own, ZERO, theirs)
