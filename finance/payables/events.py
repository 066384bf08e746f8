"""What payables tells."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class BillPosted:
    """A bill is in the books; `groups` gives, for each filler of `payables.line_postings` that booked lines, its key, the
    place of its first entry line, and (line, amount) pairs: what each comes to in company currency, negative on a
    credit note.
    """

    bill_id: int
    entry_id: int
    company_id: int
    party_id: int
    on: date
    groups: tuple[tuple[str, int, tuple[tuple[int, Decimal], ...]], ...]


@dataclass(frozen=True)
class BillReversed:
    """The entry of a bill has a mirror, whose lines stand in the same places."""

    bill_id: int
    company_id: int
    party_id: int
    entry_id: int
    mirror_id: int


@dataclass(frozen=True)
class BillKept:
    """A draft was entered or changed, with its lines."""

    bill_id: int
    company_id: int
    party_id: int
    by_id: int
