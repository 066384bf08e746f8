"""Fields that are unreadable in a stolen dump: encrypted in the column, found again by a keyed fingerprint.

Keys come from `settings.FIELD_KEYS`, newest first: new values are written with the first one, old values
are read with whichever made them, so a key is exchanged by putting the new one in front.
"""

import hashlib
import hmac
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


def encrypted(value: str) -> str:
    """The value as a token that only holders of the keys can read."""
    return _box().encrypt(value.encode()).decode()


def decrypted(token: str) -> str:
    """The value behind a token. Raises `InvalidToken` when no key of ours made it."""
    return _box().decrypt(token.encode()).decode()


def fingerprint(value: str) -> str:
    """64 hexadecimal digits that are equal for equal values and tell nothing about them without the newest key."""
    return _fingerprint(settings.FIELD_KEYS[0], value)


def fingerprints(value: str) -> list[str]:
    """The fingerprints under all keys: look rows up with `fingerprint__in`, so that an exchange of keys loses none."""
    return [_fingerprint(key, value) for key in settings.FIELD_KEYS]


def _fingerprint(key: str, value: str) -> str:
    # a key of its own for each purpose: the fingerprint must not help to read the tokens
    own = hmac.new(key.encode(), b"fingerprint", hashlib.sha256).digest()
    return hmac.new(own, value.encode(), hashlib.sha256).hexdigest()


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key.encode()) for key in settings.FIELD_KEYS])


class EncryptedField(models.TextField):
    """A text that is encrypted in the database and plain in Python; it cannot be filtered or sorted by."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypted(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        plain = super().get_prep_value(value)
        return encrypted(plain) if plain else plain

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError("An encrypted field cannot be searched: use the fingerprint beside it.")
        return super().get_lookup(lookup_name)


__all__ = ["EncryptedField", "InvalidToken", "decrypted", "encrypted", "fingerprint", "fingerprints"]
