"""The history of a document: one stream of acts, field changes and what upper apps add, read in one query."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import reduce
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import CharField, F, JSONField, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from backoffice.audit.models import Act, Change, TransactionIdField
from backoffice.ui.columns import day, exact, initials
from backoffice.ui.slots import Row, Stream

Event = dict[str, Any]  # as the template draws it
Names = dict[type[models.Model], dict[str, str]]  # what related rows are called, by model and key
QUIET = {"version", "state", "changed_at", "changed_by_id", "entered_at", "entered_by_id", "ref"}
LIMIT = 60  # rows of each source, and events shown


def shaped(rows: Any, source: str, **columns: Any) -> Any:
    """A queryset (with `id`, `at` and `by`) in the shape of the stream, the newest first; absent columns are empty."""
    nothing = Value(None, output_field=JSONField())
    made = {
        "before": nothing,
        "after": nothing,
        "transaction": Cast(Value(None), TransactionIdField()),
        **columns,
    }
    return (
        rows.order_by("-id")
        .annotate(
            _source=Value(source, output_field=CharField()),
            _who=F("by__name"),
            _what=Cast(made["what"], CharField()),
            _before=made["before"],
            _after=made["after"],
            _transaction=made["transaction"],
        )
        .values_list("_source", "id", "at", "_who", "_what", "_before", "_after", "_transaction")[:LIMIT]
    )


def of(document: Any, user: Any, streams: Sequence[tuple[str, Stream]]) -> list[Event]:
    """What happened to a document, the newest first, as far as this person may read it."""
    parts = [_acts(document, user), _changes(document)]
    parts += [part for _key, stream in streams if (part := stream.rows(document, user)) is not None]
    found: dict[str, list[Row]] = defaultdict(list)
    for values in reduce(_joined, parts):
        row = Row(*values)
        found[row.source].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: -row.id)
    acts = found["act"]
    events = _own(document, acts, found["change"])
    events += [e for key, stream in streams for e in stream.told(document, user, found[key], acts)]
    return sorted(events, key=lambda event: event["at"], reverse=True)[:LIMIT]


def _joined(first: QuerySet[Any], second: QuerySet[Any]) -> QuerySet[Any]:
    return first.union(second, all=True)


def _acts(document: Any, user: Any) -> Any:
    kind = ContentType.objects.get_for_model(document)
    rows = Act.objects.filter(content_type=kind, object_id=document.pk)
    if (right := getattr(document, "papers_right", "")) and not user.has_perm(right, document):
        rows = rows.exclude(verb="attach")  # it names the file
    return shaped(rows, "act", what=F("verb"), before=F("details"), transaction=F("transaction"))


def _changes(document: Any) -> Any:
    return changes(Change.objects.filter(table=document._meta.db_table, row_id=str(document.pk)), "change")


def changes(rows: Any, source: str) -> Any:
    """Changes in the shape of the stream."""
    return shaped(rows, source, what=F("operation"), before=F("before"), after=F("after"), transaction=F("transaction"))


def _own(document: Any, acts: Sequence[Row], written: Sequence[Row]) -> list[Event]:
    """The acts with what they changed, and changes without an act."""
    by_transaction = {row.transaction: row for row in written}
    # Several acts may follow from one press of a button: what changed is told once, by the first of them.
    first = {act.transaction: act.id for act in acts}
    names = names_of(document, written)

    def changed_by(act: Row) -> Row | None:
        return by_transaction.get(act.transaction) if first[act.transaction] == act.id else None

    events = [
        _event(document, act, _did(document, act.what), changed_by(act), names)
        | ({"who": "", "initials": ""} if _by_itself(document, act.what) else {})
        for act in acts
    ]
    loose = [r for r in written if r.transaction not in first and (r.what != "update" or _diff(document, r, names))]
    wrote = {"insert": _("entered it"), "update": _("changed it"), "delete": _("deleted it")}
    return events + [_event(document, r, wrote[r.what], r, names, details={}) for r in loose]


def _by_itself(document: Any, verb: str) -> bool:
    """Whether it followed from something else: that all approvals are given is nobody's deed."""
    flow = getattr(document, "flow", None)
    return flow is not None and verb in flow.moves and flow.moves[verb].system


def _did(document: Any, verb: str) -> str:
    flow = getattr(document, "flow", None)
    if flow is not None and verb in flow.moves:
        done = str(flow.moves[verb].done or flow.label(verb))
        return done if _by_itself(document, verb) else done[:1].lower() + done[1:]
    words = {
        "enter": _("entered it"),
        "change": _("changed it"),
        "attach": _("attached a file"),
        "grant_override": _("granted an override"),
    }
    return words.get(verb, verb.replace("_", " "))


def _event(document: Any, row: Row, words: str, change: Row | None, names: Names, details: Any = None) -> Event:
    details = row.before if details is None else details
    said = next((details[key] for key in ("reason", "comment", "text", "name") if (details or {}).get(key)), "")
    diff = _diff(document, change, names) if change is not None and change.what == "update" else []
    return told(row.at, row.who, words, said=said, diff=diff, kind="changes" if diff else "")


def told(at: datetime, who: str | None, words: str, *, said: str = "", diff: Iterable[Any] = (), kind: str) -> Event:
    """An event as the page draws it."""
    return {
        "at": at,
        "who": who or _("The system"),
        "initials": initials(who) if who else "",
        "words": words,
        "said": said,
        "diff": list(diff),
        "kind": kind,
    }


def _diff(document: Any, change: Row, names: Names) -> list[tuple[str, str, str]]:
    """The fields that a change touched: words, was, now."""
    return [
        (capfirst(str(each.verbose_name)), _value(each, was, names), _value(each, now, names))
        for each, was, now in _touched(document, change)
    ]


def _touched(document: Any, change: Row) -> list[tuple[Any, Any, Any]]:
    before, after = change.before or {}, change.after or {}
    found = []
    for each in document._meta.concrete_fields:
        was, now = before.get(each.column), after.get(each.column)
        if was != now and each.column not in QUIET and (each.column in before or each.column in after):
            found.append((each, was, now))
    return found


def names_of(document: Any, written: Iterable[Row]) -> Names:
    """What the related rows are called that these updates took away or set, with one query for each model."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for change in written:
        for each, was, now in _touched(document, change) if change.what == "update" else ():
            if each.is_relation and not each.choices:
                wanted[each.related_model] |= {value for value in (was, now) if value not in (None, "")}
    found: Names = defaultdict(dict)
    for each in document._state.fields_cache.values():  # what the document itself points to is read already
        if isinstance(each, models.Model):
            found[type(each)][str(each.pk)] = str(each)
    for model, keys in wanted.items():
        if missing := [key for key in keys if str(key) not in found[model]]:
            found[model] |= {str(row.pk): str(row) for row in called(model, missing)}
    return found


def called(model: Any, keys: Iterable[Any]) -> Any:
    """Rows of a model with all that their words read."""
    return model._default_manager.filter(pk__in=keys).select_related(*getattr(model, "named_by", ()))


def _value(each: Any, value: Any, names: Names) -> str:
    if value in (None, ""):
        return "—"
    if each.choices:
        return str(dict(each.flatchoices).get(value, value))
    if isinstance(each, models.DateTimeField) and (at := parse_datetime(str(value))):
        local = timezone.localtime(at)
        return f"{day(local, this_year=0)}, {local:%H:%M}"
    if each.is_relation:
        return names.get(each.related_model, {}).get(str(value), str(value))
    if isinstance(each, models.DecimalField):  # JSON does not keep 240.00
        return exact(Decimal(str(value)), min(each.decimal_places, 2))
    return str(value)
