"""Recording entries of other systems: posted at once, by programs that hold a right of their own for it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backoffice.core.authority import authority
from backoffice.core.rounding import ZERO
from backoffice.organisation.models import Company
from finance.ledger import accounts, posting
from finance.ledger.models import Journal, JournalEntry


def record(
    *,
    company: Company,
    on: date,
    text: str,
    lines: Sequence[Mapping[str, Any]],
    by: Any,
    document_on: date | None = None,
) -> JournalEntry:
    """Post an entry into the general journal; `lines` hold account, debit or credit, text and cost centre.

    Raises `PermissionDenied` without the right to integrate, `Refused` for accounts that documents keep, closed periods
    and what does not balance.
    """
    if denied := authority.only.refusal(by, "ledger.integrate_journalentry", JournalEntry(company=company)):
        raise denied
    if refusal := next(filter(None, (accounts.refusal_by_hand(line["account"]) for line in lines)), None):
        raise refusal
    made = [
        posting.Line(
            account=line["account"],
            debit=line.get("debit") or ZERO,
            credit=line.get("credit") or ZERO,
            text=line.get("text", ""),
            cost_centre=line.get("cost_centre"),
        )
        for line in lines
    ]
    asked = posting.Posting(journal=Journal.Code.GENERAL, on=on, document_on=document_on, text=text, lines=made)
    return posting.post(company, asked, by=by)
