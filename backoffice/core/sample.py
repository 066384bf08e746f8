"""The sample company: each app makes its own part in `demo.py`, from the ground up, always the same for a seed."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from random import Random
from typing import Any

from django.apps import apps
from django.conf import settings

SEED = 4817


@dataclass
class World:
    """What the parts of the sample hand on upwards: the company, its people, and things by name."""

    today: date
    scale: int
    say: Callable[[str], object]
    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 (a sample, not a secret)
    company: Any = None
    people: dict[str, Any] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    afterwards: list[Callable[[], object]] = field(default_factory=list)  # what needs the rest to be committed

    @property
    def starts_on(self) -> date:
        """The first day of the two years that the sample covers."""
        return date(self.today.year - 2 + (self.today.month == 12), self.today.month % 12 + 1, 1)

    def between(self, low: str, high: str, step: str = "0.01") -> Decimal:
        """A random amount, in whole steps."""
        unit = Decimal(step)
        return unit * self.random.randint(int(Decimal(low) / unit), int(Decimal(high) / unit))


def load(world: World) -> None:
    """Let every app with a `demo` module make its part, lower apps first."""
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.demo"):
            world.say(f"  {config.verbose_name}")
            import_module(f"{config.name}.demo").load(world)


def password(email: str) -> str:
    """The demo password of a sign-in: known to whoever can read this installation's key, and to nobody else."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"sample:{email}".encode(), hashlib.sha256).hexdigest()
    return f"{digest[:4]}-{digest[4:8]}-{digest[8:12]}"
