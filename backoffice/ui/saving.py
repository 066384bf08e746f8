"""Storing what a form holds: a new row or a change, with its lines, its version and who did it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from backoffice.audit.recording import acting
from backoffice.core.authority import recorder
from backoffice.core.errors import Conflict

Store = Callable[..., Any]


def stored(document: Any, lines: Sequence[Any], removed: Sequence[Any], *, by: Any) -> Any:
    """Save the document, then its lines in their order; returns the document."""
    document.save()
    parent = None
    for at, line in enumerate(lines, 1):
        parent = parent or _parent_of(line, document)
        setattr(line, parent, document)
        if hasattr(line, "position"):
            line.position = at
    for line in removed:
        line.delete()
    for line in lines:
        line.save()
    return document


def save(form: Any, lines: Any | None, *, by: Any, company: Any, version: int | None, store: Store = stored) -> Any:
    """Write the form in one transaction as this person.

    Raises `Conflict` when the row changed since `version`.
    """
    with acting(by):
        document = form.save(commit=False)
        is_new = document.pk is None
        if not is_new:
            _lock(document, version)
        _stamp(document, by, company, is_new=is_new)
        kept = [_instance(each) for each in lines.kept()] if lines is not None else []
        removed = [f.instance for f in lines.deleted_forms if f.instance.pk] if lines is not None else []
        document = store(document, kept, removed, by=by)
        if hasattr(form, "save_m2m"):
            form.save_m2m()
        recorder.only(document, "enter" if is_new else "change", by, {})
    return document


@contextmanager
def whole(form: Any, lines: Any | None) -> Iterator[None]:
    """What was new and could not be saved is new again, so that the form can be shown once more."""
    each_form = [form, *(lines.forms if lines is not None else [])]
    fresh = [each.instance for each in each_form if each.instance.pk is None]
    try:
        yield
    except Exception:
        for instance in fresh:
            instance.pk, instance._state.adding = None, True
        raise


def _instance(form: Any) -> Any:
    return form.save(commit=False)


def _lock(document: Any, version: int | None) -> None:
    model = type(document)
    if not hasattr(document, "version"):
        return
    now = model._base_manager.select_for_update(of=("self",)).values_list("version", flat=True).get(pk=document.pk)
    if version is not None and now != version:
        raise Conflict(_("%(document)s changed after you opened it.") % {"document": document})
    document.version = now + 1


def _stamp(document: Any, by: Any, company: Any, *, is_new: bool) -> None:
    names = {each.name for each in document._meta.concrete_fields}
    if is_new and "company" in names and document.company_id is None:
        document.company = company
    if is_new and "entered_by" in names:
        document.entered_by = by
    if "changed_by" in names:
        document.changed_by = by
    if "changed_at" in names and not is_new:
        document.changed_at = Now()


def _parent_of(line: Any, document: Any) -> str:
    kind = type(document)
    return next(
        each.name
        for each in line._meta.concrete_fields
        if isinstance(each, models.ForeignKey) and issubclass(kind, each.related_model)
    )
