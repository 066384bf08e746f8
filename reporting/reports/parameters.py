"""The parameters of reports: forms whose every value is one short text, so that an address, a schedule
and a kept run can hold them.

Relative texts ("last_month") count from the day on which the report is asked for; `settled` gives the
absolute texts with which it can be made again.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.organisation.models import CostCentre
from backoffice.ui.reading import Unreadable, read_date
from reporting.reports.defining import fiscal_year

MONTH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")
YEAR = re.compile(r"^(\d{4})$")
RANGE = re.compile(r"^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$")


@dataclass(frozen=True)
class Span:
    """Days from the first to the last, both included."""

    starts_on: date
    ends_on: date

    @property
    def text(self) -> str:
        """The text that reads back as this span."""
        if self.is_month:
            return f"{self.starts_on:%Y-%m}"
        if (self.starts_on.month, self.starts_on.day, self.ends_on.month, self.ends_on.day) == (1, 1, 12, 31):
            if self.starts_on.year == self.ends_on.year:
                return f"{self.starts_on.year}"
        return f"{self.starts_on}..{self.ends_on}"

    @property
    def is_month(self) -> bool:
        return self == month_of(self.starts_on)

    @property
    def words(self) -> str:
        """October 2026; 2026; 1 Oct 2026 to 15 Oct 2026."""
        if self.is_month:
            return date_format(self.starts_on, "F Y")
        if self.text.isdigit():
            return self.text
        return _("%(first)s to %(last)s") % {"first": day_words(self.starts_on), "last": day_words(self.ends_on)}

    @property
    def short(self) -> str:
        """As the head of a column: Oct 2026."""
        return date_format(self.starts_on, "M Y") if self.is_month else self.words

    def before(self) -> "Span":
        """The span of equal sort just before: the month before, else as many days (months, for whole months)."""
        months = self.months
        if months:
            return Span(shifted(self.starts_on, -months), self.starts_on - timedelta(days=1))
        days = (self.ends_on - self.starts_on).days + 1
        return Span(self.starts_on - timedelta(days=days), self.starts_on - timedelta(days=1))

    def year_before(self) -> "Span":
        """The same days a year earlier."""
        if self.months:
            first = shifted(self.starts_on, -12)
            return Span(first, shifted(first, self.months) - timedelta(days=1))
        return Span(_year_earlier(self.starts_on), _year_earlier(self.ends_on))

    @property
    def months(self) -> int:
        """How many whole months it is, 0 when it cuts one."""
        if self.starts_on.day != 1 or self.ends_on != month_of(self.ends_on).ends_on:
            return 0
        return (self.ends_on.year - self.starts_on.year) * 12 + self.ends_on.month - self.starts_on.month + 1


def month_of(day: date) -> Span:
    """The month in which a day lies."""
    return Span(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def shifted(day: date, months: int) -> date:
    """The first of the month so many months later."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def day_words(day: date) -> str:
    """23 Nov 2026."""
    return date_format(day, "j M Y")


def _year_earlier(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


class PeriodField(forms.CharField):
    """A span of days: "2026-10", "2026", "2026-10-01..2026-10-15", or a relative word."""

    RELATIVE = {
        "last_month": gettext_lazy("Last month"),
        "this_month": gettext_lazy("This month"),
        "this_year": gettext_lazy("This fiscal year"),
        "last_year": gettext_lazy("Last fiscal year"),
    }

    def read(self, text: str, *, company: Any, on: date) -> Span:
        """The span that a text means on a day. Raises `ValidationError`."""
        text = text.strip()
        if text in self.RELATIVE:
            return self._relative(text, company, on)
        if found := MONTH.match(text):
            return month_of(date(int(found[1]), int(found[2]), 1))
        if found := YEAR.match(text):
            return Span(date(int(found[1]), 1, 1), date(int(found[1]), 12, 31))
        if found := RANGE.match(text):
            return _range(found[1], found[2])
        raise ValidationError(_("“%(text)s” is not a period: write 2026-10 or 2026.") % {"text": text})

    def _relative(self, text: str, company: Any, on: date) -> Span:
        if text == "this_month":
            return month_of(on)
        if text == "last_month":
            return month_of(month_of(on).starts_on - timedelta(days=1))
        first, last = fiscal_year(company, on)
        if text == "this_year":
            return Span(first, last)
        return Span(*fiscal_year(company, first - timedelta(days=1)))

    def options(self, company: Any, on: date) -> list[tuple[str, str]]:
        """What the chip offers: the relative words and the months of two years."""
        months = [month_of(shifted(on, -back)) for back in range(24)]
        return [*((key, str(words)) for key, words in self.RELATIVE.items()), *((m.text, m.words) for m in months)]


def _range(first: str, last: str) -> Span:
    try:
        span = Span(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError as error:
        raise ValidationError(_("There is no such day.")) from error
    if span.ends_on < span.starts_on:
        raise ValidationError(_("The period ends before it starts."))
    return span


class DayField(forms.CharField):
    """One day: a date, or "today", "last_month_end", "month_end", "last_year_end"."""

    RELATIVE = {
        "today": gettext_lazy("Today"),
        "last_month_end": gettext_lazy("End of last month"),
        "month_end": gettext_lazy("End of this month"),
        "last_year_end": gettext_lazy("End of last fiscal year"),
    }

    def read(self, text: str, *, company: Any, on: date) -> date:
        """The day that a text means. Raises `ValidationError`."""
        match text.strip():
            case "today":
                return on
            case "last_month_end":
                return on.replace(day=1) - timedelta(days=1)
            case "month_end":
                return month_of(on).ends_on
            case "last_year_end":
                return fiscal_year(company, on)[0] - timedelta(days=1)
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            pass
        try:
            return read_date(text, today=on)
        except Unreadable as error:
            raise ValidationError(str(error)) from error

    def options(self, company: Any, on: date) -> list[tuple[str, str]]:
        """What the chip offers: the relative words and the ends of twelve months."""
        ends = [month_of(shifted(on, -back)).ends_on for back in range(1, 13)]
        return [*((key, str(words)) for key, words in self.RELATIVE.items()), *((str(d), day_words(d)) for d in ends)]


class CodeField(forms.CharField):
    """One row of a company chosen by its code, or none; `choose(company, user)` gives the rows that may be chosen.

    Rows need a `name` and the field `by`. A quiet one shows only when it narrows something. Only what the person may see can be named, whoever typed the address.
    """

    def __init__(
        self, choose: Any, *, empty: Any = "", by: str = "code", is_quiet: bool = False, **options: Any
    ) -> None:
        options.setdefault("required", False)
        super().__init__(**options)
        self.choose, self.by, self.is_quiet = choose, by, is_quiet
        self.empty = empty or gettext_lazy("All")

    def read(self, text: str, *, company: Any, user: Any) -> Any:
        found = self.choose(company, user).filter(**{self.by: text.strip()}).first()
        if found is None:
            raise ValidationError(_("There is no “%(code)s” here.") % {"code": text})
        return found

    def options(self, company: Any, user: Any) -> list[tuple[str, str]]:
        rows = self.choose(company, user).values_list(self.by, "name")
        shown = "{0} {1}" if self.by == "code" else "{1}"
        return [("", str(self.empty)), *((code, shown.format(code, name)) for code, name in rows)]


class Parameters(forms.Form):
    """The parameters of a report; what an address leaves out takes its initial value."""

    def __init__(self, data: Mapping[str, str] | None = None, *, company: Any, user: Any, today: date) -> None:
        self.company, self.user, self.today = company, user, today
        given = {name: data[name] for name in self.base_fields if data and name in data}
        start = {name: field.initial if field.initial is not None else "" for name, field in self.base_fields.items()}
        super().__init__({**start, **given})

    def clean(self) -> dict[str, Any]:
        cleaned = dict(self.cleaned_data)
        for name, field in self.fields.items():
            text = cleaned.get(name)
            if isinstance(field, PeriodField | DayField | CodeField) and text:
                try:
                    cleaned[name] = self._read(field, text)
                except ValidationError as error:
                    self.add_error(name, error)
            elif isinstance(field, CodeField):
                cleaned[name] = None
        return cleaned

    def _read(self, field: Any, text: str) -> Any:
        if isinstance(field, CodeField):
            return field.read(text, company=self.company, user=self.user)
        return field.read(text, company=self.company, on=self.today)

    def texts(self) -> dict[str, str]:
        """The parameters as they were given, relative words included."""
        return {name: str(self.data.get(name) or "") for name in self.fields}

    def settled(self) -> dict[str, str]:
        """The parameters as absolute texts: the same report can be made from them on any other day."""
        return {name: self._as_text(field, self.cleaned_data.get(name)) for name, field in self.fields.items()}

    def _as_text(self, field: forms.Field, value: Any) -> str:
        return str(getattr(value, field.by, value or "")) if isinstance(field, CodeField) else as_text(value)

    def chips(self) -> Iterable[dict[str, Any]]:
        """Label, value in words and options of each parameter, for the bar above the sheet."""
        for name, field in self.fields.items():
            text = str(self.data.get(name) or "")
            if not text and getattr(field, "is_quiet", False):
                continue
            options = self._options(field)
            if text and text not in dict(options):
                options = [(text, self._words(name, text, options)), *options]
            yield {
                "name": name,
                "label": field.label,
                "words": self._words(name, text, options),
                "options": [{"value": value, "label": label, "is_current": value == text} for value, label in options],
                "is_long": len(options) > 40,
                "is_free": isinstance(field, PeriodField | DayField),
                "text": text,
                "errors": self.errors.get(name, []),
                "hint": field.help_text,
            }

    def _options(self, field: Any) -> list[tuple[str, str]]:
        if isinstance(field, CodeField):
            return field.options(self.company, self.user)
        if isinstance(field, PeriodField | DayField):
            return field.options(self.company, self.today)
        return [(str(value), str(label)) for value, label in getattr(field, "choices", [])]

    def _words(self, name: str, text: str, options: list[tuple[str, str]]) -> str:
        value = getattr(self, "cleaned_data", {}).get(name)
        if isinstance(value, Span):
            return value.words
        if isinstance(value, date):
            return day_words(value)
        return dict(options).get(text, text)


def as_text(value: Any) -> str:
    """A parameter's value as the text that reads back as it."""
    match value:
        case None:
            return ""
        case Span():
            return value.text
        case date():
            return value.isoformat()
    return str(value)


def cost_centres(company: Any, user: Any) -> Any:
    """The cost centres by which this person may narrow a report."""
    return CostCentre.objects.visible_to(user).filter(company=company).order_by("code")
