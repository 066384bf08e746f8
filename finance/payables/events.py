"""What payables tells."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BillPosted:
    """A bill is in the books."""

    bill_id: int
    company_id: int
    party_id: int


@dataclass(frozen=True)
class BillReversed:
    """The entry of a bill has a mirror."""

    bill_id: int
    company_id: int
    party_id: int
