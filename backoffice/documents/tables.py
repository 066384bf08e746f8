"""The columns of the history and of overrides."""

import json
from collections import defaultdict
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from backoffice.audit.models import Change
from backoffice.documents import wording
from backoffice.ui.tables import Choice, Column, Link, Moment, Person, Table, Text


class When(Link):
    """The moment that opens the row."""

    def words(self, values: Any) -> str:
        return f"{timezone.localtime(values[0]):%-d %b %Y, %H:%M:%S}"

    def file_values(self, values: Any) -> list[Any]:
        return [timezone.localtime(values[0]).replace(tzinfo=None)]


class Named(Text):
    """A row of the house by its name; the table puts the name where the id was read."""


class Kind(Column):
    """The kind of a document: its words on the screen, the model's name in files."""

    def __init__(self, **options: Any) -> None:
        super().__init__("content_type_id", _("Kind"), also=("content_type__model",), **options)

    def file_values(self, values: Any) -> list[Any]:
        return [values[1]]


class AboutDocuments(Table):
    """A table whose rows name a document by content type and id."""

    def read(self, rows: Any) -> list[tuple[Any, ...]]:
        """The rows of a page, with the documents that they are about read in one query for each kind."""
        read = super().read(rows)
        kind_at, id_at = self.paths.index("content_type_id"), self.paths.index("object_id")
        wanted: dict[int, set[int]] = defaultdict(set)
        for values in read:
            wanted[values[kind_at]].add(values[id_at])
        names = {kind: _documents(kind, keys) for kind, keys in wanted.items()}
        return [_replaced(values, kind_at, id_at, names) for values in read]


class ActTable(AboutDocuments):
    """What people did, the newest first."""

    url = "documents:act"
    order = ("-pk",)
    at = When("at", _("When"))
    by = Person("by__name", _("By"), stack="l2")
    verb = Text("verb", _("What"), stack="l3")
    kind = Kind(stack="r1")
    document = Named("object_id", _("Document"), stack="full")


def _documents(kind: int, keys: set[int]) -> tuple[str, dict[int, Any]]:
    model: Any = ContentType.objects.get_for_id(kind).model_class()
    if model is None:
        return "", {}
    return capfirst(str(model._meta.verbose_name)), model._base_manager.in_bulk(keys)


def _replaced(values: tuple[Any, ...], kind_at: int, id_at: int, names: dict[int, Any]) -> tuple[Any, ...]:
    words, documents = names[values[kind_at]]
    changed = list(values)
    row = documents.get(values[id_at])
    changed[kind_at], changed[id_at] = words, _linked(row) if row is not None else f"#{values[id_at]}"
    return tuple(changed)


def _linked(row: Any) -> Any:
    try:
        href = row.get_absolute_url()
    except (AttributeError, NoReverseMatch):
        return str(row)
    return format_html('<a href="{}">{}</a>', href, row)


class Values(Column):
    """Values before and after: one cell on the screen, two columns in files."""

    def headings(self) -> list[str]:
        return [str(_("Before")), str(_("After"))]

    def file_values(self, values: Any) -> list[Any]:
        return [json.dumps(value, sort_keys=True) if value else "" for value in values]


class ChangeTable(Table):
    """What was written, with the values before and after, the newest first."""

    url = "documents:change"
    order = ("-pk",)
    at = When("at", _("When"))
    by = Person("by__name", _("By"), stack="l2")
    operation = Choice("operation", _("Operation"), stack="l3")
    table = Column("table", _("Kind"), stack="r1")
    row_id = Text("row_id", _("Row"))
    values = Values("before", _("Was and now"), also=("after",), stack="full")

    def read(self, rows: Any) -> list[tuple[Any, ...]]:
        """The rows of a page; fields, values before and values after become one cell."""
        table_at, before_at = self.paths.index("table"), self.paths.index("before")
        read, found = [], list(super().read(rows))
        changes = [Change(table=v[table_at], before=v[before_at], after=v[before_at + 1]) for v in found]
        names = wording.names_of(changes)
        for values, change in zip(found, changes, strict=True):
            row = list(values)
            row[before_at] = _diff(change, names)
            row[table_at] = wording.kind_words(row[table_at])
            read.append(tuple(row))
        return read


def _diff(change: Change, names: wording.Names) -> Any:
    rows = wording.diff(change, names=names)[:4]
    if not change.before:
        return format_html_join(" · ", "{}: {}", ((label, now) for label, _was, now in rows))
    if not change.after:
        return format_html_join(" · ", "{}: <del>{}</del>", ((label, was) for label, was, _now in rows))
    return format_html_join(" · ", "{}: <del>{}</del> <ins>{}</ins>", rows)


class OverrideTable(AboutDocuments):
    """Overrides of duties kept apart, the newest first."""

    url = "documents:override"
    order = ("-granted_at", "-pk")
    user = Link("user__name", _("For whom"))
    verb = Text("verb", _("What"), stack="l2")
    kind = Kind(stack="l3")
    document = Named("object_id", _("Document"), stack="r1")
    reason = Text("reason", _("Reason"), ell=True, stack="full")
    granted_by = Person("granted_by__name", _("Granted by"))
    granted_at = Moment("granted_at", _("At"))
    expires_at = Moment("expires_at", _("Ends"))
