"""How documents are entered and changed: `backoffice.documents` stands above the kit and says it by a slot."""

from collections.abc import Sequence
from typing import Any, Protocol

from backoffice.core.slots import Slot


class Keeper(Protocol):
    """The one way in which a draft is written outside of verbs."""

    def enter(self, document: Any, *, by: Any, lines: Sequence[Any] = ()) -> Any: ...

    def change(self, document: Any, *, by: Any, version: int, lines: Sequence[Any] | None = None) -> Any: ...


keeper: Slot[Keeper] = Slot("api.keeper")
