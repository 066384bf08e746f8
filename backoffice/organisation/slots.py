"""What setting up a company asks of the apps above: the founder, further steps, and where the work starts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from backoffice.core.slots import Slot
from backoffice.organisation.models import Company


@dataclass(frozen=True)
class Step:
    """A page of the set-up. `form` is the dotted name of its form class, which loads when the page is shown;
    the class takes `company` and `user`. `save(company, values, by=)` does the work; `is_done(company)` skips it.
    """

    label: Any
    intro: Any
    form: str
    save: Callable[..., None]
    is_done: Callable[[Company], bool]
    icon: str
    order: int
    optional: bool = False


@dataclass(frozen=True)
class Start:
    """Where the work begins after the set-up: a link for those with the right."""

    label: Any
    href: Callable[[], str]
    icon: str
    permission: str
    order: int = 100


class Founding(Protocol):
    """The very first account: who may still make it, and making it."""

    form: str

    def is_open(self) -> bool:
        """Whether nobody is there yet."""

    def found(self, values: dict[str, Any]) -> Any:
        """Make the founder's account; raises `Refused` when somebody was faster."""


steps: Slot[Step] = Slot("organisation.setup_steps")
starts: Slot[Start] = Slot("organisation.starts")
founding: Slot[Founding] = Slot("organisation.founding")
