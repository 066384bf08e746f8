"""Opening a run, having it calculated, pausing, leaving somebody out, concluding, discarding."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.authority import authority, recorder
from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO
from backoffice.documents import keeping
from backoffice.jobs import running
from backoffice.jobs.models import Job
from backoffice.messaging import noticing
from backoffice.organisation.models import Company
from hr.payroll import planning
from hr.payroll.models import LeftOut, PayrollRun, Payslip, PayslipLine
from hr.people.models import Employment

State = PayrollRun.State
DAY = timedelta(days=1)
YEARS = range(2000, 2200)  # a year typed with a digit too few or too many is none


def open(company: Company, *, year: int, month: int, pay_on: date, by: Any) -> PayrollRun:  # noqa: A001
    """Begin the run of a month. Raises `Refused` for a country without rules or a second run of the month."""
    planning.parts(company)
    run = PayrollRun(company=company, year=year, month=month, pay_on=pay_on, currency=company.currency)
    return entered(run, by=by)


def entered(run: PayrollRun, *, by: Any) -> PayrollRun:
    """Keep a run that was filled in; it replaces the reversed one of its month. Raises `Refused` as `open` does."""
    complete(run)
    keeping.enter(run, by=by)
    return run


def complete(run: PayrollRun) -> None:
    """What follows from company and month. Raises `Refused` when the month has a run, or is paid far from it."""
    if reason := far_from_the_month(run):
        raise Refused(reason, code="pay_on")
    rows = PayrollRun.objects.filter(company=run.company_id, year=run.year, month=run.month).exclude(pk=run.pk)
    if rows.exclude(state__in=[State.REVERSED, State.DISCARDED]).exists():
        raise Refused(_("This month has a payroll run already."), code="twice")
    run.currency = run.company.currency
    run.replaces = rows.filter(state=State.REVERSED).order_by("-pk").first()


def far_from_the_month(run: PayrollRun) -> str:
    """Why a month can't be paid on that day, or "": a slip of the pen would reckon by another tax year."""
    if run.year not in YEARS:
        return _("%d is no year of pay.") % run.year
    first = (run.first_day - DAY).replace(day=1)
    last = PayrollRun(year=(next_ := run.last_day + DAY).year, month=next_.month).last_day
    if first <= run.pay_on <= last:
        return ""
    between = {"first": f"{first:%-d %b %Y}", "last": f"{last:%-d %b %Y}"}
    return _("A month is paid between %(first)s and %(last)s.") % between


@PayrollRun.flow.verb
def calculate(run: PayrollRun, *, by: Any) -> None:
    """Have everybody calculated whose payslip is missing or stale; workers do it, in parts."""
    planning.parts(run.company)
    run.calculation += 1
    run.prepared_by, run.prepared_at, run.concluded_at = by, timezone.now(), None
    running.enqueue(
        "payroll.plan",
        by=by,
        company=run.company,
        key=f"{run.pk}:{run.calculation}",
        run=run.pk,
        calculation=run.calculation,
    )


@PayrollRun.flow.verb
def pause(run: PayrollRun, *, by: Any) -> None:
    """Stop calculating; what is done stays. Parts that have not begun find that they are not wanted any more."""


@running.kind(
    "payroll.conclude", label=gettext_lazy("Payroll: concluding a run"), permission="payroll.calculate_payrollrun"
)
def finish(job: Job, *, run: int, calculation: int, **unknown: Any) -> None:
    """All parts are in."""
    found = PayrollRun.objects.select_related("company").get(pk=run)
    if found.state == State.CALCULATING and found.calculation == calculation:
        conclude(found, by=job.actor)


@PayrollRun.flow.verb
def conclude(run: PayrollRun, *, by: Any) -> None:
    """Add the payslips up and tell who asked."""
    _add_up(run)
    run.concluded_at = timezone.now()
    noticing.notify(
        by,
        _("%(run)s is calculated: %(people)d people.") % {"run": run, "people": run.people},
        url=run.get_absolute_url(),
        key=f"payroll:{run.pk}:{run.calculation}",
    )


def _add_up(run: PayrollRun) -> None:
    found = Payslip.objects.filter(run=run).aggregate(
        people=Count("pk"), gross=Sum("gross"), deductions=Sum("deductions"), employer=Sum("employer"), net=Sum("net")
    )
    for name, value in found.items():
        setattr(run, name, value or ZERO)


def leave_out(payslip: Payslip, *, reason: str, by: Any) -> LeftOut:
    """Do not pay somebody in this run; the payslip goes. Raises `Refused` once the run waits for approval."""
    with transaction.atomic():
        run = _locked(payslip.run_id, by)
        made = LeftOut.objects.create(run=run, employment_id=payslip.employment_id, reason=reason, by=by)
        payslip.lines.all().delete()
        run.year_rows.filter(employment=payslip.employment_id).delete()
        payslip.delete()
        _changed(run, by, "leave_out", employment=made.employment_id)  # the reason is for fewer readers
    return made


def take_in(run: PayrollRun, employment: Employment, *, by: Any) -> None:
    """Pay somebody after all who was left out; the next calculation makes the payslip."""
    with transaction.atomic():
        locked = _locked(run.pk, by)
        LeftOut.objects.filter(run=locked, employment=employment).delete()
        _changed(locked, by, "take_in", employment=employment.pk)


def note_as_seen(payslip: Payslip, *, by: Any) -> None:
    """Somebody looked at what was pointed out; a failure cannot be noted away."""
    with transaction.atomic():
        run = _locked(payslip.run_id, by)
        if payslip.state != Payslip.State.WARNING:
            raise Refused(_("There is nothing to note as seen."), code="state")
        Payslip.objects.filter(pk=payslip.pk).update(seen_by=by)
        recorder.only(run, "note_as_seen", by, {"employment": payslip.employment_id})


def _locked(run_id: int, by: Any) -> PayrollRun:
    run = PayrollRun.objects.select_for_update(of=("self",)).select_related("company").get(pk=run_id)
    if denied := authority.only.refusal(by, "payroll.calculate_payrollrun", run):
        raise denied
    if run.state not in (State.DRAFT, State.CALCULATED):
        raise Refused(_("%(run)s is %(state)s.") % {"run": run, "state": run.get_state_display().lower()}, code="state")
    return run


def _changed(run: PayrollRun, by: Any, verb: str, **details: Any) -> None:
    _add_up(run)
    run.version, run.changed_by = run.version + 1, by
    run.save()
    recorder.only(run, verb, by, details)


@PayrollRun.flow.verb
def discard(run: PayrollRun, *, by: Any) -> None:
    """Drop a run that is not wanted; its payslips go with it."""
    run.year_rows.all().delete()
    PayslipLine.objects.filter(payslip__run=run).delete()
    run.payslips.all().delete()
    _add_up(run)
