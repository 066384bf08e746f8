"""History in words: a row of a table as its model calls it, a change as field, was and now."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from backoffice.audit.models import Change
from backoffice.ui import history

QUIET = {"id", "version", "changed_at", "changed_by_id", "entered_at", "entered_by_id", "ref", "place", "born"}


@cache
def model_of(table: str) -> Any | None:
    """The model of a table, or None."""
    return next((model for model in apps.get_models() if model._meta.db_table == table), None)


def kind_words(table: str) -> str:
    """What a table's rows are called."""
    model = model_of(table)
    return capfirst(str(model._meta.verbose_name)) if model else table


Names = dict[type[models.Model], dict[str, str]]  # what related rows are called, by model and key


def names_of(changes: Iterable[Change]) -> Names:
    """The names of all rows that these changes refer to, with one query for each model."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for change in changes:
        model = model_of(change.table)
        relations = [f for f in model._meta.concrete_fields if f.is_relation and f.related_model] if model else []
        before, after = change.before or {}, change.after or {}
        for field in relations:
            was, now = before.get(field.column), after.get(field.column)
            if was != now and field.column not in QUIET:
                wanted[field.related_model] |= {value for value in (was, now) if value not in (None, "")}
    return {model: _names(model, keys) for model, keys in wanted.items()}


def _names(model: type[models.Model], keys: set[Any]) -> dict[str, str]:
    return {str(row.pk): str(row) for row in history.called(model, keys)}


def diff(change: Change, *, quiet: bool = True, names: Names | None = None) -> list[tuple[str, str, str]]:
    """The fields of a change in words: name, was, now; technical ones are left out unless asked for.

    `names` spares the queries for related rows where many changes are shown at once (`names_of`).
    """
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
        rows.append((label, value_words(field, was, names), value_words(field, now, names)))
    return rows


def value_words(field: Any, value: Any, names: Names | None = None) -> str:
    """A value as people read it: the words of a choice, the name of a related row."""
    if value in (None, ""):
        return "—"
    if field is None:
        return str(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.is_relation and field.related_model:
        known = (names or {}).get(field.related_model, {}).get(str(value))
        return known or _name(field.related_model, value)
    if isinstance(field, models.BooleanField):
        return str(_("yes") if value else _("no"))
    if isinstance(field, models.DecimalField):
        return _figure(Decimal(str(value)))
    if isinstance(field, models.DateTimeField) and (moment := parse_datetime(str(value))):
        return date_format(timezone.localtime(moment), "j M Y, H:i")
    if isinstance(field, models.DateField) and (day := parse_date(str(value)[:10])):
        return date_format(day, "j M Y")
    return str(value)


def _figure(value: Decimal) -> str:
    """At least two decimals, and as many more as say something."""
    places = max(2, -int(value.normalize().as_tuple().exponent))
    return f"{value:,.{places}f}"


def _name(model: type[models.Model], key: Any) -> str:
    row = model._default_manager.filter(pk=key).first()
    return str(row) if row is not None else str(key)
