"""Panels: the parts of a document's screen. Apps add their own, and upper apps add to lower apps' documents."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.ui import history
from backoffice.ui.columns import amount, day
from backoffice.ui.html import joined
from backoffice.ui.slots import timeline

log = logging.getLogger(__name__)


class Panel:
    """A part of a document's screen: `title`, `template` and `context`.

    `side=True` puts it at the right; `half=True` gives it half of the width, where no panel stands at the right;
    `permission` hides it from those without the right;
    `context` may return None to leave the panel out. Templates get `document`, `panel` and the context.
    """

    title: ClassVar[Any] = ""
    template: ClassVar[str] = ""
    side: ClassVar[bool] = False
    half: ClassVar[bool] = False
    permission: ClassVar[str] = ""
    order: ClassVar[int] = 50

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        """What the template needs."""
        return {}

    def open_to(self, user: Any) -> bool:
        return not self.permission or user.has_perm(self.permission)

    @property
    def anchor(self) -> str:
        """The name of its heading in the page: two panels of one kind must not share it."""
        return f"{type(self).__name__.lower()}-h"


@dataclass(frozen=True)
class Drawn:
    """A panel as markup, or the reference under which its failure was logged."""

    title: str
    side: bool
    html: SafeString
    failed: str = ""


def draw(panels: Sequence[type[Panel]], document: Any, request: Any) -> list[Drawn]:
    """Draw the panels that this person may see; one that fails says so in its own place."""
    drawn = []
    for panel in (kind() for kind in panels):
        if not panel.open_to(request.user):
            continue
        try:
            context = panel.context(document, request.user)
            if context is None:
                continue
            html = render_to_string(panel.template, {"document": document, "panel": panel, **context}, request)
            drawn.append(Drawn(str(panel.title), panel.side, html))
        except Exception:  # a broken part must not take the page with it
            reference = uuid4().hex[:8]
            log.exception("Panel %s failed, reference %s", type(panel).__name__, reference)
            drawn.append(Drawn(str(panel.title), panel.side, joined([]), reference))
    return drawn


@dataclass(frozen=True)
class Fact:
    """A label with its value; `href` makes it a link, `sub` is said quietly after it."""

    label: Any
    value: Any
    sub: Any = ""
    href: str = ""


class FactsPanel(Panel):
    """The header of a document: subclass and name fields, or override `facts`."""

    title = gettext_lazy("Facts")
    template = "ui/panels/facts.html"
    order = 10
    fields: ClassVar[Sequence[str]] = ()

    def facts(self, document: Any, user: Any) -> list[Fact]:
        """One fact a field: its words, its value, a link where the value has a page."""
        return [fact_of(document, name) for name in self.fields]

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        return {"facts": [fact for fact in self.facts(document, user) if fact.value not in (None, "")]}


def fact_of(document: Any, name: str) -> Fact:
    """A field of a document as a fact."""
    each, value = document._meta.get_field(name), getattr(document, name)
    label = capfirst(str(each.verbose_name))
    if each.choices:
        return Fact(label, getattr(document, f"get_{name}_display")())
    if isinstance(value, models.Model):
        return Fact(label, value, href=value.get_absolute_url() if hasattr(value, "get_absolute_url") else "")
    if isinstance(each, models.DateField) and value:
        return Fact(label, f"{day(value, this_year=0)}")
    if isinstance(each, models.DecimalField) and value is not None:
        spoken = max(2, -int(value.normalize().as_tuple().exponent))  # a price of six decimals is seldom one
        return Fact(label, amount(value, min(each.decimal_places, spoken)))
    if isinstance(each, models.BooleanField):
        return Fact(label, _("yes") if value else _("no"))
    return Fact(label, value)


class LinesPanel(Panel):
    """The lines of a document, drawn by a table class; `relation` is the name from document to lines.

    `nothing` is said where there are none.

    `add` is (right, name of the form's address, words): a way to enter one more, from the head of the panel.
    """

    title = gettext_lazy("Lines")
    nothing: ClassVar[Any] = gettext_lazy("None yet.")
    template = "ui/panels/lines.html"
    order = 30
    relation: ClassVar[str] = "lines"
    table: ClassVar[Any] = None
    add: ClassVar[tuple[str, str, Any] | None] = None

    def rows(self, document: Any, user: Any) -> Any:
        """The lines in their order: a queryset, or a list of those that are read already."""
        return getattr(document, self.relation).all()

    def sums(self, document: Any, user: Any) -> list[tuple[Any, Any, str]]:
        """(words, amount, currency) for the foot."""
        return []

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        rows = self.rows(document, user)
        is_read = isinstance(rows, list)
        table = self.table(getattr(document, self.relation).model if is_read else rows.model)
        read = table.read(rows if is_read else table.prepare(rows, user))
        right, form, words = self.add or ("", "", "")
        may_add = bool(right) and user.has_perm(right, document)
        return {
            "add_href": reverse(form, args=[document.pk]) if may_add else "",
            "add_label": words,
            "thead": table.head_html("", "?"),
            "rows_html": table.rows_html(read),
            "n": len(read),
            "before_last": max(len(table.shown) - 1, 1),
            "sums": self.sums(document, user),
        }


@dataclass(frozen=True)
class Step:
    """A stage of a document: state is "done", "now", "" (next) or "done warn"."""

    label: Any
    state: str = ""
    note: Any = ""

    @property
    def done(self) -> bool:
        return self.state.startswith("done")

    @property
    def warn(self) -> bool:
        return "warn" in self.state

    @property
    def now(self) -> bool:
        return "now" in self.state


def steps_by_state(*states: str) -> Callable[[Any, Any], list[Step]]:
    """Steps that follow the states of a flow in this order; a state outside shows none as current."""

    def steps(document: Any, user: Any) -> list[Step]:
        at = states.index(document.state) if document.state in states else -1
        words = dict(document._meta.get_field("state").flatchoices)
        last = len(states) - 1
        return [
            Step(words[state], "done" if i < at or (i == at == last) else "now" if i == at else "")
            for i, state in enumerate(states)
        ]

    return steps


class HistoryPanel(Panel):
    """Who did what, newest first: acts from the audit, field changes of the same transaction, and comments from above."""

    title = gettext_lazy("History")
    template = "ui/panels/history.html"
    order = 90

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        return {"events": history.of(document, user, timeline.items())}
