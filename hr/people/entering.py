"""Writing what a form about people holds: the right in the company it belongs to, then the rows."""

from collections.abc import Sequence
from typing import Any

from backoffice.core.authority import authority
from backoffice.workflow import approvals
from hr.people import hiring, pay
from hr.people.models import Employment, PayRate, Person, PersonBankAccount, PrivateDetails


def hired(employment: Any, lines: Sequence[Any], removed: Sequence[Any], *, by: Any) -> Employment:
    """Hire the starter that the form made."""
    return hiring.entered(employment.company, [employment.starter], by=by)[0]


def stored(row: Person | PrivateDetails, lines: Sequence[Any], removed: Sequence[Any], *, by: Any) -> Any:
    """Save a person or private details. Raises `PermissionDenied` without the right in their company."""
    _demand(row, "change", by)
    row.clean_for(by)
    row.save()
    return row


def proposed(rate: PayRate, lines: Sequence[Any], removed: Sequence[Any], *, by: Any) -> PayRate:
    """Propose the rate; the form's own saving writes the act."""
    pay.complete(rate)
    _demand(rate, "add", by)
    rate.save()
    approvals.open(rate, amount=pay.UNSAID, by=by)
    return rate


def banked(account: PersonBankAccount, lines: Sequence[Any], removed: Sequence[Any], *, by: Any) -> PersonBankAccount:
    """Enter bank details, which wait for a second person."""
    account.company = account.person.company
    _demand(account, "add", by)
    account.save()
    return account


def _demand(row: Any, action: str, by: Any) -> None:
    meta = row._meta
    if denied := authority.only.refusal(by, f"{meta.app_label}.{action}_{meta.model_name}", row):
        raise denied
