"""Posting a run as one entry, and taking it back by the mirror."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.errors import Refused
from finance.ledger import posting, reversing
from finance.ledger.charts import journals
from hr.payroll import approving, entries, paying, telling
from hr.payroll.models import PayrollRun

journals.fill("WAGE", gettext_lazy("Payroll"))
PayrollRun.flow.preparing("post")(posting.lock_period)
PayrollRun.flow.finishing("post")(posting.write)


@PayrollRun.flow.verb
def post(run: PayrollRun, *, by: Any) -> None:
    """Book what the run comes to; its payslips are final from here on. Raises `Refused` when something is stale."""
    approving.demand_fresh(run)
    run.posting = posting.Posting(journal=run.journal_code, on=run.pay_on, lines=entries.entry_for(run), text=str(run))
    telling.tell_later(run, by=by)


@PayrollRun.flow.guard("reverse")
def unpaid(run: PayrollRun, user: Any) -> Refused | None:
    """What was paid out cannot be taken back by a booking alone."""
    if paying.paid_keys(run):
        return Refused(_("Payments of this run are under way: it can't be reversed."), code="paid")
    return None


@PayrollRun.flow.verb
def reverse(run: PayrollRun, *, by: Any, reason: str) -> None:
    """Book the mirror of the entry and add the negatives to the year; a new run of the month replaces this one."""
    if run.entry is None:
        raise Refused(_("There is no entry to reverse."), code="state")
    reversing.mirror(run.entry, on=reversing.default_day(run.entry), by=by, reason=reason, origin=run)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payroll_yeartodate (employment_id, tax_year, code, run_id, is_reversal, amount, source)"
            " SELECT employment_id, tax_year, code, run_id, true, -amount, '' FROM payroll_yeartodate"
            " WHERE run_id = %s AND NOT is_reversal",
            [run.pk],
        )
    telling.take_back(run)
