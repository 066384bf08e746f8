"""What a list needs besides its rows: views, chips, the words of an empty list, bulk verbs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.ui.columns import day
from backoffice.ui.models import SavedView

FRAME = ("page", "after", "sort", "view", "part", "export", "selected", "notice")
ENDS = ("_after", "_before", "_min", "_max", "_0", "_1", "-text")


@dataclass(frozen=True)
class View:
    """A ready-made narrowing of a list: `where` is a condition or a function of the user that gives one."""

    key: str
    label: Any
    where: Q | Callable[[Any], Q] | None = None
    count: bool = True

    def narrow(self, rows: Any, user: Any) -> Any:
        condition = self.where(user) if callable(self.where) else self.where
        return rows if condition is None else rows.filter(condition)


@dataclass(frozen=True)
class Link:
    """A further button in the head of a list or document."""

    label: Any
    href: str
    icon: str = ""


@dataclass
class Shown:
    """A view as the list draws it."""

    label: str
    href: str
    current: bool
    count: int | None = None


@dataclass(frozen=True)
class Chip:
    """A filter in force: its words, and the address without it."""

    name: str
    label: str
    value: str
    remove: str


@dataclass(frozen=True)
class BulkVerb:
    """A verb offered for selected rows."""

    name: str
    label: str
    icon: str
    sources: str
    why: str


@dataclass
class Outcome:
    """What a bulk verb did."""

    done: int = 0
    problems: list[str] = field(default_factory=list)


def without(query: QueryDict, *names: str) -> str:
    """The query without some names, ending so that another parameter may follow."""
    kept = query.copy()
    for name in names:
        kept.pop(name, None)
    text = kept.urlencode()
    return f"?{text}&" if text else "?"


def chips(filterset: Any, query: QueryDict, path: str) -> list[Chip]:
    """The filters in force, the search box aside."""
    found = []
    for name, each in filterset.form.fields.items():
        params = [key for key in (name, *(name + end for end in ENDS)) if query.get(key)]
        if name == "q" or not params:
            continue
        rest = without(query, *params, "page", "after").rstrip("&?")
        found.append(Chip(name, str(each.label or name), _words(filterset.form, name), path + rest))
    return found


def _words(form: Any, name: str) -> str:
    value = getattr(form, "cleaned_data", {}).get(name)
    each = form.fields[name]
    if value is None or value == "":
        return str(form[name].data or "")
    if isinstance(value, slice):
        return "–".join(str(part or "") for part in (value.start, value.stop))
    if isinstance(value, list | tuple):
        words = {str(key): str(label) for key, label in getattr(each, "choices", [])}
        return ", ".join(words.get(str(v), str(v)) for v in value)
    if isinstance(value, date):
        return day(value, this_year=0)
    words = {str(key): str(label) for key, label in getattr(each, "choices", [])} if not hasattr(value, "pk") else {}
    return words.get(str(value), str(value))


def shown_views(views: Sequence[View], current: str, path: str, saved: Sequence[SavedView], query: str) -> list[Shown]:
    """The ready-made views and the person's own."""
    own = [Shown(row.name, f"{path}?{row.query}", row.query == query) for row in saved]
    any_own = any(view.current for view in own)
    ready = [Shown(str(v.label), f"{path}?view={v.key}", v.key == current and not any_own) for v in views]
    return [*ready, *own]


def bulk_verbs(model: Any, names: Sequence[str], user: Any) -> list[BulkVerb]:
    """The verbs that this person may ever perform on rows of this model."""
    offered: list[BulkVerb] = []
    if not names:
        return offered
    flow = model.flow
    for name in names:
        move = flow.moves[name]
        if user.has_perm(flow.permission(name)):
            label = flow.label(name)
            why = _("None of these can be changed by “%s” now") % label
            offered.append(BulkVerb(name, label, move.icon, " ".join(move.sources), why))
    return offered


def perform_all(model: Any, verb: str, ids: Sequence[str], *, by: Any) -> Outcome:
    """Perform a verb on each of these rows; one that can't be done does not stop the others."""
    outcome = Outcome()
    wanted = [int(each) for each in ids if each.isdigit()]
    found = {row.pk: row for row in model.objects.visible_to(by).filter(pk__in=wanted)}
    for pk in wanted:
        document = found.get(pk)
        if document is None:
            outcome.problems.append(_("One of the rows is gone or not yours to see."))
            continue
        try:
            model.flow.perform(document, verb, by=by)
            outcome.done += 1
        except (Refused, PermissionDenied) as reason:
            outcome.problems.append(f"{document}: {reason}")
    return outcome
