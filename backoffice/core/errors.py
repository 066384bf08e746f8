"""What a verb says when it will not act.

Three words that screens and the API translate once: `Refused` for "not now",
Django's `ValidationError` for "not so" and `PermissionDenied` for "not you".
"""

from typing import Any


class Refused(Exception):
    """The document cannot do this now; the message is meant for the user and says why.

    `code` names the kind of reason for programs ("state", "duty", "period", "stale", ...);
    `details` carries values that a screen may show beside the message.
    """

    def __init__(self, message: Any, *, code: str = "refused", details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.details = details or {}

    def __str__(self) -> str:
        return str(self.message)


class Conflict(Refused):
    """Somebody else changed the document after it was opened."""

    def __init__(self, message: Any, *, details: dict[str, Any] | None = None) -> None:
        super().__init__(message, code="stale", details=details)


class DutyConflict(Refused):
    """Two duties that must lie with different people would fall together; an override with a reason may lift it."""

    def __init__(self, message: Any, *, details: dict[str, Any] | None = None) -> None:
        super().__init__(message, code="duty", details=details)
