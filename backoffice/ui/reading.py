"""Reads what people type: dates such as "t", "+30", "eom", "2311", and amounts such as "12.5k" or "1200*1.2".

Amounts are worked out by a small parser of its own, never by evaluation of code, and never in floating point.
"""

import calendar
import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.formats import get_format

MONTHS = [m.lower() for m in calendar.month_abbr[1:]]
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
SCALE = {"": Decimal(1), "k": Decimal(1000), "m": Decimal(1_000_000)}


class Unreadable(ValueError):
    """The text is no date or amount; the message says what is wrong where that is known."""


def read_date(text: str, *, today: date) -> date:
    """The date that was meant, day first; weekday names mean the next such day. Raises `Unreadable`."""
    words = text.strip().lower()
    if words in {"t", "today"}:
        return today
    if words == "som":
        return today.replace(day=1)
    if words == "eom":
        return today.replace(day=calendar.monthrange(today.year, today.month)[1])
    if re.fullmatch(r"[+-]\d{1,4}", words):
        return today + timedelta(days=int(words))
    if (
        words.isalpha()
        and (day := next((i for i, name in enumerate(DAYS) if words.startswith(name)), None)) is not None
    ):
        return today + timedelta(days=(day - today.weekday() - 1) % 7 + 1)
    return _calendar_date(words, today)


def _calendar_date(words: str, today: date) -> date:
    if m := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words):
        return _made(int(m[1]), int(m[2]), int(m[3]))
    if m := re.fullmatch(r"\d{1,2}", words):
        return _made(today.year, today.month, int(words))
    if m := re.fullmatch(r"(\d{2})(\d{2})(\d{2}|\d{4})?", words):
        return _made(_year(m[3], today), int(m[2]), int(m[1]))
    if m := re.fullmatch(r"(\d{1,2})[ ./-]([a-z]{3,}|\d{1,2})\.?(?:[ ./-](\d{2}|\d{4}))?", words):
        month = int(m[2]) if m[2].isdigit() else _month(m[2])
        return _made(_year(m[3], today), month, int(m[1]))
    raise Unreadable("This is not a date. Try 23 Nov 2026, 2311, t, +30 or eom.")


def _month(word: str) -> int:
    for number, name in enumerate(MONTHS, 1):
        if word.startswith(name):
            return number
    raise Unreadable(f"There is no month “{word}”.")


def _year(text: str | None, today: date) -> int:
    if not text:
        return today.year
    return int(text) + 2000 if len(text) == 2 else int(text)


def _made(year: int, month: int, day: int) -> date:
    if not 1 <= month <= 12:
        raise Unreadable(f"There is no month {month}.")
    last = calendar.monthrange(year, month)[1] if 1 <= year <= 9999 else 0
    if not 1 <= day <= last:
        raise Unreadable(f"{calendar.month_name[month]} {year} has {last} days.")
    return date(year, month, day)


def read_amount(text: str, *, digits: int | None = 2) -> Decimal:
    """The amount that was meant, rounded half away from zero to `digits` decimals (None: as typed).

    Understands thousands marks, "(50)" for minus, k and m, currency signs, and sums with + - * /.
    Raises `Unreadable`.
    """
    bare = re.sub(r"[\s\u00a0\u202f£$€]|(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])", "", text).replace("−", "-")
    if not bare or len(bare) > 60:
        raise Unreadable("This is not an amount.")
    try:
        value = _Sum(bare).value()
    except (InvalidOperation, ZeroDivisionError, IndexError) as error:
        raise Unreadable("This is not an amount. Try 1,250.00, 12.5k or 1200*1.2.") from error
    if not value.is_finite() or abs(value) >= Decimal(10) ** 15:
        raise Unreadable("This amount is too large.")
    return value if digits is None else value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


class _Sum:
    """A parser of three rules: terms of factors of figures or brackets; brackets around everything mean minus."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def value(self) -> Decimal:
        whole = re.fullmatch(r"\(([^()+*/-]+)\)", self.text)
        if whole:
            return -figure(whole[1])
        result = self._terms()
        if self.at != len(self.text):
            raise InvalidOperation
        return result

    def _terms(self) -> Decimal:
        result = self._factors()
        while self.at < len(self.text) and self.text[self.at] in "+-":
            sign = self._take()
            other = self._factors()
            result = result + other if sign == "+" else result - other
        return result

    def _factors(self) -> Decimal:
        result = self._single()
        while self.at < len(self.text) and self.text[self.at] in "*/":
            sign = self._take()
            other = self._single()
            result = result * other if sign == "*" else result / other
        return result

    def _single(self) -> Decimal:
        if self.text[self.at] in "+-":
            return -self._single() if self._take() == "-" else self._single()
        if self.text[self.at] == "(":
            self._take()
            result = self._terms()
            if self._take() != ")":
                raise InvalidOperation
            return result
        m = re.compile(r"[\d.,']+[kKmM]?").match(self.text, self.at)
        if not m:
            raise InvalidOperation
        self.at = m.end()
        return figure(m[0])

    def _take(self) -> str:
        self.at += 1
        return self.text[self.at - 1]


def figure(text: str) -> Decimal:
    """One figure without signs: where both marks stand the last is the decimal one, else the language decides."""
    m = re.fullmatch(r"([\d.,']+)([kKmM]?)", text)
    if not m or not any(c.isdigit() for c in text):
        raise InvalidOperation
    digits = m[1].replace("'", "")
    mark = _decimal_mark(digits)
    digits = digits.replace("." if mark == "," else ",", "").replace(",", ".")
    return Decimal(digits) * SCALE[m[2].lower()]


def _decimal_mark(digits: str) -> str:
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:
        return "," if comma > point else "."
    if re.fullmatch(r"\d{1,3}([.,]\d{3}){2,}", digits):
        return "." if comma >= 0 else ","
    if comma >= 0 and not re.fullmatch(r"\d{1,3}(,\d{3})+", digits):
        return ","
    if point >= 0 and not re.fullmatch(r"\d{1,3}(\.\d{3})+", digits):
        return "."
    return str(get_format("DECIMAL_SEPARATOR"))
