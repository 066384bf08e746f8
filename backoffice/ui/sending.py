"""Sending a form once: a repeat with the same key finds the first result instead of acting again."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from backoffice.core.errors import Refused
from backoffice.ui.models import Sending


def once(user: Any, key: str, work: Callable[[], str]) -> str:
    """Run `work` in one transaction unless this key was sent before; returns the address of the result.

    A second sending that arrives meanwhile waits for the first. When the first fails, its key is free again.
    Raises what `work` raises, and `Refused` when a guard of the database objects at commit.
    """
    try:
        with transaction.atomic():
            sending, is_new = Sending.objects.get_or_create(user=user, key=_key(key))
            if not is_new:
                return sending.location
            location = work()
            Sending.objects.filter(pk=sending.pk).update(location=location)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if diagnosis is not None and diagnosis.sqlstate == "P0001":
            raise Refused(diagnosis.message_primary, code="database") from error
        raise
    return location


def sent_before(user: Any, key: str) -> str:
    """The address of the first result when this key was sent before, else "".

    Asked before a form is judged: what was right the first time may look like a duplicate the second time.
    """
    return (
        Sending.objects.filter(user=user, key=_key(key)).values_list("location", flat=True).first() or "" if key else ""
    )


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
