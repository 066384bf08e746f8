"""Reckoning without a company: tax of a year, charges by bands, a slip from components; nothing is stored."""

import calendar
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hr.payroll.engine import formulas
from hr.payroll.engine.bands import Band, by_band, charge
from hr.payroll.engine.calculating import Case, Line, Period, calculate, line
from hr.payroll.engine.elements import DEDUCTION, EARNING, Element, ordered
from hr.payroll.engine.parameters import Parameters
from hr.payroll.engine.rounding import HUNDRED, ONE, ZERO, half_up, to_multiple


@dataclass(frozen=True, slots=True)
class AnnualTax:
    """Taxable income and the tax on it, surcharge included."""

    taxable: Decimal
    tax: Decimal


def annual_tax(
    income: Iterable[Decimal],
    allowed: Iterable[Decimal],
    slabs: Iterable[Band],
    *,
    surcharge: Decimal = ZERO,
    unit: Decimal = Decimal("0.01"),
) -> AnnualTax:
    """Tax of a year on income less what is allowed, with a surcharge in percent, to the nearest unit, halves up."""
    taxable = max(sum(income, ZERO) - sum(allowed, ZERO), ZERO)
    tax = charge(taxable, slabs) * (1 + surcharge / HUNDRED)
    return AnnualTax(taxable, to_multiple(tax, unit))


def contributions(
    earnings: Decimal, table: Iterable[Band], rounding: Callable[[Decimal], Decimal], *, each_band: bool = True
) -> Decimal:
    """Contributions on earnings: each band rounded for itself, or their sum once."""
    if each_band:
        return sum((amount for _band, _width, amount in by_band(earnings, table, rounding)), ZERO)
    return rounding(charge(earnings, table))


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a slip: an amount, or a formula over `base` and the other components."""

    name: str
    amount: Decimal | None = None
    formula: str = ""
    base: Decimal = ZERO
    is_deduction: bool = False
    is_prorated: bool = True


def slip(components: Sequence[Component], month: date, *, unpaid_days: Decimal = ZERO) -> dict[str, Decimal]:
    """Components by name, their gross and net, for a month of which some days are not paid; halves up to the cent.

    The order in which components are given does not matter. Raises `elements.Circle`, `formulas.Unreadable`.
    """
    days = Decimal(calendar.monthrange(month.year, month.month)[1])
    share = (days - unpaid_days) / days
    names = {component.name for component in components}
    parts = ordered(_part(component, names, share) for component in components)
    end = month.replace(day=int(days))
    period = Period(month.replace(day=1), end, end, str(month.year), month.month, 12)
    made = calculate(parts, {}, parameters=Parameters({}), ytd={}, period=period)
    found: dict[str, Decimal] = {each.code: each.amount for each in made.lines}
    return found | {"gross": made.gross, "deductions": made.deductions, "net": made.net}


def _part(component: Component, names: set[str], share: Decimal) -> Element:
    reads = frozenset(formulas.names_in(component.formula) & names) if component.formula else frozenset()

    def reckon(case: Case, part: Element) -> Line:
        values: Mapping[str, Decimal] = {name: case.base(name) for name in reads} | {"base": component.base}
        whole = formulas.value(component.formula, values) if component.formula else component.amount or ZERO
        # what is reckoned from other components is shortened with them already
        days = share if component.is_prorated and not reads else ONE
        return line(case, part, half_up(whole * days), formula=component.formula, share=days)

    kind = DEDUCTION if component.is_deduction else EARNING
    return Element(component.name, component.name, kind, reckon, reads=reads, feeds={component.name: 1})
