"""Elements: the parts of pay, what bases they read and feed, and the order that follows from that."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

EARNING, DEDUCTION, EMPLOYER, INFORMATION = "earning", "deduction", "employer", "information"


@dataclass(frozen=True)
class Element:
    """A part of pay. It reads bases (named totals such as taxable pay) and feeds others, with a sign.

    Calculators read bases, never elements: so a country or a company adds elements without touching others.
    """

    code: str
    name: str
    kind: str
    calculate: Callable[..., Any]
    reads: frozenset[str] = frozenset()
    feeds: Mapping[str, int] = field(default_factory=dict)
    debit: str = ""  # the roles of the ledger that it is posted to; net pay takes the other side where one is empty
    credit: str = ""


class Circle(ValueError):
    """Elements feed each other in a circle; the message names them."""


def ordered(elements: Iterable[Element]) -> tuple[Element, ...]:
    """Elements so that each comes after all that feed a base it reads; equal ones by code, so always the same.

    Raises `Circle`.
    """
    known = {element.code: element for element in sorted(elements, key=lambda e: e.code)}
    feeders: dict[str, set[str]] = {}
    for element in known.values():
        for base in element.feeds:
            feeders.setdefault(base, set()).add(element.code)
    graph = {
        element.code: {code for base in element.reads for code in feeders.get(base, ())} for element in known.values()
    }
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        raise Circle(" → ".join(error.args[1])) from None
    order: list[Element] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order += [known[code] for code in ready]
        sorter.done(*ready)
    return tuple(order)
