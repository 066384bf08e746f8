"""Judging numbers that carry their own check: bank accounts, articles, VAT, payment references, legal entities."""

import re
from collections.abc import Callable

from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException
from stdnum import ean, get_cc_module, iso11649, lei
from stdnum.eu import vat as eu_vat


def valid(kind: str, value: str) -> bool:
    """Whether a number is well formed and its check digits agree; blanks and dashes between digits do not matter.

    Kinds: `iban`, `bic`, `gtin` (8, 12, 13 or 14 digits), `vat` (with its country's prefix), `iso11649` (RF
    creditor reference), `lei`. Raises `LookupError` for another kind.
    """
    return CHECKS[kind](value)


def plain(value: str) -> str:
    """The number without blanks, dashes and dots, in capitals: two spellings of one number become equal."""
    return re.sub(r"[\s.\-/]", "", value).upper()


def _iban(value: str) -> bool:
    try:
        IBAN(value)
    except (SchwiftyException, ValueError):
        return False
    return True


def _bic(value: str) -> bool:
    try:
        BIC(value)
    except (SchwiftyException, ValueError):
        return False
    return True


def _gtin(value: str) -> bool:
    number = plain(value)
    return number.isdigit() and number.isascii() and len(number) in (8, 12, 13, 14) and ean.is_valid(number)


def _vat(value: str) -> bool:
    number = plain(value)
    if re.match(r"[A-Z]{2}", number) is None:
        return False
    country, rest = number[:2].lower(), number[2:]
    if country in {*eu_vat.MEMBER_STATES, "el"}:
        return bool(eu_vat.is_valid(number))
    module = get_cc_module(country, "vat")
    return module is not None and bool(module.is_valid(number) or module.is_valid(rest))


def _lei(value: str) -> bool:
    return len(plain(value)) == 20 and bool(lei.is_valid(plain(value)))


CHECKS: dict[str, Callable[[str], bool]] = {
    "iban": _iban,
    "bic": _bic,
    "gtin": _gtin,
    "vat": _vat,
    "iso11649": lambda value: bool(iso11649.is_valid(plain(value))),
    "lei": _lei,
}
