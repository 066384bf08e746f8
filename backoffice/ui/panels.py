"""Panels: the parts of a document's screen. Apps add their own, and upper apps add to lower apps' documents."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.audit.models import Act, Change
from backoffice.ui.columns import amount, day, initials
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
        """The lines in their order."""
        return getattr(document, self.relation).all()

    def sums(self, document: Any, user: Any) -> list[tuple[Any, Any, str]]:
        """(words, amount, currency) for the foot."""
        return []

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        rows = self.rows(document, user)
        table = self.table(rows.model)
        read = table.read(table.prepare(rows, user))
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
    limit = 60

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        events = [*_acts(document, user, self.limit), *(e for find in timeline for e in find(document, user))]
        events.sort(key=lambda event: event["at"], reverse=True)
        return {"events": events[: self.limit]}


def _acts(document: Any, user: Any, limit: int) -> list[dict[str, Any]]:
    kind = ContentType.objects.get_for_model(document)
    rows = Act.objects.filter(content_type=kind, object_id=document.pk).select_related("by").order_by("-id")
    if (right := getattr(document, "papers_right", "")) and not user.has_perm(right, document):
        rows = rows.exclude(verb="attach")  # it names the file
    acts = list(rows[:limit])
    changes = list(
        Change.objects.filter(table=document._meta.db_table, row_id=str(document.pk))
        .select_related("by")
        .order_by("-id")[:limit]
    )
    by_transaction = {change.transaction: change for change in changes}
    told = {act.transaction for act in acts}
    events = [
        _event(document, act.at, act.by, _did(document, act.verb), act.details, by_transaction.get(act.transaction))
        for act in acts
    ]
    loose = [c for c in changes if c.transaction not in told and (c.operation != "update" or _diff(document, c))]
    return events + [_event(document, c.at, c.by, c.get_operation_display(), {}, c) for c in loose]


def _did(document: Any, verb: str) -> str:
    flow = getattr(document, "flow", None)
    if flow is not None and verb in flow.moves:
        done = str(flow.moves[verb].done or flow.label(verb))
        return done[:1].lower() + done[1:]
    words = {
        "enter": _("entered it"),
        "change": _("changed it"),
        "attach": _("attached a file"),
        "grant_override": _("granted an override"),
    }
    return words.get(verb, verb.replace("_", " "))


def _event(document: Any, at: Any, by: Any, words: str, details: Any, change: Any) -> dict[str, Any]:
    said = next((details[key] for key in ("reason", "comment", "text", "name") if details.get(key)), "")
    diff = _diff(document, change) if change is not None and change.operation == "update" else []
    return {
        "at": at,
        "who": str(by) if by else _("The system"),
        "initials": initials(str(by)) if by else "",
        "words": words,
        "said": said,
        "diff": diff,
        "kind": "changes" if diff else "",
    }


QUIET = {"version", "state", "changed_at", "changed_by_id", "entered_at", "entered_by_id", "ref"}


def _diff(document: Any, change: Any) -> list[tuple[str, str, str]]:
    """The fields that a change touched: words, was, now."""
    before, after = change.before or {}, change.after or {}
    rows = []
    for each in document._meta.concrete_fields:
        was, now = before.get(each.column), after.get(each.column)
        if was != now and each.column not in QUIET and (each.column in before or each.column in after):
            rows.append((capfirst(str(each.verbose_name)), _value(each, was), _value(each, now)))
    return rows


def _value(each: Any, value: Any) -> str:
    if value in (None, ""):
        return "—"
    if each.choices:
        return str(dict(each.flatchoices).get(value, value))
    if isinstance(each, models.DateTimeField) and (at := parse_datetime(str(value))):
        local = timezone.localtime(at)
        return f"{day(local, this_year=0)}, {local:%H:%M}"
    if each.is_relation:
        row = each.related_model._default_manager.filter(pk=value).first()
        return str(row) if row is not None else str(value)
    return str(value)
