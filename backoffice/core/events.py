"""Events: a lower app tells, upper apps listen.

An event is a frozen dataclass in the past tense with ids and values. Subscribers run in the
same transaction, so that a failure undoes both; `after_commit=True` is for mail and tasks.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

E = TypeVar("E")
Subscriber = Callable[[Any], None]

subscribers: dict[type, list[tuple[Subscriber, bool]]] = defaultdict(list)  # shown on docs/map.md


def subscribe(
    event_type: type[E], *, after_commit: bool = False
) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Call the decorated function for each published event of this type."""

    def keep(function: Callable[[E], None]) -> Callable[[E], None]:
        subscribers[event_type].append((function, after_commit))
        return function

    return keep


def publish(event: object) -> None:
    """Tell all subscribers, in the order in which they subscribed."""
    for function, after_commit in subscribers[type(event)]:
        if after_commit:
            transaction.on_commit(_later(function, event), robust=True)
        else:
            function(event)


def _later(function: Subscriber, event: object) -> Callable[[], None]:
    """The call as a function of its own: Django names it when it logs that it failed, and a partial has no name."""

    def call() -> None:
        function(event)

    call.__qualname__ = function.__qualname__
    return call
