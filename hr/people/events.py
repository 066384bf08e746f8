"""What others may want to know of employments; published in the transaction of the verb."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class EmployeeHired:
    """An employment was entered; `on` is its first day, which may lie ahead."""

    employment_id: int
    person_id: int
    company_id: int
    on: date


@dataclass(frozen=True)
class EmployeeStarted:
    """The first day of an employment has come."""

    employment_id: int
    person_id: int
    company_id: int
    on: date


@dataclass(frozen=True)
class EmployeeLeaving:
    """Notice was entered; `on` is the last day."""

    employment_id: int
    person_id: int
    company_id: int
    on: date
    access_ends_at: datetime


@dataclass(frozen=True)
class EmployeeLeft:
    """An employment is over; `on` was the last day."""

    employment_id: int
    person_id: int
    company_id: int
    on: date
    access_ends_at: datetime
