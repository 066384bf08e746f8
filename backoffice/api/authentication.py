"""Who is asking: a program with `Authorization: Bearer …`, or a person's session with its CSRF token."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from backoffice.api import tokens


class TokenAuthentication(BaseAuthentication):
    """Opens the API to the holder of a living token; `request.auth` is the token."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        token = tokens.owner_of(words[1].decode("latin-1"), at=timezone.now()) if len(words) == 2 else None
        if token is None:
            raise exceptions.AuthenticationFailed(_("This token is unknown, revoked or has ended."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
