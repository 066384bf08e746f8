"""What access tells."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UserInvited:
    """A new colleague has an account without a password and must be told how to set one."""

    user_id: int
    company_id: int
    by_id: int
