"""Papers, comments and duties on the screen of every document, and what they add to its history."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.access.models import Override
from backoffice.audit.models import Change
from backoffice.documents import queries, wording
from backoffice.documents.attaching import may_read
from backoffice.documents.models import Comment, Document, of
from backoffice.ui import history, slots
from backoffice.ui.panels import Panel
from backoffice.ui.slots import Row


class AttachmentsPanel(Panel):
    """The files of a document, and a field for more."""

    title: ClassVar[Any] = gettext_lazy("Papers")
    template = "backoffice/documents/attachments_panel.html"
    side = True
    order = 60

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        if not may_read(document, user):
            return None
        files, may_add = queries.attachments(document), user.has_perm("documents.add_attachment")
        if not files and not may_add:
            return None
        return {"files": files, "add_href": address("documents:attach", document) if may_add else ""}


class CommentPanel(Panel):
    """A field to say something; what was said stands in the history."""

    title: ClassVar[Any] = gettext_lazy("Comment")
    template = "backoffice/documents/comment_panel.html"
    permission = "documents.add_comment"
    order = 85

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        return {"add_href": address("documents:comment", document)} if may_read(document, user) else None


class OverridesPanel(Panel):
    """Where duties kept apart were let fall together, and by whose word."""

    title: ClassVar[Any] = gettext_lazy("Overrides")
    template = "backoffice/documents/overrides_panel.html"
    side = True
    order = 70

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        rows = Override.objects.filter(**of(document)).select_related("user", "granted_by")
        given = [(row, document.flow.label(row.verb) if row.verb in document.flow.moves else row.verb) for row in rows]
        may_grant = user.has_perm("access.add_override")
        if not given and not may_grant:
            return None
        href = f"{reverse('documents:override_new')}?of={document.get_absolute_url()}" if may_grant else ""
        return {"given": given, "grant_href": href}


def address(name: str, document: models.Model) -> str:
    """An address about a document: its kind and key."""
    return reverse(name, args=[document._meta.label_lower, document.pk])


COMMENTS, LINES = "documents.comments", "documents.lines"


class CommentStream:
    """What people said about a document."""

    def rows(self, document: Any, user: Any) -> Any:
        if not may_read(document, user):
            return None
        return history.shaped(Comment.objects.filter(**of(document)), COMMENTS, what=F("text"))

    def told(self, document: Any, user: Any, rows: Sequence[Row], acts: Sequence[Row]) -> list[dict[str, Any]]:
        return [history.told(r.at, r.who, _("commented"), said=r.what, kind="comments") for r in rows]


class LineStream:
    """What became of the lines of a document; a second query only where lines may have been removed."""

    def rows(self, document: Any, user: Any) -> Any:
        found = queries.line_changes(document, user)
        return None if found is None else history.changes(found, LINES)

    def told(self, document: Any, user: Any, rows: Sequence[Row], acts: Sequence[Row]) -> list[dict[str, Any]]:
        moments = [act.at for act in acts if act.what == "change"]
        gone: Sequence[Row] = []
        if moments and hasattr(getattr(document, "lines", None), "field"):
            removed = queries.removed_lines(document, user, moments)
            gone = [Row(*values) for values in history.changes(removed, LINES)]
        names = wording.names_of(_as_changes(document, [*rows, *gone]))
        return [
            *_line_events(document, rows, _("changed a line"), names),
            *_line_events(document, gone, _("removed a line"), names),
        ]


def _line_events(document: Any, rows: Sequence[Row], words: str, names: wording.Names) -> list[dict[str, Any]]:
    found = []
    for row, change in zip(rows, _as_changes(document, rows), strict=True):
        diff = wording.diff(change, names=names)
        if change.operation == Change.Operation.DELETE:
            diff = [each for each in diff if each[1] != "—"]
        if diff:
            found.append(history.told(row.at, row.who, words, diff=diff, kind="changes"))
    return found


def _as_changes(document: Any, rows: Sequence[Row]) -> list[Change]:
    table = document.lines.model._meta.db_table if rows else ""
    return [Change(table=table, operation=row.what, before=row.before, after=row.after) for row in rows]


def fill_all() -> None:
    """Every kind of document gets the panels, also those of apps that are born later."""
    for model in _documents():
        label = model._meta.label_lower
        slots.panels.fill(f"documents.attachments.{label}", (model._meta.label, AttachmentsPanel))
        if model.takes_comments:
            slots.panels.fill(f"documents.comment.{label}", (model._meta.label, CommentPanel))
        flow = getattr(model, "flow", None)
        if flow is not None and any(arrow.apart for arrow in flow.moves.values()):
            slots.panels.fill(f"documents.overrides.{label}", (model._meta.label, OverridesPanel))


def _documents() -> list[Any]:
    return [model for model in apps.get_models() if issubclass(model, Document)]


fill_all()
slots.timeline.fill(COMMENTS, CommentStream())
slots.timeline.fill(LINES, LineStream())
