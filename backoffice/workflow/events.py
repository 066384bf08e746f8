"""What workflow tells."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ApprovalAsked:
    """Somebody must decide next: the request was opened, or one of several approvals was given."""

    request_id: int


@dataclass(frozen=True)
class ApprovalReturned:
    """A document went back to whoever entered it."""

    request_id: int
    by_id: int
    reason: str
