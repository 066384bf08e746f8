"""Django's own question `user.has_perm` gets the same answer as everything else."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend

from backoffice.access.models import User
from backoffice.access.rights import grants, holding, user_with_grants
from backoffice.core.authority import authority


class OneReading:
    """The user of a request is read together with the grants: rights are asked on every page."""

    def get_user(self, user_id: Any) -> User | None:
        user = user_with_grants(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None  # type: ignore[attr-defined]


class RoleBackend(OneReading, ModelBackend):
    """Password check by Django, rights by role assignments."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if obj is None:
            return bool(holding(user_obj, perm))
        return authority.only.refusal(user_obj, perm, obj) is None

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(right.startswith(f"{app_label}.") for grant in grants(user_obj) for right in grant.permissions)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return {right for grant in grants(user_obj) for right in grant.permissions}


class SignInBackend(OneReading, AuthenticationBackend):
    """allauth's ways to sign in, without Django's second set of rights: groups and rights of single users give nothing."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()
