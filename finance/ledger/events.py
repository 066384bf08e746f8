"""What the ledger tells."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BooksOpened:
    """A company has a chart of accounts, journals and fiscal years; `chart` is the key of the chart it took."""

    company_id: int
    chart: str
