"""Parameters: figures of the law with the day they hold from, the day we knew them, and where they are written."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from hr.payroll.engine.bands import bands


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: a number, a table of bands (rows of limit and rate) or names with numbers, as text."""

    code: str
    valid_from: date
    value: Any
    source: str
    recorded_at: datetime | None = None
    key: str = ""


class Missing(LookupError):
    """No figure of this code holds on the day."""


class Parameters:
    """The figures that hold on a day, as they were known at a moment; `digest` names exactly this set."""

    def __init__(self, figures: Mapping[str, Figure]) -> None:
        self._figures = figures
        self._values = {code: _read(figure.value) for code, figure in figures.items()}
        spelt = "\n".join(f"{code}|{figure.valid_from}|{figure.value!r}" for code, figure in sorted(figures.items()))
        self.digest = hashlib.sha256(spelt.encode()).hexdigest()[:16]
        self.scratch: dict[Any, Any] = {}  # what calculators derive from these figures, such as a table for a month

    def __getitem__(self, code: str) -> Any:
        try:
            return self._values[code]
        except KeyError:
            raise Missing(code) from None

    def __contains__(self, code: str) -> bool:
        return code in self._values

    def figure(self, code: str) -> Figure:
        """The figure behind a value: its day, its source."""
        return self._figures[code]

    def cite(self, code: str) -> str:
        """How a trace names a figure: code and day."""
        return f"{code}@{self._figures[code].valid_from}"


class Book:
    """All figures ever known; asked for those of a day."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures = sorted(figures, key=lambda f: (f.valid_from, f.recorded_at or datetime.min))  # noqa: DTZ901
        self._made: dict[Any, Parameters] = {}

    def at(self, on: date, known_at: datetime | None = None) -> Parameters:
        """What holds on a day, by what was recorded until `known_at` (None: all that is known now)."""
        if (on, known_at) not in self._made:
            found: dict[str, Figure] = {}
            for figure in self._figures:
                is_known = known_at is None or figure.recorded_at is None or figure.recorded_at <= known_at
                if figure.valid_from <= on and is_known:
                    found[figure.code] = figure
            self._made[on, known_at] = Parameters(found)
        return self._made[on, known_at]


def _read(value: Any) -> Any:
    match value:
        case dict():
            return {name: _read(each) for name, each in value.items()}
        case list() | tuple():
            return bands(value)
        case str():
            try:
                return Decimal(value)
            except InvalidOperation:
                return value
    return value
