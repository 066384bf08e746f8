"""Reading the history: what happened to the lines of a document, and which history an auditor may search."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import CharField, Q
from django.db.models.functions import Cast

from backoffice.access.models import Override
from backoffice.access.rights import Grant, holding
from backoffice.audit.models import Act, Change
from backoffice.audit.watching import watched

NEAR = timedelta(minutes=10)  # acts and changes of one transaction carry the times of their statements


def line_changes(document: Any, user: Any, limit: int = 60) -> list[Change]:
    """What became of the lines of a document: changed and removed ones, of those that this person may see."""
    relation = getattr(document, "lines", None)
    if relation is None or not hasattr(relation, "field"):
        return []
    line, rows = relation.model, relation.model._default_manager.filter(**{relation.field.name: document})
    known = {str(pk) for pk in rows.values_list("pk", flat=True)}
    seen = (
        {str(pk) for pk in rows.visible_to(user).values_list("pk", flat=True)} if hasattr(rows, "visible_to") else known
    )
    wanted = set(seen)
    if seen == known:  # whoever is limited to a part is not told of lines that are gone: their part is unknown
        wanted |= _removed(document, line._meta.db_table, relation.field.column, limit)
    found = Change.objects.filter(table=line._meta.db_table, row_id__in=wanted).exclude(operation="insert")
    return list(found.select_related("by").order_by("-id")[:limit])


def _removed(document: Any, table: str, parent: str, limit: int) -> set[str]:
    """The keys of lines that were removed while the document was changed."""
    kind = ContentType.objects.get_for_model(document)
    acts = Act.objects.filter(content_type=kind, object_id=document.pk, verb="change").order_by("-id")
    moments = {at: (at - NEAR, at + NEAR) for at in acts.values_list("at", flat=True)[:limit]}
    if not moments:
        return set()
    near = _any(Q(at__range=span) for span in moments.values())
    gone = Change.objects.filter(near, table=table, operation=Change.Operation.DELETE)
    return {change.row_id for change in gone if (change.before or {}).get(parent) == document.pk}


def written_with(act: Act, user: Any) -> list[Change]:
    """What the transaction of an act wrote, in the order of writing, as far as this person may read changes."""
    rows = changes_seen(user).filter(at__range=(act.at - NEAR, act.at + NEAR)).order_by("id")
    return [row for row in rows.select_related("by") if row.transaction == act.transaction]


def acts_seen(user: Any) -> models.QuerySet[Act]:
    """The acts that this person may search: all, or those on rows of their companies; never by department."""
    companies = _companies(holding(user, "audit.view_act"))
    if companies is None:
        return Act.objects.all()
    return Act.objects.filter(_any(_acts_of(model, companies) for model in _with_company(apps.get_models())))


def overrides_seen(user: Any) -> models.QuerySet[Override]:
    """The overrides that this person may search, limited as the acts are: an override belongs to its document."""
    companies = _companies(holding(user, "access.view_override"))
    if companies is None:
        return Override.objects.all()
    return Override.objects.filter(_any(_acts_of(model, companies) for model in _with_company(apps.get_models())))


def changes_seen(user: Any) -> models.QuerySet[Change]:
    """The changes that this person may search, limited as the acts are."""
    companies = _companies(holding(user, "audit.view_change"))
    open_to = Change.objects.exclude(table__in=_closed(user))
    if companies is None:
        return open_to
    return open_to.filter(_any(_changes_of(model, companies) for model in _with_company(watched())))


def _closed(user: Any) -> list[str]:
    """The tables whose values only those may read who may see the rows: their models say `guarded_history`."""
    guarded = [model._meta for model in watched() if getattr(model, "guarded_history", False)]
    return [meta.db_table for meta in guarded if not user.has_perm(f"{meta.app_label}.view_{meta.model_name}")]


def _companies(held: list[Grant]) -> set[int] | None:
    """The companies of grants that reach whole companies; None is everywhere."""
    whole = [grant for grant in held if grant.department_id is None]
    if any(grant.company_id is None for grant in whole):
        return None
    return {grant.company_id for grant in whole if grant.company_id is not None}


def _with_company(found: Iterable[Any]) -> list[Any]:
    return [model for model in found if getattr(model, "scope_company", None)]


def _any(conditions: Iterable[Q]) -> Q:
    whole = Q(pk__in=[])
    for condition in conditions:
        whole |= condition
    return whole


def _acts_of(model: Any, companies: set[int]) -> Q:
    kind = ContentType.objects.get_for_model(model)
    rows = model._base_manager.filter(**{f"{model.scope_company}__in": companies})
    return Q(content_type=kind, object_id__in=rows.values("pk"))


def _changes_of(model: Any, companies: set[int]) -> Q:
    rows = model._base_manager.filter(**{f"{model.scope_company}__in": companies})
    return Q(table=model._meta.db_table, row_id__in=rows.values(_key=Cast("pk", CharField())))
