"""When two people change one record: merge what does not clash, ask for the rest, lose nothing.

The form carries the values it was opened with, signed. Comparing them with what is stored now
and with what was typed tells who changed what.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

SALT = "ui.clashes"


@dataclass(frozen=True)
class Row:
    """A field that both changed."""

    name: str
    label: str
    was: str
    theirs: str
    yours: str


@dataclass
class Clash:
    """What both changed, how many changes of the person went in, and who was faster."""

    words: str
    rows: list[Row] = field(default_factory=list)
    merged: int = 0
    total: int = 0
    mine: str = ""
    theirs_href: str = ""


LINES = "lines"


def opened_values(form: Any, lines: Any = None) -> str:
    """The values that a form shows now, signed, for its hidden field; of its lines only a digest."""
    values = {name: _plain(form, name) for name in form.fields}
    return signing.dumps({**values, f"{LINES}:": _digest(lines)}, salt=SALT, compress=True)


def _digest(lines: Any) -> str:
    if lines is None:
        return ""
    rows = [[str(f.instance.pk), *(_plain(f, n) for n in f.fields if n != "ORDER")] for f in lines.initial_forms]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def merge_lines(data: Any, current: Any, was_signed: str, clash: Clash) -> None:
    """Fit the typed lines onto the lines as they are now; when others changed lines too, the person chooses.

    "Theirs" takes the stored lines, "yours" the typed ones; lines that others added stay in both cases.
    """
    was = _opened(was_signed)
    stored = {str(f.instance.pk) for f in current.initial_forms}
    if was.get(f"{LINES}:") != _digest(current):
        choice = data.get(f"choose-{LINES}")
        if choice == "theirs":
            _take_stored(data, current)
            return
        if choice is None:
            theirs, yours = _count(len(stored)), _count(int(data.get(f"{LINES}-TOTAL_FORMS") or 0))
            clash.rows.append(Row(LINES, str(current.title), "—", theirs, yours))
    _rebase(data, stored)


def _count(n: int) -> str:
    return ngettext("%s line", "%s lines", n) % n


def _take_stored(data: Any, current: Any) -> None:
    for key in [key for key in data if key.startswith(f"{LINES}-")]:
        data.pop(key)
    n = len(current.initial_forms)
    data[f"{LINES}-TOTAL_FORMS"] = data[f"{LINES}-INITIAL_FORMS"] = str(n)
    for form in current.initial_forms:
        for name in form.fields:
            data[form.add_prefix(name)] = _plain(form, name)


def _rebase(data: Any, stored: set[str]) -> None:
    """Typed lines whose stored line is gone become new ones; stored ones come first, as a formset needs it."""
    total = int(data.get(f"{LINES}-TOTAL_FORMS") or 0)
    rows = []
    for i in range(min(total, 1000)):
        start = f"{LINES}-{i}-"
        row = {key.removeprefix(start): data.getlist(key) for key in list(data) if key.startswith(start)}
        for key in row:
            data.pop(start + key)
        if row.get("id", [""])[0] not in stored:
            row["id"] = [""]
        rows.append(row)
    rows.sort(key=lambda row: row["id"] == [""])
    for i, row in enumerate(rows):
        for key, values in row.items():
            data.setlist(f"{LINES}-{i}-{key}", values)
    data[f"{LINES}-INITIAL_FORMS"] = str(sum(row["id"] != [""] for row in rows))


def _opened(was_signed: str) -> dict[str, str]:
    try:
        return dict(signing.loads(was_signed, salt=SALT))
    except signing.BadSignature:
        return {}


def merge(form: Any, current: Any, was_signed: str, choices: Any) -> tuple[dict[str, str], Clash]:
    """The values to save, and what still clashes.

    `form` is the bound form of the person, `current` an unbound form of the record as it is now.
    Fields that only others changed take their value; fields that only the person changed keep
    theirs; for the rest `choices` (the posted radio buttons) decide, and without one it is a clash.
    """
    was = _opened(was_signed)
    values, clash = {}, Clash("")
    for name, each in form.fields.items():
        before, theirs, mine = was.get(name, ""), _plain(current, name), _typed(form, name)
        i_changed, they_changed = not _same(each, before, mine), not _same(each, before, theirs)
        clash.total += i_changed
        if they_changed and not i_changed:
            values[name] = theirs
        elif they_changed and i_changed and not _same(each, theirs, mine):
            choice = choices.get(f"choose-{name}")
            if choice == "theirs":
                values[name] = theirs
            elif choice is None:
                label = str(form[name].label)
                clash.rows.append(
                    Row(name, label, _shown(form, name, before), _shown(form, name, theirs), _shown(form, name, mine))
                )
        clash.merged += i_changed and not any(row.name == name for row in clash.rows)
    clash.mine = "\n".join(f"{form[name].label}: {_shown(form, name, _typed(form, name))}" for name in form.fields)
    return values, clash


def _plain(form: Any, name: str) -> str:
    bound = form[name]
    value = form.fields[name].prepare_value(form.get_initial_for_field(bound.field, name))
    if isinstance(value, list | tuple):
        return ",".join(str(each) for each in value)
    if value is None or value == "":
        return ""
    if hasattr(bound.field.widget, "format_value") and not hasattr(bound.field.widget, "choices"):
        return str(bound.field.widget.format_value(value) or "")
    return str(value)


def _typed(form: Any, name: str) -> str:
    value = form[name].data
    return (
        ",".join(value) if isinstance(value, list) else str(value if value is not None and value is not False else "")
    )


def _same(each: Any, one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        return bool(each.to_python(one) == each.to_python(other))
    except (ValidationError, TypeError, ValueError):
        return False


def _shown(form: Any, name: str, value: str) -> str:
    choices = getattr(form.fields[name].widget, "choices", None)
    if choices and value:
        for key, words in choices:
            if str(key) == value:
                return str(words)
    lookup = getattr(form.fields[name], "lookup", None)
    if lookup is not None and (row := lookup.by_key(value)):
        return str(lookup.text(row))
    return value or "—"
