"""What payables asks of the apps above: whether a bill is what was ordered, and where its lines are booked then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Protocol

from backoffice.core.slots import Slot
from finance.ledger.posting import Line


@dataclass(frozen=True)
class Finding:
    """Something about a bill that a person should look at.

    With a `reason` (a `PaymentBlock.Reason`) the bill is still posted, but not paid before somebody releases it;
    `owner_id` is the user who can clear it. `href` leads to what it is about.
    """

    text: str
    reason: str = ""
    owner_id: int | None = None
    href: str = ""


@dataclass(frozen=True)
class Verdict:
    """What a check says of a bill: its step in the stepper, and what it found.

    `is_touchless` says that the check alone is enough to approve the bill (operations B4): it is what was ordered and
    received, within what the company tolerates.
    """

    step: str
    note: str = ""
    is_touchless: bool = False
    findings: tuple[Finding, ...] = field(default=())


class BillCheck(Protocol):
    """A check of bills by an upper app."""

    def prepare(self, bill: Any, *, by: Any) -> None:
        """Bring what the app keeps about the bill up to date, under locks; called when it is submitted and posted."""

    def judge(self, bill: Any) -> Verdict | None:
        """What there is to say of the bill as it stands; None where the check does not concern it. Reads only."""


@dataclass(frozen=True)
class Explained:
    """What lines of a bill post instead of debits of their own accounts.

    `words` name, by the line's key, where it goes, for the table of lines; lines that are not in it are not explained.
    `post` gets what each of them comes to in company currency (with its sign: negative on a credit note) and answers
    with lines in company currency that sum to all of it; they stand together in the entry. It writes nothing.
    `outline` answers sooner where only the question is whether the bill could be posted at all: the accounts may be
    fewer, the sum is the same.
    """

    words: Mapping[int, str]
    post: Callable[[Mapping[int, Decimal]], list[Line]]
    outline: Callable[[Mapping[int, Decimal]], list[Line]] | None = None


bill_checks: Slot[BillCheck] = Slot("payables.bill_checks")
line_postings: Slot[Callable[[Any, Sequence[Any]], Explained | None]] = Slot("payables.line_postings")


def verdicts(bill: Any) -> list[Verdict]:
    """What all checks say of a bill, in the order in which they were filled."""
    return [verdict for check in bill_checks if (verdict := check.judge(bill)) is not None]


def prepare(bill: Any, *, by: Any) -> None:
    """Let all checks bring up to date what they keep about the bill."""
    for check in bill_checks:
        check.prepare(bill, by=by)


def explained(bill: Any, lines: Sequence[Any]) -> dict[str, Explained]:
    """By filler, what upper apps say about the booking of lines."""
    answers = {key: answer(bill, lines) for key, answer in line_postings.items()}
    return {key: answer for key, answer in answers.items() if answer is not None and answer.words}


def outlined(bill: Any, lines: Sequence[Any]) -> dict[str, Explained]:
    """The same in outline."""
    return {key: replace(each, post=each.outline or each.post) for key, each in explained(bill, lines).items()}
