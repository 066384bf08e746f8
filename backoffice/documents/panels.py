"""Papers, comments and duties on the screen of every document, and what they add to its history."""

from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.access.models import Override
from backoffice.audit.models import Change
from backoffice.documents import queries, wording
from backoffice.documents.attaching import may_read
from backoffice.documents.models import Attachment, Comment, Document, of
from backoffice.ui import slots
from backoffice.ui.columns import initials
from backoffice.ui.panels import Panel


class AttachmentsPanel(Panel):
    """The files of a document, and a field for more."""

    title: ClassVar[Any] = gettext_lazy("Papers")
    template = "backoffice/documents/attachments_panel.html"
    side = True
    order = 60

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        if not may_read(document, user):
            return None
        rows = Attachment.objects.filter(**of(document)).select_related("added_by").defer("content")
        files, may_add = list(rows), user.has_perm("documents.add_attachment")
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


@slots.timeline.filler("documents.comments")
def comments(document: Any, user: Any) -> list[dict[str, Any]]:
    """What people said about a document."""
    if not may_read(document, user):
        return []
    rows = Comment.objects.filter(**of(document)).select_related("by").order_by("-id")[:60]
    return [_told(row.at, row.by, _("commented"), said=row.text, kind="comments") for row in rows]


@slots.timeline.filler("documents.lines")
def lines(document: Any, user: Any) -> list[dict[str, Any]]:
    """What became of the lines of a document."""
    found = []
    for change in queries.line_changes(document, user):
        rows = wording.diff(change)
        if change.operation == Change.Operation.DELETE:
            words = _("removed a line")
            rows = [row for row in rows if row[1] != "—"]
        else:
            words = _("changed a line")
        if rows:
            found.append(_told(change.at, change.by, words, diff=rows, kind="changes"))
    return found


def _told(at: Any, by: Any, words: str, *, said: str = "", diff: Any = (), kind: str) -> dict[str, Any]:
    who = str(by) if by else _("The system")
    return {
        "at": at,
        "who": who,
        "initials": initials(who) if by else "",
        "words": words,
        "said": said,
        "diff": list(diff),
        "kind": kind,
    }


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
