"""The kinds of columns: how a value looks in a row, and what goes into a file."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from backoffice.ui.badges import badges_of
from backoffice.ui.html import icon_markup, text

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def day(value: date | datetime | None, *, this_year: int | None = None) -> str:
    """18 Nov, or 18 Nov 2025 when it is another year."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    words = f"{value.day} {MONTHS[value.month - 1]}"
    current = timezone.localdate().year if this_year is None else this_year
    return words if value.year == current else f"{words} {value.year}"


def amount(value: Decimal | int | None, digits: int = 2) -> str:
    """1,284.60 with a true minus; empty for None. The page is British English, so the marks are fixed."""
    if value is None:
        return ""
    words = f"{abs(value):,.{digits}f}"
    return f"−{words}" if value < 0 and words.strip("0.,") else words


def exact(value: Decimal | None, least: int = 0) -> str:
    """A quantity or price with thousands marks, a true minus, and as many decimals as it needs, at least `least`."""
    if value is None:
        return ""
    return amount(value, max(-int(value.normalize().as_tuple().exponent), least, 0))


def amount_markup(value: Decimal | int | None, digits: int = 2) -> str:
    """An amount, red when negative."""
    words = amount(value, digits)
    return f'<span class="neg">{words}</span>' if words.startswith("−") else words


class Column:
    """One column, read from `path` (a look-up path of values_list).

    `label` defaults to the field's name; `sort` is the order it sorts by (True: its own path);
    `stack` is the place in a phone's card: l2 l3 r1 r2 r3 full hide; `total=True` adds it up below;
    `file=False` leaves it out of files.
    """

    numeric = False
    css = ""

    def __init__(
        self,
        path: str,
        label: Any = None,
        *,
        sort: str | bool = False,
        stack: str = "hide",
        css: str = "",
        total: bool = False,
        file: bool = True,
        also: Sequence[str] = (),
    ) -> None:
        self.path = path
        self.label = label
        self.sort = path if sort is True else (sort or "")
        self.total = total
        self.file = file
        self.paths = (path, *also)
        self.classes = " ".join(part for part in (self.css, "num" if self.numeric else "", stack, css) if part)
        self.name = ""

    def bind(self, name: str, model: Any) -> None:
        """Called when the table is made ready for a model."""
        self.name = name
        if self.label is None:
            self.label = _words(model, self.path, name)
        self.opening = f'<td class="{self.classes}">' if self.classes else "<td>"

    def inner(self, values: Sequence[Any]) -> str:
        """The markup of one cell; `values` are those of `paths`. What it returns must be escaped."""
        return text(values[0])

    def cell(self, values: Sequence[Any]) -> str:
        """The cell with its tag."""
        return f"{self.opening}{self.inner(values)}</td>"

    def heading(self, values: Sequence[Any]) -> str:
        """The cell as the heading of its row, where no link heads it."""
        return f'<th scope="row">{self.inner(values)}</th>'

    def headings(self) -> list[str]:
        """The headings in a file; a column may be two there."""
        return [str(self.label)]

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        """The values in a file, as Python values."""
        return [values[0]]


class Text(Column):
    """Words; `ell=True` cuts them at the column's width, `soft=True` shows them quieter."""

    def __init__(self, path: str, label: Any = None, *, ell: bool = False, soft: bool = False, **options: Any) -> None:
        css = " ".join(part for part in ("ell" if ell else "", "sec" if soft else "", options.pop("css", "")) if part)
        super().__init__(path, label, css=css, **options)


class Choice(Column):
    """A field with choices, shown by its words."""

    def bind(self, name: str, model: Any) -> None:
        super().bind(name, model)
        self.words = {value: str(words) for value, words in _field(model, self.path).flatchoices}

    def inner(self, values: Sequence[Any]) -> str:
        return text(self.words.get(values[0], values[0]))

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [self.words.get(values[0], values[0])]


class YesNo(Column):
    """A tick or nothing."""

    def inner(self, values: Sequence[Any]) -> str:
        return f'{icon_markup("check", "s")}<span class="sr">yes</span>' if values[0] else ""

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return ["yes" if values[0] else "no"]


class Date(Column):
    """A day; the year is shown when it is not this one."""

    css = "nw"

    def inner(self, values: Sequence[Any]) -> str:
        return day(values[0])

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        value = values[0]
        return [timezone.localtime(value).replace(tzinfo=None) if isinstance(value, datetime) else value]


class Moment(Date):
    """A day with its time."""

    def inner(self, values: Sequence[Any]) -> str:
        return f"{day(values[0])}, {timezone.localtime(values[0]):%H:%M}" if values[0] else ""


class Due(Date):
    """A due day: red when late, amber today and tomorrow; quiet when `settled(values of also)` says so."""

    def __init__(
        self, path: str, label: Any = None, *, settled: Callable[..., bool] | None = None, **options: Any
    ) -> None:
        super().__init__(path, label, **options)
        self.settled = settled

    def cell(self, values: Sequence[Any]) -> str:
        due, tone, words = values[0], "", day(values[0])
        if due is not None and not (self.settled and self.settled(*values[1:])):
            left = (due - timezone.localdate()).days
            if left < 0:
                tone, words = "bad up", f"{-left} day{'s' if left < -1 else ''} late"
            elif left <= 1:
                tone, words = "wait up", "Tomorrow" if left else "Today"
        return f'<td class="{self.classes} {tone}">{words}</td>'


class Figure(Column):
    """A plain number at the right."""

    numeric = True

    def __init__(self, path: str, label: Any = None, *, digits: int = 2, **options: Any) -> None:
        super().__init__(path, label, **options)
        self.digits = digits

    def inner(self, values: Sequence[Any]) -> str:
        return amount_markup(values[0], self.digits)


class Exact(Figure):
    """A quantity or price with as many decimals as it needs, at least `least`."""

    def __init__(self, path: str, label: Any = None, *, least: int = 0, **options: Any) -> None:
        super().__init__(path, label, **options)
        self.least = least

    def inner(self, values: Sequence[Any]) -> str:
        return text(exact(values[0], self.least))


class Priced(Exact):
    """A quantity; on a phone the price, whose path is `price`, stands with it."""

    def __init__(self, path: str, label: Any = None, *, price: str, **options: Any) -> None:
        super().__init__(path, label, also=(price,), stack="lq", **options)

    def inner(self, values: Sequence[Any]) -> str:
        return f'{super().inner(values)}<span class="narrow-only"> {text(_("at %s") % exact(values[1], 2))}</span>'


class Money(Figure):
    """An amount with its currency before it; `currency` is the path of the code. Two columns in files."""

    def __init__(self, path: str, label: Any = None, *, currency: str = "", **options: Any) -> None:
        self.currency = currency or f"{path}_currency"
        super().__init__(path, label, also=(self.currency,), **options)

    def inner(self, values: Sequence[Any]) -> str:
        value, currency = values[0], values[1]
        return "" if value is None else f'<span class="ccy">{text(currency)}</span>{amount_markup(value, self.digits)}'

    def headings(self) -> list[str]:
        return [str(self.label), f"{self.label}, currency"]

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [values[0], values[1]]


class Badge(Column):
    """A state as icon, word and colour."""

    def __init__(self, path: str = "state", label: Any = None, **options: Any) -> None:
        options.setdefault("stack", "l3")
        super().__init__(path, label, **options)

    def bind(self, name: str, model: Any) -> None:
        super().bind(name, model)
        field = _field(model, self.path)
        self.marks = badges_of(field.model, field.name)
        self.words = {value: str(words) for value, words in field.flatchoices}

    def inner(self, values: Sequence[Any]) -> str:
        return self.marks.get(values[0]) or text(values[0])

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [self.words.get(values[0], values[0])]


class Person(Column):
    """Somebody by initials; `path` leads to the name."""

    def inner(self, values: Sequence[Any]) -> str:
        return person_markup(values[0])


class Link(Column):
    """The column that opens the row; the table puts it first, as the row's heading."""

    def __init__(self, path: str, label: Any = None, *, empty: Any = "Draft", **options: Any) -> None:
        super().__init__(path, label, stack="", **options)
        self.empty = empty

    def words(self, values: Sequence[Any]) -> str:
        """What the link says: the short form of a number."""
        return str(values[0] or self.empty)

    def link(self, href: str, values: Sequence[Any]) -> str:
        """The heading cell of the row."""
        return f'<th scope="row"><a class="id" href="{text(href)}">{text(self.words(values))}</a></th>'


class NumberLink(Link):
    """The link of a document: BILL-2026-04817 is shown as 04817."""

    def words(self, values: Sequence[Any]) -> str:
        return str(values[0]).rsplit("-", 1)[-1] if values[0] else str(self.empty)


def initials(name: str) -> str:
    """TA for Tom Ashworth."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def person_markup(name: str | None, *, spoken: bool = True) -> str:
    """The round mark of a person; the colour follows the name."""
    if not name:
        return ""
    kind = "abcd"[sum(name.encode()) % 4]
    said = f'<span class="sr">{text(name)}</span>' if spoken else ""
    return f'<span class="av {kind}" aria-hidden="true" title="{text(name)}">{text(initials(name))}</span>{said}'


def _field(model: Any, path: str) -> Any:
    for part in path.split("__")[:-1]:
        model = model._meta.get_field(part).related_model
    return model._meta.get_field(path.rsplit("__", maxsplit=1)[-1])


def _words(model: Any, path: str, name: str) -> str:
    try:
        field = _field(model, path)
    except Exception:  # noqa: BLE001  (an annotation has no field: its name speaks)
        return capfirst(name.replace("_", " "))
    return capfirst(str(field.verbose_name))
