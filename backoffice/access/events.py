"""What access tells."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UserInvited:
    """A new colleague has an account without a password and must be told how to set one."""

    user_id: int
    company_id: int
    by_id: int


@dataclass(frozen=True)
class AccessEnded:
    """A user can no longer sign in; whoever gave the user other keys takes them back."""

    user_id: int
    reason: str
