"""Converting amounts: direct rate, inverse rate, or a refusal; never a guess."""

from datetime import date
from decimal import Decimal
from functools import cache

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.core.rounding import rounded
from backoffice.currencies.models import Currency, Rate


def rate(base: str, quote: str, on: date) -> Decimal:
    """The latest rate on or before the day; the inverse of the opposite pair serves too.

    Raises `Refused` when neither is known.
    """
    if base == quote:
        return Decimal(1)
    known = (
        Rate.objects.filter(Q(base=base, quote=quote) | Q(base=quote, quote=base), on__lte=on)
        .order_by("-on")
        .values_list("base_id", "rate")
        .first()
    )
    if known is None:
        raise Refused(
            _("There is no exchange rate for %(base)s to %(quote)s on %(day)s. An administrator can enter one.")
            % {"base": base, "quote": quote, "day": date_format(on, "j M Y")},
            code="rate",
        )
    return known[1] if known[0] == base else 1 / known[1]


@cache
def digits(code: str) -> int:
    """Number of decimals of a currency (ISO 4217 minor unit): 2 for GBP, 0 for JPY, 3 for KWD."""
    found = Currency.objects.filter(code=code).values_list("digits", flat=True).first()
    return 2 if found is None else found


def converted(amount: Decimal, exchange_rate: Decimal, currency: str) -> Decimal:
    """The amount times the rate, rounded to the decimals of the target currency, half away from zero."""
    return rounded(amount * exchange_rate, digits(currency))
