"""How a person is named in tables, also in those of the apps above."""

from collections.abc import Sequence
from typing import Any

from backoffice.ui.html import text
from backoffice.ui.tables import Text


class Name(Text):
    """First names, or what the person is known as, and last name."""

    def __init__(self, path: str, label: Any, **options: Any) -> None:
        start = f"{path}__" if path else ""
        also = (f"{start}first_names", f"{start}known_as")
        super().__init__(f"{start}last_name", label, also=also, **options)

    def inner(self, values: Sequence[Any]) -> str:
        return text(name_of(values))

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [name_of(values)]


def name_of(values: Sequence[Any]) -> str:
    """One name of last, first and known-as."""
    last, first, known = values[:3]
    return f"{known or first} {last}".strip() if last else ""
