"""Keeping a draft: the only way in which a document's own fields are written outside of verbs."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from backoffice.audit.recording import acting
from backoffice.core.authority import authority, recorder
from backoffice.core.errors import Conflict
from backoffice.core.flow import unsaved
from backoffice.documents.models import Document

D = TypeVar("D", bound=Document)


def enter(document: D, *, by: Any, lines: Sequence[Any] = ()) -> D:
    """Save a new document with its lines as this user's; lines point to it by their field `document_field`.

    Raises `PermissionDenied` without the right to add.
    """
    _demand(document, by, "add")
    with acting(by):
        document.entered_by = document.changed_by = by
        document.save()
        _write_lines(document, lines)
        recorder.only(document, "enter", by, {})
    return document


def change(document: D, *, by: Any, version: int, lines: Sequence[Any] | None = None) -> D:
    """Save the changed fields of a draft, and its lines when given.

    Raises `Conflict` when `version` is not the one in the database, `PermissionDenied` without
    the right to change.
    """
    _demand(document, by, "change")
    changed = unsaved(document)
    model = type(document)
    with acting(by):
        hit = model._base_manager.filter(pk=document.pk, version=version).update(
            version=F("version") + 1, changed_at=Now()
        )
        if not hit:
            raise Conflict(_("%(document)s changed after you opened it.") % {"document": document})
        document.version = version + 1
        document.changed_by = by
        document.save(update_fields={*(_name(document, c) for c in changed), "changed_by"})
        if lines is not None:
            _write_lines(document, lines)
        recorder.only(document, "change", by, {"fields": sorted(changed)})
    return document


def _name(document: Document, attname: str) -> str:
    return next(f.name for f in document._meta.concrete_fields if f.attname == attname)


def _demand(document: Document, by: Any, action: str) -> None:
    meta = document._meta
    if denied := authority.only.refusal(by, f"{meta.app_label}.{action}_{meta.model_name}", document):
        raise denied


def _write_lines(document: Document, lines: Sequence[Any]) -> None:
    """Replace the lines of a document by these, in one insert; kept rows keep their id."""
    if not lines and not hasattr(document, "lines"):
        return
    manager = document.lines  # type: ignore[attr-defined]
    parent = manager.field.name
    kept = [line.pk for line in lines if line.pk]
    manager.exclude(pk__in=kept).delete()
    for place, line in enumerate(lines, start=1):
        setattr(line, parent, document)
        line.place = place
    old = [line for line in lines if line.pk]
    if old:
        fields = [f.name for f in manager.model._meta.concrete_fields if not f.primary_key and f.name != parent]
        manager.model._base_manager.bulk_update(old, fields)
    manager.model._base_manager.bulk_create([line for line in lines if not line.pk])
