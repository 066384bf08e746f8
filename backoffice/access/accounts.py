"""How django-allauth treats our users: no self sign-up, names instead of user names."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter

from backoffice.access.models import User


def display(user: User) -> str:
    """The name that allauth's pages and messages show."""
    return user.name


class Adapter(DefaultAccountAdapter):
    """Accounts are made by administrators and by invitation only."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False
