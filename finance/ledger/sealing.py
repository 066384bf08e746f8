"""The seal of a posted entry: an HMAC over header, number and lines, so that a change by SQL is seen.

The key comes from the environment (`SEAL_KEYS`, "id:hex,id:hex", the first one seals). Each entry has a
key of its own, derived from the master key and the entry's id; only that leaves the process, since
the number is not known before the database gives it, and the database finishes the HMAC
(RFC 2104 with SHA-256, written out with `sha256()`).
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings

BLOCK = 64
OUTER = bytes(b ^ 0x5C for b in range(256))
INNER = bytes(b ^ 0x36 for b in range(256))

# The SQL that seals a number: parameters are outer block, inner block, digest (hex), number.
SEAL_SQL = "sha256({outer} || sha256({inner} || convert_to({digest} || ':' || {number}, 'UTF8')))"


class Sealing(NamedTuple):
    """What the database needs to seal one entry."""

    key_id: str
    outer: bytes
    inner: bytes
    digest: str


class Sealed(NamedTuple):
    """The header of an entry as it is sealed, in this order."""

    company_id: int
    journal_id: int
    on: date
    document_on: date | None
    text: str
    event: str
    origin_type_id: int | None
    origin_id: int | None
    reversal_of_id: int | None


class SealedLine(NamedTuple):
    """A line as it is sealed, in this order."""

    place: int
    account_id: int
    party_id: int | None
    dimension_set_id: int | None
    text: str
    debit: Decimal
    credit: Decimal
    currency: str
    currency_debit: Decimal
    currency_credit: Decimal
    due_on: date | None


def current_key() -> str:
    """The id of the key that seals now."""
    return next(iter(settings.SEAL_KEYS))


def digest(header: Sealed, lines: Iterable[tuple[Any, ...]]) -> str:
    """SHA-256 over a canonical text of header and lines (values as in `SealedLine`); amounts with four decimals."""
    parts = ["\x1f".join(["" if v is None else str(v) for v in header])]
    parts += [
        f"{place}\x1f{account}\x1f{party or ''}\x1f{dimensions or ''}\x1f{text}\x1f{debit:.4f}\x1f"
        f"{credit:.4f}\x1f{currency}\x1f{currency_debit:.4f}\x1f{currency_credit:.4f}\x1f{due_on or ''}"
        for place, account, party, dimensions, text, debit, credit, currency, currency_debit, currency_credit, due_on in lines
    ]
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()


def sealing(entry_id: int, content: str, key_id: str | None = None) -> Sealing:
    """The blocks of this entry's own key and the digest of its content."""
    key_id = key_id or current_key()
    master = bytes.fromhex(settings.SEAL_KEYS[key_id])
    own = hmac.digest(master, b"entry:%d" % entry_id, "sha256").ljust(BLOCK, b"\0")
    return Sealing(key_id, own.translate(OUTER), own.translate(INNER), content)


def seal(entry_id: int, content: str, number: str, key_id: str) -> bytes:
    """The seal as the database computes it; raises `KeyError` when the key is no longer in the environment."""
    parts = sealing(entry_id, content, key_id)
    return hashlib.sha256(parts.outer + hashlib.sha256(parts.inner + f"{content}:{number}".encode()).digest()).digest()


def holds(entry: Any, lines: Iterable[tuple[Any, ...]]) -> bool:
    """Whether an entry still is what was sealed."""
    header = Sealed(*(getattr(entry, name) for name in Sealed._fields))
    content = digest(header, lines)
    if entry.seal is None or entry.seal_key not in settings.SEAL_KEYS:
        return False
    return hmac.compare_digest(bytes(entry.seal), seal(entry.pk, content, entry.number, entry.seal_key))
