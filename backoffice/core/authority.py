"""The two questions that the engine asks of apps above it: may they, and who writes it down.

`authority` is filled by `backoffice.access`, `recorder` by `backoffice.audit`.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db import models

from backoffice.core.slots import Slot


class Authority(Protocol):
    """Who may do what on which rows."""

    def refusal(self, user: Any, permission: str, document: models.Model | None) -> PermissionDenied | None:
        """None when the user holds `app.codename` on this document, else the reason."""

    def restrict(self, rows: Any, user: Any, action: str) -> Any:
        """Only those rows on which the user holds the right."""

    def override(self, user: Any, document: models.Model, verb: str) -> Any | None:
        """A logged, unexpired permission to break duties apart here, or None."""


class Recorder(Protocol):
    """Writes down who did what."""

    def __call__(self, document: models.Model, verb: str, by: Any, details: Mapping[str, Any]) -> None: ...


authority: Slot[Authority] = Slot("core.authority")
recorder: Slot[Recorder] = Slot("core.recorder")
