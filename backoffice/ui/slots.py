"""What upper apps hang into the screens: menu entries, work, panels, palette, tiles, lookups."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.core.slots import Slot

Count = Callable[[Any], int]  # of a user


@dataclass(frozen=True)
class Section:
    """A domain in the side bar: its words, icon and the letter after G."""

    key: str
    label: Any
    icon: str
    go: str


# The order of the side bar. Sections without an entry that the person may open are not drawn.
SECTIONS = [
    Section("finance", _("Finance"), "landmark", "f"),
    Section("procurement", _("Purchasing"), "shopping-cart", "p"),
    Section("inventory", _("Stock"), "package", "s"),
    Section("hr", _("People"), "users", "h"),
    Section("itsm", _("Service desk"), "life-buoy", "i"),
    Section("reporting", _("Reports"), "chart-column", "r"),
    Section("admin", _("Admin"), "settings", "a"),
]


@dataclass(frozen=True)
class MenuEntry:
    """A page in the side bar. `section` is a key of `SECTIONS`, or "" for the top beside My work.

    `permission` is `app.codename` ("" for everybody); `count(user)` is the figure beside the words.
    """

    section: str
    label: Any
    url: str
    icon: str = ""
    permission: str = ""
    count: Count | None = None
    order: int = 100
    arguments: tuple[Any, ...] = ()

    def href(self) -> str:
        return reverse(self.url, args=self.arguments)

    def open_to(self, user: Any) -> bool:
        return not self.permission or user.has_perm(self.permission)


@dataclass(frozen=True)
class Decision:
    """A button in a row of My work: a verb that is posted, or a page that asks first."""

    label: str
    href: str
    icon: str
    key: str = ""
    asks: bool = False
    version: int | None = None


@dataclass(frozen=True)
class WorkRow:
    """Something that waits for this person, as one row of My work.

    `about` is the address of what a notice is about: it is left out where that waits in the middle already.
    """

    icon: str
    label: str
    href: str
    sub: str = ""
    why: str = ""
    flag: str = ""
    tone: str = "idle"
    flag_icon: str = ""
    since: datetime | None = None
    amount: Decimal | None = None
    currency: str = ""
    decisions: tuple[Decision, ...] = ()
    about: str = ""


@dataclass(frozen=True)
class WorkList:
    """A part of My work; `kind` says how it is drawn: "approvals" and "tasks" in the middle, others at the side.

    `template` draws the part in its own way, from `part.rows`.
    `rows(user)` gives the rows, `count(user)` how many there are (defaults to the number of rows). `counted` says a number
    of them in words (`ngettext_lazy`), where number and label alone do not.
    """

    label: Any
    kind: str
    rows: Callable[[Any], list[WorkRow]]
    count: Count | None = None
    href: str = ""
    order: int = 100
    template: str = ""
    counted: Any = None


@dataclass(frozen=True)
class Hit:
    """One result of the palette. `of` names a record ("app.model:pk") whose actions Tab shows."""

    label: str
    href: str
    icon: str = "file-text"
    sub: str = ""
    key: str = ""
    of: str = ""


class Searches(Protocol):
    """A provider of the palette: hits for the words, only of rows that the person may see."""

    def __call__(self, user: Any, words: str) -> Iterable[Hit]: ...


@dataclass(frozen=True)
class Search:
    """A group of the palette. `prefix` limits the search to it ("bill:")."""

    label: Any
    find: Searches
    prefix: str = ""
    order: int = 100


@dataclass(frozen=True)
class Tile:
    """A key figure on My work: words, a figure, what it compares with, the list behind it.

    `figure(user)` returns the values for the template ({value, note, tone, icon, trend, label}), or None to hide.
    """

    label: Any
    figure: Callable[[Any], dict[str, Any] | None]
    permission: str = ""
    url: str = ""
    order: int = 100


class Row(NamedTuple):
    """A row of a document's history; `what` is the verb of an act, the operation of a change, the text of a comment.

    An act has its details in `before`; `who` is empty for the system.
    """

    source: str
    id: int
    at: datetime
    who: str | None
    what: str
    before: Any
    after: Any
    transaction: Any


class Stream(Protocol):
    """A source of events; fills `ui.timeline`."""

    def rows(self, document: Any, user: Any) -> Any:
        """Rows of this source, made by `history.shaped` under its key; None where this person reads none."""

    def told(self, document: Any, user: Any, rows: Sequence[Row], acts: Sequence[Row]) -> list[dict[str, Any]]:
        """The events of its rows; `acts` are those of the document, the newest first."""


menu: Slot[MenuEntry] = Slot("ui.menu")
work: Slot[WorkList] = Slot("ui.work")
panels: Slot[tuple[str, type]] = Slot("ui.panels")
palette: Slot[Search] = Slot("ui.palette")
tiles: Slot[Tile] = Slot("ui.tiles")
lookups: Slot[Any] = Slot("ui.lookups")
timeline: Slot[Stream] = Slot("ui.timeline")


def panels_for(model: type[models.Model]) -> list[type]:
    """The panels that others add to the documents of a model, in the order of their keys."""
    return [panel for _key, (label, panel) in sorted(panels.items()) if label == model._meta.label]
