"""One payslip from its inputs: the elements in their order, each line with its trace. Pure: same inputs, same hash."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from hr.payroll.engine.elements import DEDUCTION, EARNING, EMPLOYER, Element
from hr.payroll.engine.parameters import Parameters
from hr.payroll.engine.rounding import ZERO, plain


@dataclass(frozen=True, slots=True)
class Period:
    """What is paid for and when: `number` counts the pay periods of the tax year, of which there are `of`."""

    starts_on: date
    ends_on: date
    pay_on: date
    tax_year: str
    number: int
    of: int


@dataclass(slots=True)
class Line:
    """What one element comes to: amount in the company's currency, how it came about, what it adds to the year."""

    code: str
    name: str
    kind: str
    amount: Decimal
    trace: dict[str, Any]
    adds: dict[str, Decimal] = field(default_factory=dict)


@dataclass(slots=True)
class Case:
    """What calculators may look at: inputs, parameters, the year to date before this period, and bases so far."""

    inputs: Mapping[str, Any]
    parameters: Parameters
    ytd: Mapping[str, Decimal]
    period: Period
    bases: dict[str, Decimal] = field(default_factory=dict)
    warnings: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def base(self, name: str) -> Decimal:
        """A named total so far; nothing fed it is nought."""
        return self.bases.get(name, ZERO)

    def to_date(self, code: str) -> Decimal:
        """The year to date before this period."""
        return self.ytd.get(code, ZERO)

    def warn(self, code: str, **details: Any) -> None:
        """Point out something that a person should look at before approving."""
        self.warnings.append((code, {name: str(value) for name, value in details.items()}))


@dataclass(slots=True)
class Slip:
    """The outcome for one employment and period."""

    lines: list[Line]
    bases: dict[str, Decimal]
    warnings: list[tuple[str, dict[str, str]]]
    gross: Decimal
    deductions: Decimal
    employer: Decimal
    net: Decimal
    adds: dict[str, Decimal]
    result_hash: str


def calculate(
    elements: Sequence[Element],
    inputs: Mapping[str, Any],
    *,
    parameters: Parameters,
    ytd: Mapping[str, Decimal],
    period: Period,
) -> Slip:
    """Work through the elements, which `elements.ordered` has put into their order.

    A calculator returns one line, several, or nothing. Raises what they raise: the caller says who it was.
    """
    case = Case(inputs, parameters, ytd, period)
    lines: list[Line] = []
    for element in elements:
        made = element.calculate(case, element)
        if made is None:
            continue
        for line in made if isinstance(made, list) else [made]:
            lines.append(line)
            for base, sign in element.feeds.items():
                case.bases[base] = case.bases.get(base, ZERO) + line.amount * sign
    return _totalled(case, lines)


def _totalled(case: Case, lines: list[Line]) -> Slip:
    gross, deductions, employer = (
        sum((line.amount for line in lines if line.kind == kind), ZERO) for kind in (EARNING, DEDUCTION, EMPLOYER)
    )
    adds: dict[str, Decimal] = {"gross": gross, "net": gross - deductions}
    for line in lines:
        for code, amount in line.adds.items():
            adds[code] = adds.get(code, ZERO) + amount
    return Slip(
        lines, case.bases, case.warnings, gross, deductions, employer, gross - deductions, adds, _hash_of(lines)
    )


def spelt(inputs: Mapping[str, Any]) -> str:
    """Inputs as JSON, always the same for the same inputs, in whatever order they were put together."""
    return json.dumps(inputs, sort_keys=True, separators=(",", ":"), default=_spelt)


def digest(*parts: str) -> str:
    """One name for everything that goes into a payslip: inputs, figures, version of the pack."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def line(case: Case, element: Element, amount: Decimal, adds: Iterable[str] = (), **trace: Any) -> Line:
    """A line of an element; `adds` names what of the year grows by its amount. Decimals of the trace become text."""
    shown = {name: plain(value) if isinstance(value, Decimal) else value for name, value in trace.items()}
    return Line(element.code, element.name, element.kind, amount, shown, dict.fromkeys(adds, amount))


def _hash_of(lines: list[Line]) -> str:
    return digest(*(f"{each.code}:{each.amount}:{each.trace}" for each in lines))


def _spelt(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)
