"""`manage.py verify`: named checks that prove the books from what is stored, filled in by the apps that keep them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from backoffice.core.slots import Slot


@dataclass(frozen=True)
class Finding:
    """Something that is not as it must be: which record, and what is wrong with it."""

    record: str
    problem: str


@dataclass(frozen=True)
class Verification:
    """One check: what it proves, and a function that yields what contradicts it."""

    proves: str
    findings: Callable[[], Iterator[Finding]]


verifications: Slot[Verification] = Slot("core.verifications")


def verification(key: str, proves: str) -> Callable[[Callable[[], Iterator[Finding]]], Callable[[], Iterator[Finding]]]:
    """Register the decorated generator as a check of `manage.py verify`."""

    def keep(function: Callable[[], Iterator[Finding]]) -> Callable[[], Iterator[Finding]]:
        verifications.fill(key, Verification(proves, function))
        return function

    return keep
