"""When two people change one record: merge what does not clash, ask for the rest, lose nothing.

The form carries the values it was opened with, signed. Comparing them with what is stored now
and with what was typed tells who changed what.
"""

from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError

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


def opened_values(form: Any) -> str:
    """The values that a form shows now, signed, for its hidden field."""
    return signing.dumps({name: _plain(form, name) for name in form.fields}, salt=SALT, compress=True)


def merge(form: Any, current: Any, was_signed: str, choices: Any) -> tuple[dict[str, str], Clash]:
    """The values to save, and what still clashes.

    `form` is the bound form of the person, `current` an unbound form of the record as it is now.
    Fields that only others changed take their value; fields that only the person changed keep
    theirs; for the rest `choices` (the posted radio buttons) decide, and without one it is a clash.
    """
    try:
        was = signing.loads(was_signed, salt=SALT)
    except signing.BadSignature:
        was = {}
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
