"""The side bar: entries that upper apps put into the slot, those that this person may open."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from backoffice.ui.slots import SECTIONS, MenuEntry, menu, work

KEPT = 25  # seconds that the counts beside the words may be old


@dataclass(frozen=True)
class Item:
    """An entry as the side bar draws it."""

    key: str
    label: Any
    href: str
    icon: str
    current: bool
    count: int | None


@dataclass(frozen=True)
class Block:
    """A section with its entries; open when the page belongs to it."""

    label: Any
    icon: str
    go: str
    href: str
    open: bool
    entries: list[Item]


def entries_for(user: Any) -> list[MenuEntry]:
    """The entries that this person may open, in their order."""
    return sorted((entry for entry in menu if entry.open_to(user)), key=lambda entry: entry.order)


def blocks(user: Any, path: str, counts: dict[str, int]) -> tuple[list[Item], list[Block]]:
    """What stands at the top beside My work, and the sections; the longest address that fits is the current one."""
    keys = {id(entry): key for key, entry in menu.items()}
    entries = [(entry, entry.href()) for entry in entries_for(user)]
    here = max((href for _entry, href in entries if path.startswith(href)), key=len, default="")
    # A page that is no entry's own belongs where the entries of its app stand.
    app = "/".join(path.split("/")[:2]) + "/"
    near = "" if here else next((entry.section for entry, href in entries if len(app) > 1 and href.startswith(app)), "")
    items = {
        id(e): Item(keys[id(e)], e.label, href, e.icon or "file-text", href == here, counts.get(keys[id(e)]))
        for e, href in entries
    }
    top = [items[id(entry)] for entry, _href in entries if not entry.section]
    sections = []
    for section in SECTIONS:
        own = [items[id(entry)] for entry, _href in entries if entry.section == section.key]
        if own:
            is_open = any(item.current for item in own) or section.key == near
            sections.append(Block(section.label, section.icon, section.go, own[0].href, is_open, own))
    return top, sections


def counts_for(user: Any, *, fresh: bool = False) -> dict[str, int]:
    """The figures beside the menu, by entry key, and "work"; kept for some seconds."""
    key = f"ui.counts.{user.pk}"
    kept = None if fresh else cache.get(key)
    if kept is None and fresh:
        kept = {name: entry.count(user) for name, entry in menu.items() if entry.count and entry.open_to(user)}
        kept["work"] = sum(
            (part.count or _rows_of(part.rows))(user) for part in work if part.kind in ("approvals", "tasks")
        )
        cache.set(key, kept, KEPT)
    return kept or {}


def _rows_of(rows: Any) -> Any:
    return lambda user: len(rows(user))
