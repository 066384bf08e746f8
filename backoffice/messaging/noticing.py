"""Telling colleagues, and their having read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from backoffice.messaging.models import Notice


def notify(user: Any, title: str, text: str = "", url: str = "", *, key: str = "") -> Notice:
    """Put a notice before a person; with a `key` a repetition returns the first notice."""
    fields = {"title": title[:160], "text": text, "url": url}
    if not key:
        return Notice.objects.create(to=user, **fields)
    notice, _new = Notice.objects.get_or_create(to=user, key=key, defaults=fields)
    return notice


@dataclass(frozen=True)
class Told:
    """A notice of many: for whom (a user's id), what, and the key by which it is told once."""

    to: int
    title: str
    text: str
    url: str
    key: str


MANY = """
INSERT INTO messaging_notice (to_id, title, text, url, key)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
ON CONFLICT DO NOTHING
"""


def notify_many(notices: Sequence[Told]) -> int:
    """Put many notices before their people in one statement; what was told under its key is left out.

    Returns how many are new.
    """
    if not notices:
        return 0
    columns: list[Any] = [
        [notice.to for notice in notices],
        [notice.title[:160] for notice in notices],
        [notice.text for notice in notices],
        [notice.url for notice in notices],
        [notice.key for notice in notices],
    ]
    with connection.cursor() as cursor:
        cursor.execute(MANY, columns)
        return int(cursor.rowcount)


def withdraw(keys: Sequence[str]) -> list[int]:
    """Take away the notices under these keys, since what they say is no longer so; the ids of those who had them."""
    found = Notice.objects.filter(key__in=keys)
    told = sorted(set(found.order_by().values_list("to", flat=True)))
    found.delete()
    return told


def unread(user: Any) -> int:
    """How many notices wait for this person."""
    return Notice.objects.filter(to=user, read_at__isnull=True).count()


def read(user: Any, ids: list[int] | None = None) -> int:
    """Mark a person's own notices as read, all or these; returns how many were unread."""
    mine = Notice.objects.filter(to=user, read_at__isnull=True)
    return (mine if ids is None else mine.filter(pk__in=ids)).update(read_at=Now())
