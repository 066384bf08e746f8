"""What a run posts: cost by cost centre, what is owed to the state, to schemes and to people; pure but for reading."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO, shared
from backoffice.organisation.models import CostCentre
from finance.ledger import accounts, posting
from finance.ledger.models import Account
from finance.ledger.posting import Line
from finance.ledger.previews import previews
from hr.payroll import planning
from hr.payroll.models import Element, PayrollRun, PayslipLine

NET = "wages_payable"


def entry_for(run: PayrollRun) -> list[Line]:
    """The lines of the entry, debits by account and cost centre first.

    Nothing in it tells what one person is paid, unless a cost centre has one person only. Raises `Refused` before
    anything is calculated, or when an account or a cost centre is missing.
    """
    costs, owed = _sums(run)
    if not costs and not owed:
        raise Refused(_("Nothing is calculated yet."), code="empty")
    roles = {
        role
        for role in (*(r for r, _c in costs), *(r for r, amount in owed.items() if amount))
        if isinstance(role, str)
    }
    books = accounts.by_roles(run.company, roles)
    centres = CostCentre.objects.in_bulk([centre for _r, centre in costs if centre])
    words = str(run)
    lines = []
    for (role, centre), amount in sorted(costs.items(), key=lambda row: (str(row[0][0]), row[0][1] or 0)):
        if amount:
            account = books[role] if isinstance(role, str) else role
            held = centres.get(centre) if centre and account.kind == Account.Kind.EXPENSE else None
            lines.append(posting.debit(account, amount, cost_centre=held, text=words))
    for role, amount in sorted(owed.items(), key=lambda row: str(row[0])):
        if amount:
            account = books[role] if isinstance(role, str) else role
            lines.append(posting.credit(account, amount, text=words))
    return lines


previews.fill("payroll.payrollrun", entry_for)


def _sums(run: PayrollRun) -> tuple[dict[tuple[Any, int | None], Decimal], dict[Any, Decimal]]:
    """Cost by role (or account) and cost centre, and what is owed by role (or account); net pay among it."""
    costs: dict[tuple[Any, int | None], Decimal] = defaultdict(lambda: ZERO)
    owed: dict[Any, Decimal] = defaultdict(lambda: ZERO)
    sides = _sides(run)
    for code, kind, centre, amount in _whole(run):
        debit, credit = sides[code]
        if debit:
            costs[debit, centre] += amount
        if credit:
            owed[credit] += amount
        owed[NET] += {"earning": amount, "deduction": -amount}.get(kind, ZERO)
    for code, kind, split, amount in _split(run):
        debit, credit = sides[code]
        if debit:
            parts = shared(amount, [Decimal(days) for _centre, days in split])
            for (centre, _days), part in zip(split, parts, strict=True):
                costs[debit, centre] += part
        if credit:
            owed[credit] += amount
        owed[NET] += {"earning": amount, "deduction": -amount}.get(kind, ZERO)
    return costs, owed


def _whole(run: PayrollRun) -> Any:
    rows = PayslipLine.objects.filter(payslip__run=run, payslip__split=[])
    return rows.order_by().values_list("code", "kind", "payslip__cost_centre").annotate(Sum("amount"))


def _split(run: PayrollRun) -> Any:
    """Lines of people who changed the cost centre within the month: shared by days, nothing lost."""
    rows = PayslipLine.objects.filter(payslip__run=run).exclude(payslip__split=[])
    return rows.order_by("payslip", "place").values_list("code", "kind", "payslip__split", "amount")


def _sides(run: PayrollRun) -> dict[str, tuple[str | Account, str | Account]]:
    """By element which accounts are debited and credited: a role, or the account that the company chose."""
    own = list(Element.objects.filter(company=run.company).select_related("account"))
    parts = planning.parts(run.company, [element for element in own if element.is_active])
    sides: dict[str, tuple[Any, Any]] = {part.code: (part.debit, part.credit) for part in parts}
    for element in own:
        code = planning.own_code(element)
        part = planning.part_of(element)
        chosen = element.account
        sides[code] = (chosen or part.debit, "") if part.debit else ("", chosen or part.credit)
    return sides
