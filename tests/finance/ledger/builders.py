"""Plain builders of entries."""

from datetime import date
from decimal import Decimal
from typing import Any

from finance.ledger import accounts, posting
from finance.ledger.posting import Line, Posting
from tests.fixtures_world import TODAY


def account(company: Any, code: str) -> Any:
    return accounts.by_code(company, code)


def a_posting(
    company: Any, amount: str = "120.00", *, on: date = TODAY, debit: str = "1210", credit: str = "3110", **more: Any
) -> Posting:
    """A balanced entry of two lines."""
    value = Decimal(amount)
    lines = [posting.debit(account(company, debit), value), posting.credit(account(company, credit), value)]
    return Posting(on=on, lines=lines, text="Test entry", journal="GEN", **more)


def posted(company: Any, by: Any, amount: str = "120.00", **more: Any) -> Any:
    return posting.post(company, a_posting(company, amount, **more), by=by)


def line(company: Any, code: str, debit: str = "0", credit: str = "0", **more: Any) -> Line:
    return Line(account(company, code), Decimal(debit), Decimal(credit), **more)
