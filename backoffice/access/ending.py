"""Ending somebody's access: nobody is deleted, what they did keeps its name."""

from datetime import date
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Greatest

from backoffice.access.events import AccessEnded
from backoffice.access.models import RoleAssignment, User
from backoffice.core import events
from backoffice.core.authority import recorder


def end_access(user: User, *, by: Any, reason: str, on: date) -> bool:
    """Close the account at once: no sign-in, no session, no token, no role after this day; False when it was closed before.

    `on` is today where the user works. The caller asked for the right; `by` without a key is the system.
    Sessions are closed once the transaction is committed; until then `is_active` already keeps everybody out.
    """
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not locked.is_active:
            return False
        User.objects.filter(pk=user.pk).update(is_active=False)
        running = RoleAssignment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), user=locked)
        running.update(ends_on=Greatest(Value(on), Coalesce("starts_on", Value(on))))
        recorder.only(locked, "end_access", by, {"reason": reason})
        events.publish(AccessEnded(user_id=locked.pk, reason=reason))
        transaction.on_commit(lambda: _close_sessions(locked.pk), robust=True)
    user.is_active = False
    return True


def _close_sessions(user_id: int) -> None:
    for session in UserSession.objects.filter(user=user_id):
        session.end()
