"""History in words: a row of a table as its model calls it, a change as field, was and now."""

from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from backoffice.audit.models import Change

QUIET = {"id", "version", "changed_at", "changed_by_id", "entered_at", "entered_by_id", "ref", "place", "born"}


@cache
def model_of(table: str) -> Any | None:
    """The model of a table, or None."""
    return next((model for model in apps.get_models() if model._meta.db_table == table), None)


def kind_words(table: str) -> str:
    """What a table's rows are called."""
    model = model_of(table)
    return capfirst(str(model._meta.verbose_name)) if model else table


def diff(change: Change, *, quiet: bool = True) -> list[tuple[str, str, str]]:
    """The fields of a change in words: name, was, now; technical ones are left out unless asked for."""
    before, after = change.before or {}, change.after or {}
    model = model_of(change.table)
    known = {f.column: f for f in model._meta.concrete_fields} if model else {}
    rows = []
    for column in dict.fromkeys([*before, *after]):
        was, now = before.get(column), after.get(column)
        if was == now or (quiet and column in QUIET):
            continue
        field = known.get(column)
        label = capfirst(str(field.verbose_name)) if field is not None else column
        rows.append((label, value_words(field, was), value_words(field, now)))
    return rows


def value_words(field: Any, value: Any) -> str:
    """A value as people read it: the words of a choice, the name of a related row."""
    if value in (None, ""):
        return "—"
    if field is None:
        return str(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.is_relation and field.related_model:
        return _name(field.related_model, value)
    if isinstance(field, models.BooleanField):
        return str(_("yes") if value else _("no"))
    if isinstance(field, models.DecimalField):
        return _figure(Decimal(str(value)))
    return str(value)


def _figure(value: Decimal) -> str:
    """At least two decimals, and as many more as say something."""
    places = max(2, -int(value.normalize().as_tuple().exponent))
    return f"{value:,.{places}f}"


def _name(model: type[models.Model], key: Any) -> str:
    row = model._default_manager.filter(pk=key).first()
    return str(row) if row is not None else str(key)
