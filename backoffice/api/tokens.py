"""Making and revoking the tokens of programs; both are written down."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.access.models import User
from backoffice.api.models import ApiToken
from backoffice.audit.recording import acting
from backoffice.core.authority import recorder
from backoffice.core.errors import Refused

LASTS_AT_MOST = timedelta(days=366)
PREFIX = "bo_"  # lets scanners of repositories and logs recognise a leaked token


def digest(secret: str) -> str:
    """What is stored of a token: a secret of 256 random bits needs no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make(*, by: User, name: str, scope: str, expires_at: datetime) -> tuple[ApiToken, str]:
    """Make a token for oneself; the secret is returned once and can never be shown again.

    Raises `Refused` when it would live longer than a year or not at all.
    """
    now = timezone.now()
    if not now < expires_at <= now + LASTS_AT_MOST:
        raise Refused(_("A token ends within a year from now."), code="expiry")
    secret = PREFIX + secrets.token_urlsafe(32)
    with acting(by):
        token = ApiToken.objects.create(
            user=by, name=name, prefix=secret[:10], digest=digest(secret), scope=scope, expires_at=expires_at
        )
        recorder.only(token, "make_token", by, {"name": name, "scope": scope, "expires_at": expires_at})
    return token, secret


def revoke(token: ApiToken, *, by: User, at: datetime) -> None:
    """End a token at once; a second time changes nothing. Raises `Refused` for somebody else's token."""
    if token.user_id != by.pk and not by.is_superuser:
        raise Refused(_("Only its owner may revoke a token."), code="owner")
    with acting(by):
        if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at):
            recorder.only(token, "revoke_token", by, {"name": token.name})


def owner_of(secret: str, *, at: datetime) -> ApiToken | None:
    """The living token with this secret and an active owner, or None; notes its use once a minute."""
    token = ApiToken.objects.select_related("user").filter(digest=digest(secret)).first()
    if token is None or not token.is_alive(at) or not token.user.is_active:
        return None
    if token.last_used_at is None or at - token.last_used_at > timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    return token
