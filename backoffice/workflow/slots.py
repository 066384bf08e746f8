"""What a kind of document tells of itself so that it can wait for approval."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from backoffice.core.slots import Slot


@dataclass(frozen=True)
class Described:
    """A document as the approver's list and mail show it: `sub` is who it is from, `detail` more for the mail.

    Without an `amount` none is told: mails and requests for approval are read by more people than some documents.

    `flag` is what deserves a look, in a few words.
    """

    label: str
    sub: str
    amount: Decimal | None
    currency: str
    flag: str = ""
    tone: str = "idle"
    flag_icon: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Subject:
    """How a kind of document is approved.

    `content(document)` gives everything that an approval is about, as values that JSON knows: if it changes,
    approvals are void. `approve` and `send_back` are verbs of the document's flow; `approve` asks for the right
    `app.approve_model`. `prepare(rows)` joins and annotates what `describe` reads when many are read at once.
    """

    content: Callable[[Any], dict[str, Any]]
    describe: Callable[[Any], Described]
    icon: str = "file-text"
    approve: str = "approve"
    send_back: str = "send_back"
    prepare: Callable[[Any], Any] = lambda rows: rows


subjects: Slot[Subject] = Slot("workflow.subjects")
