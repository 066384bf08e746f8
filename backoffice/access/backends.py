"""Django's own question `user.has_perm` gets the same answer as everything else."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend

from backoffice.access.rights import grants, holding
from backoffice.core.authority import authority


class RoleBackend(ModelBackend):
    """Password check by Django, rights by role assignments."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if obj is None:
            return bool(holding(user_obj, perm))
        return authority.only.refusal(user_obj, perm, obj) is None

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(right.startswith(f"{app_label}.") for grant in grants(user_obj) for right in grant.permissions)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return {right for grant in grants(user_obj) for right in grant.permissions}


class SignInBackend(AuthenticationBackend):
    """allauth's ways to sign in, without Django's second set of rights: groups and rights of single users give nothing."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()
