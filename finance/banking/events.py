"""What banking tells the apps above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PaymentsReleased:
    """A payment run is being released in this transaction: what it pays, by the keys of its source."""

    run_id: int
    company_id: int
    source: str
    keys: tuple[str, ...]
    by_id: int


@dataclass(frozen=True)
class PaymentsWithdrawn:
    """Released payments are taken back in this transaction, before the bank has them: what they paid, by its keys."""

    run_id: int
    company_id: int
    source: str
    keys: tuple[str, ...]
    by_id: int
