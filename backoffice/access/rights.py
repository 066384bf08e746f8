"""The one answer to "may they": roles times scopes, the same for page, API, export, report and task.

A right is a Django permission. A role assignment gives the rights of its role within a company
or a department; django-guardian holds the exceptions for single objects.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.models import UserObjectPermission

from backoffice.access.models import Override, RoleAssignment, User
from backoffice.core.authority import authority
from backoffice.organisation.models import Company


@dataclass(frozen=True)
class Grant:
    """What one role assignment gives: rights within a scope; None means everywhere."""

    permissions: frozenset[str]
    company_id: int | None
    department_id: int | None
    approval_limit: Decimal | None


def grants(user: Any) -> list[Grant]:
    """The grants of a user today, one query, kept on the instance for the length of a request."""
    if not user.is_active or user.pk is None:
        return []
    kept = getattr(user, "_grants", None)
    if kept is None:
        kept = user._grants = _read_grants(user, timezone.localdate())
    return kept


def user_with_grants(pk: Any) -> User | None:
    """A user with today's grants and whether anything is shared with them: all that rights are asked of, in one query."""
    allowed = (
        Permission.objects.filter(roles=OuterRef("role"))
        .order_by()
        .values_list(Concat("content_type__app_label", Value("."), "codename"))
    )
    held = RoleAssignment.objects.filter(_running(timezone.localdate()), user=OuterRef("pk")).order_by("pk")
    each = JSONObject(
        company="company_id",
        department="department_id",
        limit=Cast("approval_limit", models.CharField()),
        rights=ArraySubquery(allowed),
    )
    user = (
        User.objects.annotate(
            _held=ArraySubquery(held.values_list(each)),
            _has_shares=Exists(UserObjectPermission.objects.filter(user=OuterRef("pk"))),
        )
        .filter(pk=pk)
        .first()
    )
    if user is not None:
        user._grants = [_grant(**values) for values in user.__dict__.pop("_held")]
    return user


def _grant(*, company: int | None, department: int | None, limit: str | None, rights: list[str]) -> Grant:
    return Grant(frozenset(rights), company, department, None if limit is None else Decimal(limit))


def _running(today: date) -> Q:
    return Q(Q(starts_on__isnull=True) | Q(starts_on__lte=today)) & Q(Q(ends_on__isnull=True) | Q(ends_on__gte=today))


def _read_grants(user: Any, today: date) -> list[Grant]:
    running = _running(today)
    right = Concat("role__permissions__content_type__app_label", Value("."), "role__permissions__codename")
    rows = (
        RoleAssignment.objects.filter(running, user_id=user.pk)
        .order_by("pk")
        .values_list("company_id", "department_id", "approval_limit")
        .annotate(rights=ArrayAgg(right, filter=Q(role__permissions__isnull=False)))
    )
    return [Grant(frozenset(rights or ()), company, dep, limit) for company, dep, limit, rights in rows]


def holding(user: Any, permission: str) -> list[Grant]:
    """The grants that carry a right; a superuser holds every right everywhere."""
    if user.is_active and getattr(user, "is_superuser", False):
        return [Grant(frozenset({permission}), None, None, None)]
    return [grant for grant in grants(user) if permission in grant.permissions]


def companies(user: Any) -> Any:
    """The companies in which a user holds any right."""
    if getattr(user, "is_superuser", False) or any(grant.company_id is None for grant in grants(user)):
        return Company.objects.all()
    return Company.objects.filter(pk__in={grant.company_id for grant in grants(user)})


def holders(permission: str, company_id: int) -> models.QuerySet[User]:
    """Active users who hold a right in a company, whatever the department."""
    app, codename = permission.split(".")
    today = timezone.localdate()
    return (
        User.objects.filter(
            Q(role_assignments__starts_on__isnull=True) | Q(role_assignments__starts_on__lte=today),
            Q(role_assignments__ends_on__isnull=True) | Q(role_assignments__ends_on__gte=today),
            Q(role_assignments__company__isnull=True) | Q(role_assignments__company_id=company_id),
            role_assignments__role__permissions__codename=codename,
            role_assignments__role__permissions__content_type__app_label=app,
            is_active=True,
        )
        .distinct()
        .order_by("name", "id")
    )


class RoleAuthority:
    """Fills `core.authority` from role assignments."""

    def refusal(self, user: Any, permission: str, document: models.Model | None) -> PermissionDenied | None:
        held = holding(user, permission)
        if held and (document is None or self._covers(held, user, permission, document)):
            return None
        if (
            document is not None
            and document.pk
            and _has_shares(user)
            and _shared(user, permission, type(document)).filter(object_pk=str(document.pk)).exists()
        ):
            return None
        return PermissionDenied(_("Your roles do not include this right: %(right)s.") % {"right": permission})

    def _covers(self, held: list[Grant], user: Any, permission: str, document: models.Model) -> bool:
        scope = getattr(type(document), "scope_company", None)
        if scope == "" or any(grant.company_id is None and grant.department_id is None for grant in held):
            return True
        if scope is None:
            return False
        company_id = _along(document, scope)
        if any(g.department_id is None and g.company_id == company_id for g in held):
            return True
        if not any(g.department_id for g in held) or document.pk is None:
            return False
        rows = type(document)._default_manager.filter(pk=document.pk)
        return rows.filter(_scope_of(type(document), held)).exists()

    def restrict(self, rows: Any, user: Any, action: str) -> Any:
        model = rows.model
        owner = getattr(model, "scope_owner", None)
        held = holding(user, f"{model._meta.app_label}.{action}_{model._meta.model_name}")
        everywhere = any(grant.company_id is None and grant.department_id is None for grant in held)
        if everywhere or (held and model.scope_company == ""):
            return rows
        allowed = _scope_of(model, held)
        if owner and user.pk:
            allowed |= Q(**{owner: user.pk})
        if user.pk and _has_shares(user):
            shared = _shared(user, f"{model._meta.app_label}.{action}_{model._meta.model_name}", model)
            allowed |= Q(pk__in=shared.annotate(_pk=Cast("object_pk", models.BigIntegerField())).values("_pk"))
        return rows.filter(allowed)

    def override(self, user: Any, document: models.Model, verb: str) -> Override | None:
        return (
            Override.objects.filter(
                user_id=user.pk,
                content_type__app_label=document._meta.app_label,
                content_type__model=document._meta.model_name,
                object_id=document.pk,
                verb=verb,
                expires_at__gt=timezone.now(),
            )
            .exclude(granted_by=F("user"))
            .first()
        )


def _along(document: Any, path: str) -> Any:
    """Follow a look-up path on an instance to an id."""
    for name in path.split("__")[:-1]:
        document = getattr(document, name)
    last = path.rsplit("__", maxsplit=1)[-1]
    return document.pk if last == "pk" else getattr(document, f"{last}_id")


def _scope_of(model: Any, held: list[Grant]) -> Q:
    """The rows that scoped grants reach; nothing when the model has no path to the scope."""
    allowed = Q(pk__in=[])
    if model.scope_company is None:
        return allowed
    whole = {g.company_id for g in held if g.department_id is None}
    if whole:
        allowed |= Q(**{f"{model.scope_company}__in": whole})
    parts = {g.department_id for g in held if g.department_id is not None}
    if parts and hasattr(model, "in_departments"):  # the way to the department depends on the day
        allowed |= model.in_departments(parts)
    if parts and model.scope_department:
        # a sub-query, since the path may lead over several lines and must not double the rows
        inside = model._base_manager.filter(**{f"{model.scope_department}__in": parts})
        allowed |= Q(pk__in=inside.values("pk"))
    return allowed


def _shared(user: Any, permission: str, model: type[models.Model]) -> Any:
    app, codename = permission.split(".")
    return UserObjectPermission.objects.filter(
        user_id=user.pk,
        permission__codename=codename,
        permission__content_type__app_label=app,
        content_type__app_label=model._meta.app_label,
        content_type__model=model._meta.model_name,
    )


def _has_shares(user: Any) -> bool:
    if not hasattr(user, "_has_shares"):
        user._has_shares = UserObjectPermission.objects.filter(user_id=user.pk).exists()
    return bool(user._has_shares)


authority.fill("access", RoleAuthority())
