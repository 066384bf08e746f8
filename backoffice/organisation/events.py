"""What the organisation tells."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CompanyFounded:
    """A company keeps its books here from now on; `is_first` when it is the first of the house."""

    company_id: int
    by_id: int
    is_first: bool
