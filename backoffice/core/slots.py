"""Slots: how a lower app asks what only an upper app can know.

The lower app declares the slot and its Protocol, the upper one fills it from a module that is
found at start (`panels`, `reports`, `subscribers`, ...). Slots close when all apps are ready.
"""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., object])

all_slots: dict[str, "Slot"] = {}  # by name, for docs/map.md


class Slot(Generic[T]):
    """A registry of fillings under unique keys.

    Raises `LookupError` when a key is taken twice, when nothing fills it, or when it is closed.
    """

    closed = False

    def __init__(self, name: str) -> None:
        if name in all_slots:
            raise LookupError(f"There are two slots named {name}.")
        self.name = name
        self._filled: dict[str, T] = {}
        all_slots[name] = self

    def fill(self, key: str, value: T) -> T:
        if Slot.closed:
            raise LookupError(f"Slot {self.name} is closed: fill it while apps load.")
        if key in self._filled:
            raise LookupError(f"Slot {self.name} has {key} already.")
        self._filled[key] = value
        return value

    def filler(self, key: str) -> Callable[[F], F]:
        """Fill the slot with the decorated function or class."""

        def keep(function: F) -> F:
            self.fill(key, function)  # type: ignore[arg-type]
            return function

        return keep

    def __getitem__(self, key: str) -> T:
        return self._filled[key]

    def get(self, key: str) -> T | None:
        return self._filled.get(key)

    def __iter__(self) -> Iterator[T]:
        return iter(self._filled.values())

    def items(self) -> list[tuple[str, T]]:
        return list(self._filled.items())

    @property
    def only(self) -> T:
        """The one filling of a slot that has exactly one."""
        (value,) = self._filled.values()
        return value


def close() -> None:
    """No app may fill a slot after start: what the map shows is what runs."""
    Slot.closed = True
