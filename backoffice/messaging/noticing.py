"""Telling colleagues, and their having read it."""

from typing import Any

from django.db.models.functions import Now

from backoffice.messaging.models import Notice


def notify(user: Any, title: str, text: str = "", url: str = "", *, key: str = "") -> Notice:
    """Put a notice before a person; with a `key` a repetition returns the first notice."""
    fields = {"title": title[:160], "text": text, "url": url}
    if not key:
        return Notice.objects.create(to=user, **fields)
    notice, _new = Notice.objects.get_or_create(to=user, key=key, defaults=fields)
    return notice


def unread(user: Any) -> int:
    """How many notices wait for this person."""
    return Notice.objects.filter(to=user, read_at__isnull=True).count()


def read(user: Any, ids: list[int] | None = None) -> int:
    """Mark a person's own notices as read, all or these; returns how many were unread."""
    mine = Notice.objects.filter(to=user, read_at__isnull=True)
    return (mine if ids is None else mine.filter(pk__in=ids)).update(read_at=Now())
