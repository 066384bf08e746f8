"""Reading the history: what happened to the lines of a document, and which history an auditor may search."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import BinaryField, Case, CharField, Exists, F, Q, When
from django.db.models.functions import Cast

from backoffice.access.models import Override
from backoffice.access.rights import Grant, holding
from backoffice.audit.models import Act, Change
from backoffice.audit.watching import watched
from backoffice.core.flow import held
from backoffice.documents.models import Attachment, of

NEAR = timedelta(minutes=10)  # acts and changes of one transaction carry the times of their statements


def attachments(document: Any) -> list[Attachment]:
    """The files of a document, read once while a page draws it; only the supplier's own paper comes with its content."""
    own = Case(When(is_original=True, media_type="application/xml", then=F("content")), output_field=BinaryField())
    rows = Attachment.objects.filter(**of(document)).select_related("added_by").defer("content")
    return held(document, "attachments", lambda: list(rows.annotate(original=own).order_by("id")))


def line_changes(document: Any, user: Any) -> Any:
    """The changes of the lines of a document that this person may see; None where it has none."""
    relation = getattr(document, "lines", None)
    if relation is None or not hasattr(relation, "field"):
        return None
    keys = _seen_lines(relation, document, user).annotate(_key=Cast("pk", CharField())).values("_key")
    table = relation.model._meta.db_table
    return Change.objects.filter(table=table, row_id__in=keys, operation=Change.Operation.UPDATE)


def removed_lines(document: Any, user: Any, moments: Iterable[datetime]) -> Any:
    """The changes that removed lines near these moments, when the document was changed.

    Whoever is limited to a part is not told of lines that are gone: their part is unknown.
    """
    relation = document.lines
    every, seen = _lines(relation, document), _seen_lines(relation, document, user)
    near = _any(Q(at__range=(at - NEAR, at + NEAR)) for at in moments)
    gone = Change.objects.filter(near, table=relation.model._meta.db_table, operation=Change.Operation.DELETE)
    parent = {f"before__{relation.field.column}": document.pk}
    return gone.filter(~Exists(every.exclude(pk__in=seen.values("pk"))), **parent)


def _lines(relation: Any, document: Any) -> Any:
    return relation.model._default_manager.filter(**{relation.field.name: document})


def _seen_lines(relation: Any, document: Any, user: Any) -> Any:
    rows = _lines(relation, document)
    return rows.visible_to(user) if hasattr(rows, "visible_to") else rows


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
