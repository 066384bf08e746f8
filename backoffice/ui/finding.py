"""Find or do: records, actions and pages in one list, never more than the person may see."""

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from backoffice.ui.acting import actions
from backoffice.ui.menus import entries_for
from backoffice.ui.slots import SECTIONS, Hit, palette

EACH = 6


@dataclass
class Group:
    """Hits under one heading."""

    label: str
    hits: list[Hit] = field(default_factory=list)


def found(user: Any, words: str) -> list[Group]:
    """Groups of hits for what was typed; a prefix such as "bill:" keeps to one group."""
    words = words.strip()
    searches = sorted(palette, key=lambda each: each.order)
    only = [each for each in searches if each.prefix and words.lower().startswith(each.prefix)]
    asked = words[len(only[0].prefix) :].strip() if only else words
    groups = (
        [Group(str(each.label), list(each.find(user, asked))[:EACH]) for each in (only or searches)] if asked else []
    )
    if not only:
        groups.append(Group(_("Go to"), pages(user, asked)))
    return [group for group in groups if group.hits]


def pages(user: Any, words: str) -> list[Hit]:
    """The pages of the menu whose words fit."""
    sections = {section.key: section for section in SECTIONS}
    wanted = words.lower().split()
    hits = []
    for entry in entries_for(user):
        section = sections.get(entry.section)
        text = f"{section.label if section else ''} {entry.label}".lower()
        if all(word in text for word in wanted):
            icon = entry.icon or (section.icon if section else "file-text")
            hits.append(
                Hit(
                    str(entry.label),
                    entry.href(),
                    icon,
                    str(section.label) if section else "",
                    f"G {section.go.upper()}" if section else "",
                )
            )
    return hits[: EACH if words else 12]


def doable(user: Any, of: str) -> list[Group]:
    """The verbs that are open on a record ("app.model:pk"), for the Tab key."""
    label, _colon, key = of.partition(":")
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return []
    if not key.isdigit() or not hasattr(model, "flow"):
        return []
    document = model._default_manager.visible_to(user).filter(pk=key).first()
    if document is None:
        return []
    hits = [
        Hit(action.label, action.href, action.icon or "zap", str(document), action.key.upper())
        for action in actions(document, user)
        if not action.reason
    ]
    return [Group(str(document), hits)] if hits else []
