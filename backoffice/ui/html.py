"""The one place that marks text as safe: pieces that were escaped here, joined for speed.

Rows of tables are written by plain Python; `format_html` for each cell would cost more than the query.
"""

from collections.abc import Iterable
from functools import cache
from html import escape
from typing import Any

from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe


@cache
def sprite() -> str:
    """Where the icons lie; with hashed names in production."""
    return escape(static("icons/sprite.svg"))


def text(value: Any) -> str:
    """A value as escaped text; markup that was made safe before stays as it is."""
    if value is None:
        return ""
    if isinstance(value, SafeString):
        return str(value)
    return escape(str(value))


def joined(pieces: Iterable[str]) -> SafeString:
    """Join pieces that are already escaped; the caller answers for them."""
    return mark_safe("".join(pieces))


def icon_markup(name: str, size: str = "") -> str:
    """One icon of the sprite; `size` is "s" for small and "xl" for the empty states."""
    if not name:
        return ""
    kind = f"i {size}" if size else "i"
    return (
        f'<svg class="{kind}" width="16" height="16" aria-hidden="true" focusable="false">'
        f'<use href="{sprite()}#{escape(name)}"></use></svg>'
    )


def badge_markup(words: str, tone: str = "", icon: str = "", *, plain: bool = False) -> str:
    """A state as icon, word and colour."""
    kind = " ".join(part for part in ("badge", "plain" if plain else "", tone) if part)
    return f'<span class="{kind}">{icon_markup(icon, "s")}{escape(words)}</span>'
