"""Attaching files to documents and saying something about them; both stay."""

import hashlib
from pathlib import PurePath
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext as _

from backoffice.access.rights import holding
from backoffice.audit.recording import acting
from backoffice.core.authority import recorder
from backoffice.core.errors import Refused
from backoffice.documents import sniffing
from backoffice.documents.models import Attachment, Comment, of

LARGEST = 20 * 1024 * 1024  # bytes


def attach(document: models.Model, *, name: str, content: bytes, by: Any, is_original: bool = False) -> Attachment:
    """Keep a file with a document that this person may see.

    Raises `PermissionDenied` without the right, `Refused` for an empty, too large, unknown or repeated file.
    """
    _demand(document, by, "documents.add_attachment")
    name = _plain_name(name)
    kind = judged(name, content)
    digest = hashlib.sha256(content).hexdigest()
    if Attachment.objects.filter(**of(document), digest=digest).exists():
        raise Refused(_("%(name)s is attached already.") % {"name": name}, code="repeated")
    with acting(by):
        attachment = Attachment.objects.create(
            **of(document),
            name=name,
            media_type=kind,
            content=content,
            size=len(content),
            digest=digest,
            is_original=is_original,
            added_by=by,
        )
        recorder.only(document, "attach", by, {"name": name, "sha256": digest})
    return attachment


def judged(name: str, content: bytes) -> str:
    """The media type of a file by its content; raises `Refused` for what is not kept."""
    if not content:
        raise Refused(_("%(name)s is empty.") % {"name": name}, code="empty")
    if len(content) > LARGEST:
        raise Refused(_("%(name)s is larger than 20 MB.") % {"name": name}, code="large")
    kind = sniffing.media_type(name, content)
    if kind is None:
        raise Refused(
            _("%(name)s is no %(kinds)s file.") % {"name": name, "kinds": ", ".join(k.upper() for k in sniffing.KINDS)},
            code="kind",
        )
    return kind


def comment(document: models.Model, *, text: str, by: Any) -> Comment:
    """Say something about a document that this person may see. Raises `PermissionDenied`, `Refused` without words."""
    _demand(document, by, "documents.add_comment")
    if not getattr(document, "takes_comments", True):
        raise Refused(_("%(document)s has a conversation of its own.") % {"document": document}, code="kind")
    if not text.strip():
        raise Refused(_("A comment needs words."), code="empty")
    with acting(by):
        return Comment.objects.create(**of(document), text=text.strip()[:5000], by=by)


def may_see(document: Any, user: Any) -> bool:
    """Whether a person may see the document, and with it its papers."""
    rows: Any = getattr(type(document), "_default_manager", None)
    seen = hasattr(rows, "visible_to") and rows.visible_to(user).filter(pk=document.pk).exists()
    return seen and may_read(document, user)


def may_read(document: Any, user: Any) -> bool:
    """Whether a person who sees the document may also read its papers and comments."""
    right = getattr(document, "papers_right", "")
    return not right or user.has_perm(right, document)


def _demand(document: models.Model, by: Any, right: str) -> None:
    if not may_see(document, by) or not holding(by, right):
        raise PermissionDenied(_("Your roles do not include this right: %(right)s.") % {"right": right})


def _plain_name(name: str) -> str:
    """The file's own name without folders and control characters, with its ending kept when it is shortened."""
    plain = "".join(c for c in PurePath(name.replace("\\", "/")).name if c.isprintable()).strip() or "file"
    stem, suffix = PurePath(plain).stem, PurePath(plain).suffix[:12]
    return f"{stem[: 160 - len(suffix)]}{suffix}"
