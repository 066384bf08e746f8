"""Calculating part of a run: one transaction a part, so that a worker that dies leaves nothing half done."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.rounding import ZERO
from backoffice.jobs import running
from backoffice.jobs.models import Job
from hr.payroll import gathering
from hr.payroll.engine import calculating as engine
from hr.payroll.engine.calculating import Slip
from hr.payroll.gathering import Gathered, Ground
from hr.payroll.models import PayrollRun, Payslip, RunChunk

log = logging.getLogger(__name__)
ERRORS = frozenset({"no_pay", "no_tax_code", "bank_missing", "bank_unconfirmed", "negative_net", "failed"})
# What is only pointed out, the gravest first: what the law forbids, what makes pay wrong, what is worth a look.
POINTED_OUT = (
    "minimum_wage", "no_year_so_far", "shared_account", "must_enrol", "net_change", "left", "started", "pension_joiner",
)  # fmt: skip
# A change of net pay worth a look: a fifth and more than fifty, both.
NOTABLE_SHARE, NOTABLE_AMOUNT = Decimal("0.20"), Decimal(50)
PENNY = Decimal("0.01")
SMALLEST, LARGEST, PARTS = 10, 250, 40  # people in a part; parts in a run, so that progress is seen


@dataclass(slots=True)
class Reckoned:
    """One payslip before it is written; `slip` is None where it cannot be calculated."""

    gathered: Gathered
    slip: Slip | None
    flags: list[dict[str, Any]]

    @property
    def state(self) -> str:
        """The worst of what was found."""
        if any(flag["code"] in ERRORS for flag in self.flags):
            return Payslip.State.ERROR
        return Payslip.State.WARNING if self.flags else Payslip.State.OK


def reckon(on: Ground, gathered: Gathered) -> Reckoned:
    """One payslip. Whatever goes wrong with one person stays with that person."""
    flags = list(gathered.flags)
    if gathered.problem:
        return Reckoned(gathered, None, [{"code": gathered.problem}, *flags])
    try:
        slip = engine.calculate(on.parts, gathered.inputs, parameters=on.parameters, ytd=gathered.ytd, period=on.period)
    except (ArithmeticError, LookupError, ValueError, TypeError) as error:
        log.exception("A payslip of run %s failed.", on.run.pk)
        return Reckoned(gathered, None, [{"code": "failed", "why": str(error)[:200]}, *flags])
    flags += [{"code": code, **details} for code, details in slip.warnings]
    if slip.net < 0:
        flags.insert(0, {"code": "negative_net"})
    known = {flag["code"] for flag in flags}
    if gathered.net_before is not None and not known & {"left", "started"}:
        change = slip.net - gathered.net_before
        if abs(change) > NOTABLE_AMOUNT and abs(change) > abs(gathered.net_before) * NOTABLE_SHARE:
            flags.append({"code": "net_change", "percent": str(_percent(change, gathered.net_before))})
    return Reckoned(gathered, slip, flags)


def _percent(change: Decimal, before: Decimal) -> int | None:
    return int((change / before * 100).to_integral_value()) if before else None


def gravity(code: str) -> int:
    """Where a flag stands among others: what stops the payslip first, then what is pointed out, the gravest first."""
    if code in ERRORS:
        return 0
    return POINTED_OUT.index(code) + 1 if code in POINTED_OUT else len(POINTED_OUT) + 1


def chunk(ids: Sequence[int]) -> list[list[int]]:
    """The people of a run in parts, small enough to see progress, large enough to write many at once."""
    size = min(max(len(ids) // PARTS, SMALLEST), LARGEST)
    return [list(ids[start : start + size]) for start in range(0, len(ids), size)]


@running.kind(
    "payroll.plan", label=gettext_lazy("Payroll: who is to be calculated"), permission="payroll.calculate_payrollrun"
)
def plan(job: Job, *, run: int, calculation: int, **unknown: Any) -> None:
    """Find whose payslip is missing or stale, cut them into parts and give each to the workers."""
    found = PayrollRun.objects.select_related("company").get(pk=run)
    if found.state != PayrollRun.State.CALCULATING or found.calculation != calculation:
        return
    wanted = gathering.people(found)
    _delete(
        run,
        [pk for pk in Payslip.objects.filter(run=run).values_list("employment_id", flat=True) if pk not in set(wanted)],
    )
    parts = RunChunk.objects.bulk_create(
        RunChunk(run=found, calculation=calculation, place=place, employments=ids)
        for place, ids in enumerate(chunk(gathering.stale(found)), start=1)
    )
    for part in parts:
        running.enqueue(
            "payroll.chunk",
            by=job.actor,
            company=found.company,
            key=f"{run}:{calculation}:{part.place}",
            title=_("%(run)s, part %(place)d") % {"run": found, "place": part.place},
            chunk=part.pk,
        )
    if not parts:
        _conclude_later(found, job.actor)


@running.kind("payroll.chunk", label=gettext_lazy("Payroll: part of a run"), permission="payroll.calculate_payrollrun")
def calculate(job: Job, *, chunk: int, **unknown: Any) -> None:
    """Calculate and write one part; whoever does the last one has the run concluded."""
    part = RunChunk.objects.select_for_update().get(pk=chunk)
    run = PayrollRun.objects.select_related("company").get(pk=part.run_id)
    if part.done_at or run.state != PayrollRun.State.CALCULATING or run.calculation != part.calculation:
        return
    on = gathering.ground(run)
    reckoned = [reckon(on, each) for each in gathering.gather(on, part.employments)]
    write(on, reckoned)
    # The parts take turns from here, so that exactly one of them sees that it was the last.
    PayrollRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    RunChunk.objects.filter(pk=part.pk).update(done_at=Now())
    if not RunChunk.objects.filter(run=run, calculation=part.calculation, done_at=None).exists():
        _conclude_later(run, job.actor)


def _conclude_later(run: PayrollRun, by: Any) -> None:
    """A job of its own: the run's row is locked there, which the parts' payslips point to."""
    running.enqueue(
        "payroll.conclude",
        by=by,
        company=run.company,
        key=f"{run.pk}:{run.calculation}",
        run=run.pk,
        calculation=run.calculation,
    )


def _delete(run: int, employments: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        slips = "SELECT id FROM payroll_payslip WHERE run_id = %s AND employment_id = ANY(%s)"
        cursor.execute(
            f"DELETE FROM payroll_payslipline WHERE payslip_id IN ({slips})",  # noqa: S608 (our own text)
            [run, list(employments)],
        )
        cursor.execute(
            "DELETE FROM payroll_yeartodate WHERE run_id = %s AND employment_id = ANY(%s)", [run, list(employments)]
        )
        cursor.execute(
            "DELETE FROM payroll_payslip WHERE run_id = %s AND employment_id = ANY(%s)", [run, list(employments)]
        )


SLIPS = (
    "id, run_id, employment_id, department_id, cost_centre_id, split, state, flags, tax_code, gross, deductions, "
    "employer, net, net_before, inputs, input_hash, result_hash"
)
LINES = "payslip_id, place, code, name, kind, amount, trace"
YEAR = "employment_id, tax_year, code, run_id, is_reversal, amount, source"


def write(on: Ground, reckoned: Sequence[Reckoned]) -> None:
    """Replace the payslips of these people by what was reckoned: three streams, however many they are."""
    run = on.run
    _delete(run.pk, [each.gathered.employment_id for each in reckoned])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('payroll_payslip', 'id')) FROM generate_series(1, %s)",
            [len(reckoned)],
        )
        keys = [row[0] for row in cursor.fetchall()]
        with cursor.copy(f"COPY payroll_payslip ({SLIPS}) FROM STDIN") as rows:
            for key, each in zip(keys, reckoned, strict=True):
                rows.write_row(_slip_row(key, run.pk, each))
        with cursor.copy(f"COPY payroll_payslipline ({LINES}) FROM STDIN") as rows:
            for key, each in zip(keys, reckoned, strict=True):
                for place, line in enumerate(each.slip.lines if each.slip else (), start=1):
                    rows.write_row(
                        (key, place, line.code, line.name, line.kind, line.amount, json.dumps([*line.trace.items()]))
                    )
        with cursor.copy(f"COPY payroll_yeartodate ({YEAR}) FROM STDIN") as rows:
            for each in reckoned:
                for code, amount in each.slip.adds.items() if each.slip else ():
                    if amount:
                        rows.write_row(
                            (each.gathered.employment_id, on.period.tax_year, code, run.pk, False, amount, "")
                        )


def _slip_row(key: int, run: int, each: Reckoned) -> tuple[Any, ...]:
    slip, found = each.slip, each.gathered
    amounts = (slip.gross, slip.deductions, slip.employer, slip.net) if slip else (ZERO,) * 4
    return (
        key,
        run,
        found.employment_id,
        found.department_id,
        found.cost_centre_id,
        json.dumps(found.split),
        str(each.state),
        json.dumps(each.flags),
        found.inputs.get("code", ""),
        *amounts,
        found.net_before,
        found.spelt,
        found.input_hash,
        slip.result_hash if slip else "",
    )
