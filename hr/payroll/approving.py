"""Submitting a run and approving it: never by whoever prepared it, above a limit by two."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.workflow import approvals
from backoffice.workflow.slots import Described, Subject, subjects
from hr.payroll import gathering
from hr.payroll.models import PayItem, PayrollRun, Payslip


@PayrollRun.flow.guard("submit")
def nobody_failed(run: PayrollRun, user: Any) -> Refused | None:
    """Failures are put right or left out first, and somebody is paid."""
    if not run.people:
        return Refused(_("Nobody is paid by this run: is anybody employed in that month?"), code="empty")
    failed = run.payslips.filter(state=Payslip.State.ERROR).count()
    if failed:
        return Refused(_("%d failures are to be put right or left out first.") % failed, code="failed")
    return None


@PayrollRun.flow.verb
def submit(run: PayrollRun, *, by: Any) -> None:
    """Ask for approval of the run as it stands. Raises `Refused` when something changed after it was calculated."""
    demand_fresh(run)
    run.prepared_by = by  # whoever vouches for it is the preparer from here on
    approvals.open(run, amount=run.gross, by=by)


def demand_fresh(run: PayrollRun) -> None:
    """Refuse a run of which payslips are missing or stale."""
    if found := len(gathering.stale(run)):
        raise Refused(
            _("What %d payslips were reckoned from has changed since: calculate again.") % found, code="stale"
        )


@PayrollRun.flow.guard("approve")
def may_approve(run: PayrollRun, user: Any) -> Refused | None:
    """Nobody approves twice or what rests on an own entry, and the last approval must lie within a limit."""
    entered = PayItem.objects.filter(entered_by=user.pk, employment__payslips__run=run, valid_from__lte=run.last_day)
    if entered.filter(Q(valid_to=None) | Q(valid_to__gt=run.first_day)).exists():
        return Refused(_("You entered pay items that this run pays: somebody else must approve it."), code="duty")
    return approvals.why_not(run, user)


@PayrollRun.flow.verb
def approve(run: PayrollRun, *, by: Any) -> None:
    """Give one approval; the last one that is needed opens posting."""
    demand_fresh(run)
    if approvals.approve(run, by=by):
        accept(run, by=by)


@PayrollRun.flow.verb
def accept(run: PayrollRun, *, by: Any) -> None:
    """All approvals are in; called by the last one."""
    run.approved_by = by


@PayrollRun.flow.verb
def send_back(run: PayrollRun, *, by: Any, reason: str) -> None:
    """Return the run to whoever prepared it."""
    approvals.send_back(run, by=by, reason=reason)


@PayrollRun.flow.verb
def withdraw(run: PayrollRun, *, by: Any) -> None:
    """Take the run back before it is approved."""
    approvals.withdraw(run)


def content(run: PayrollRun) -> dict[str, Any]:
    """What an approval is about: the totals and the calculation they come from."""
    return {
        "month": f"{run.year}-{run.month:02d}",
        "pay_on": str(run.pay_on),
        "calculation": run.calculation,
        "people": run.people,
        "gross": str(run.gross),
        "net": str(run.net),
        "employer": str(run.employer),
    }


def described(run: PayrollRun) -> Described:
    """As it waits in an approver's list: the total of all, nobody's own."""
    return Described(
        label=str(run),
        sub=_("%d people") % run.people,
        amount=run.gross,
        currency=run.currency,
        detail=f"{run.pay_on:%-d %B %Y}",
    )


subjects.fill("payroll.payrollrun", Subject(content=content, describe=described, icon="banknote"))
