"""Who reads which kind of file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from backoffice.core.slots import Slot


@dataclass(frozen=True)
class Outcome:
    """What a reader made of a file: a document, or a question.

    `proposal` is what it would create when told so (a new supplier), as values that JSON knows.
    """

    result: models.Model | None = None
    message: str = ""
    warnings: list[str] = field(default_factory=list)
    proposal: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reader:
    """How one kind of file is read.

    `read(upload, by=…, confirmed=…)` makes a document from the content, or returns a proposal; `confirmed` means that
    the person said yes to the proposal. It raises `Refused` with the reason why the file cannot be taken.
    """

    label: Any
    read: Callable[..., Outcome]
    permission: str
    accept: str = ""
    title: Any = ""
    hint: Any = ""


readers: Slot[Reader] = Slot("exchange.readers")
