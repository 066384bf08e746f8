"""What payables tells."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BillPosted:
    """A bill is in the books; `places` gives for each of its lines (by key) the place of its first entry line."""

    bill_id: int
    entry_id: int
    company_id: int
    party_id: int
    places: tuple[tuple[int, int], ...]


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
