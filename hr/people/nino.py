"""National insurance numbers: two letters, six digits and a suffix; source: HMRC, NIM39110 (format and prefixes)."""

import re

# D, F, I, Q, U and V are never used as one of the first two letters, nor O as the second.
FORM = re.compile(r"[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z][0-9]{6}[A-D]")
NEVER_ISSUED = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}


def plain(value: str) -> str:
    """One spelling: AB123456C."""
    return re.sub(r"[\s.\-]", "", value).upper()


def valid(number: str) -> bool:
    """Whether HMRC could have issued this number; expects the plain spelling."""
    return FORM.fullmatch(number) is not None and number[:2] not in NEVER_ISSUED


def spaced(number: str) -> str:
    """As it is printed: AB 12 34 56 C."""
    return " ".join((number[:2], number[2:4], number[4:6], number[6:8], number[8:])) if number else ""
