"""Granting an override: the only way round duties kept apart, always with a reason and an end."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.access.models import Override, User
from backoffice.core.authority import authority, recorder

LASTS = timedelta(hours=24)


def grant(document: models.Model, verb: str, *, to: User, by: User, reason: str, lasts: timedelta = LASTS) -> Override:
    """Let `to` perform `verb` on this document once, although duties would fall together.

    Raises `PermissionDenied` without the right `access.add_override`, `ValidationError` for an
    empty reason or a grant to oneself.
    """
    if denied := authority.only.refusal(by, "access.add_override", None):
        raise denied
    if to.pk == by.pk:
        raise PermissionDenied(_("Nobody may grant an override to themselves."))
    if not reason.strip():
        raise ValidationError(_("An override needs a reason."))
    now = timezone.now()
    with transaction.atomic():
        override = Override.objects.create(
            user=to,
            granted_by=by,
            granted_at=now,
            expires_at=now + lasts,
            content_type=ContentType.objects.get_for_model(document),
            object_id=document.pk,
            verb=verb,
            reason=reason.strip(),
        )
        recorder.only(document, "grant_override", by, {"to": to.name, "verb": verb, "reason": override.reason})
    return override
