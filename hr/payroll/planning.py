"""What a company's pay consists of: the elements of the country and its own, in the order of their bases."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.organisation.models import Company
from hr.payroll.engine import formulas
from hr.payroll.engine.calculating import Case, Line, line
from hr.payroll.engine.elements import DEDUCTION, EARNING, Circle, ordered
from hr.payroll.engine.elements import Element as Part
from hr.payroll.engine.rounding import half_up, plain
from hr.payroll.models import Element
from hr.payroll.uk import pack

BASES = {"salary", *(base for base, _words in Element.BASES)}


def parts(company: Company, elements: Iterable[Element] | None = None) -> tuple[Part, ...]:
    """All elements in their order; `elements` are the company's active ones where they are read already. Raises `Refused` when they feed each other in a circle, or for another country."""
    if company.country != "GB" or company.currency != pack.CURRENCY:
        raise Refused(
            _("There are no rules of pay for %(country)s yet.") % {"country": company.country}, code="country"
        )
    if elements is None:
        elements = Element.objects.filter(company=company, is_active=True)
    own = [part_of(element) for element in elements]
    try:
        return ordered([*pack.ELEMENTS, *own])
    except Circle as circle:
        raise Refused(_("These elements of pay depend on each other: %s.") % circle, code="circle") from circle


def part_of(element: Element) -> Part:
    """A company's own element as the engine knows it; deductions lower the bases that they count towards."""
    sign = 1 if element.kind == Element.Kind.EARNING else -1
    reads = frozenset(formulas.names_in(element.formula) & BASES) if element.formula else frozenset()
    return Part(
        code=own_code(element),
        name=element.name,
        kind=EARNING if sign > 0 else DEDUCTION,
        calculate=_calculator(element.formula),
        reads=reads,
        feeds=dict.fromkeys(element.feeds, sign),
        debit="wages" if sign > 0 else "",
        credit="" if sign > 0 else "deductions",
    )


def own_code(element: Element) -> str:
    """How lines name a company's own element, apart from those of the law."""
    return f"own.{element.code}"[:24]


def _calculator(formula: str) -> Callable[[Case, Part], Line | None]:
    def reckon(case: Case, part: Part) -> Line | None:
        amount: Decimal | None = case.inputs.get("items", {}).get(part.code)
        if amount is None:
            return None
        if not formula:
            return line(case, part, amount, given=amount)
        names = {name: case.base(name) for name in part.reads} | {"amount": amount}
        made = line(case, part, half_up(formulas.value(formula, names)), formula=formula)
        made.trace |= {name: plain(value) for name, value in sorted(names.items())}
        return made

    return reckon
