"""What payslips are reckoned from, read for many employments at once with a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from backoffice.core.flow import once_a_page
from hr.payroll import parameters, planning
from hr.payroll.engine.calculating import Period, digest, spelt
from hr.payroll.engine.elements import Element as Part
from hr.payroll.engine.parameters import Parameters
from hr.payroll.models import PayItem, PayrollRun, Payslip, TaxDetails, YearToDate
from hr.payroll.planning import own_code
from hr.payroll.uk import pack, tax_codes
from hr.people import queries
from hr.people.models import Assignment, Employment, PayRate, PersonBankAccount

FINAL = (PayrollRun.State.POSTED, PayrollRun.State.PAID, PayrollRun.State.REVERSED)
DAY = timedelta(days=1)
HOURS_DIGITS = Decimal("0.0001")


@dataclass(slots=True)
class Gathered:
    """Everything about one employment in a period; `problem` says why it cannot be calculated."""

    employment_id: int
    inputs: dict[str, Any]
    ytd: dict[str, Decimal]
    problem: str = ""
    flags: list[dict[str, Any]] = field(default_factory=list)
    department_id: int | None = None
    cost_centre_id: int | None = None
    split: list[list[int]] = field(default_factory=list)
    net_before: Decimal | None = None
    spelt: str = ""
    input_hash: str = ""


@dataclass(slots=True)
class Ground:
    """What is the same for all payslips of a run."""

    run: PayrollRun
    period: Period
    parts: tuple[Part, ...]
    parameters: Parameters
    name: str  # of figures, elements and pack


def ground(run: PayrollRun) -> Ground:
    """Period, elements and figures of a run. Raises `Refused` where there are no rules of pay."""
    parts = planning.parts(run.company)
    figures = parameters.book().at(run.pay_on)
    period = pack.month_of(run.first_day, run.last_day, run.pay_on)
    plan = "|".join(f"{part.code}:{sorted(part.feeds.items())}:{sorted(part.reads)}" for part in parts)
    return Ground(run, period, parts, figures, digest(pack.VERSION, figures.digest, plan, str(period)))


def people(run: PayrollRun) -> list[int]:
    """The employments that a run pays: whoever is employed on a day of the month and is not left out."""
    rows = queries.employed(run.company, run.first_day, run.last_day)
    return list(rows.exclude(pk__in=run.left_out.values("employment")).order_by("pk").values_list("pk", flat=True))


def gather(on: Ground, employments: Sequence[int]) -> list[Gathered]:
    """What these employments are paid by, in the order of their keys."""
    run, wanted = on.run, list(employments)
    rates = _by_employment(
        PayRate.objects.filter(state=PayRate.State.APPROVED, employment__in=wanted), run, "basis", "amount"
    )
    jobs = _by_employment(
        Assignment.objects.filter(employment__in=wanted), run, "weekly_hours", "department_id", "cost_centre_id"
    )
    details = {
        row.employment_id: row for row in TaxDetails.objects.filter(queries.holding(run.pay_on), employment__in=wanted)
    }
    items = _items(run, wanted)
    ytd = year_to_date(wanted, on.period.tax_year)
    rows = list(_employments(wanted))
    banks = _banks(run, [row["person_id"] for row in rows])
    before = _net_before(run, wanted)
    made = []
    for row in rows:
        pk = row["pk"]
        made.append(
            _one(
                on,
                row,
                rates[pk],
                jobs[pk],
                details.get(pk),
                items.get(pk, {}),
                ytd.get(pk, {}),
                banks[row["person_id"]],
            )
        )
        made[-1].net_before = before.get(pk)
    return made


def stale(run: PayrollRun) -> list[int]:
    """Employments whose payslip is missing or was reckoned from something that has changed since."""
    kept = dict(Payslip.objects.filter(run=run).values_list("employment_id", "input_hash"))
    if not kept:
        return people(run)
    on = ground(run)
    return [each.employment_id for each in gather(on, people(run)) if kept.get(each.employment_id) != each.input_hash]


def year_to_date(employments: Iterable[int], tax_year: str) -> dict[int, dict[str, Decimal]]:
    """The sums of a tax year by employment and total: posted runs, reversals and what was brought forward."""
    rows = (
        YearToDate.objects.filter(
            Q(run=None) | Q(run__state__in=FINAL), employment__in=list(employments), tax_year=tax_year
        )
        .order_by()
        .values_list("employment_id", "code")
        .annotate(Sum("amount"))
    )
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for employment, code, amount in rows:
        found[employment][code] = amount.quantize(Decimal("0.01"))
    return found


def _employments(wanted: list[int]) -> Any:
    return (
        Employment.objects.filter(pk__in=wanted)
        .order_by("pk")
        .values("pk", "person_id", "starts_on", "ends_on", "person__private__born_on", "company_id")
    )


def _by_employment(rows: Any, run: PayrollRun, *fields: str) -> dict[int, list[tuple[Any, ...]]]:
    holds = Q(valid_to=None) | Q(valid_to__gt=run.first_day)
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    values = rows.filter(holds, valid_from__lte=run.last_day).order_by("employment_id", "valid_from")
    for row in values.values_list("employment_id", "valid_from", "valid_to", *fields):
        found[row[0]].append(row[1:])
    return found


def _items(run: PayrollRun, wanted: list[int]) -> dict[int, dict[str, Decimal]]:
    """Amounts of a company's own elements that hold on a day of the month, each in full."""
    holds = Q(valid_to=None) | Q(valid_to__gt=run.first_day)
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    rows = PayItem.objects.filter(holds, valid_from__lte=run.last_day, employment__in=wanted, element__is_active=True)
    for item in rows.select_related("element").order_by("pk"):
        kept, code = found[item.employment_id], own_code(item.element)
        kept[code] = kept.get(code, Decimal(0)) + item.amount
    return found


def _banks(run: PayrollRun, persons: list[int]) -> dict[int, str]:
    """By person whether there is a confirmed account, one that waits, none, or one that others are paid to as well."""
    found: dict[int, str] = defaultdict(lambda: "missing")
    rows = PersonBankAccount.objects.filter(person__in=persons, state__in=["entered", "confirmed"])
    kept = list(rows.order_by("person_id", "state").values_list("person_id", "state", "fingerprint"))
    prints = {mark for _p, state, mark in kept if state == "confirmed"}
    shared = set(
        PersonBankAccount.objects.filter(company=run.company_id, state="confirmed", fingerprint__in=prints)
        .order_by()
        .values("fingerprint")
        .annotate(n=Count("person", distinct=True))
        .filter(n__gt=1)
        .values_list("fingerprint", flat=True)
    )
    for person, state, mark in kept:  # confirmed comes before entered
        if person not in found:
            found[person] = "unconfirmed" if state == "entered" else "shared" if mark in shared else "confirmed"
    return found


def previous(run: PayrollRun) -> PayrollRun | None:
    """The posted run before this one."""
    rows = PayrollRun.objects.filter(company=run.company_id, state__in=["posted", "paid"], pay_on__lt=run.pay_on)
    return once_a_page(run, "previous", lambda: rows.order_by("-pay_on", "-pk").first())


def _net_before(run: PayrollRun, wanted: list[int]) -> dict[int, Decimal]:
    former = previous(run)
    if former is None:
        return {}
    return dict(Payslip.objects.filter(run=former, employment__in=wanted).values_list("employment_id", "net"))


def _one(
    on: Ground,
    row: dict[str, Any],
    rates: list[tuple[Any, ...]],
    jobs: list[tuple[Any, ...]],
    details: TaxDetails | None,
    items: dict[str, Decimal],
    ytd: dict[str, Decimal],
    bank: str,
) -> Gathered:
    run = on.run
    first, last = max(run.first_day, row["starts_on"]), min(run.last_day, row["ends_on"] or run.last_day)
    pay, hours, days = _pay(on, first, last, rates, jobs)
    inputs: dict[str, Any] = {"pay": pay, "items": items, "hours": hours, "bank": bank, "days": [str(first), str(last)]}
    made = Gathered(row["pk"], inputs, ytd)
    if jobs:
        made.department_id = jobs[-1][3]
        made.cost_centre_id = max(days, key=lambda centre: (days[centre], centre)) if days else jobs[-1][4]
        made.split = [[centre, count] for centre, count in sorted(days.items())] if len(days) > 1 else []
    if not pay:
        made.problem = "no_pay"
    if details is None:
        made.problem = "no_tax_code"
    else:
        inputs |= _taxed(details, run)
    if born := row["person__private__born_on"]:
        inputs["age"] = _age(born, run.pay_on)
    _point_out(made, row, run, bank)
    if not any(ytd.values()) and details is not None and _owes_a_past(details.tax_code, row, on):
        made.flags.insert(0, {"code": "no_year_so_far"})
    made.spelt = spelt(inputs)
    made.input_hash = digest(on.name, made.spelt, spelt(ytd), str(made.split or made.cost_centre_id), made.problem)
    return made


def _pay(
    on: Ground, first: date, last: date, rates: list[tuple[Any, ...]], jobs: list[tuple[Any, ...]]
) -> tuple[list[Any], Decimal, dict[int, int]]:
    """The rates with the days that each held, the hours paid for, and the days by cost centre."""
    of_days = on.run.last_day.day
    pay: list[Any] = []
    hours = Decimal(0)
    days: dict[int, int] = {}
    for job_from, job_to, weekly, _department, centre in jobs:
        starts, ends = max(first, job_from), min(last, job_to - DAY if job_to else last)
        if starts > ends:
            continue
        days[centre] = days.get(centre, 0) + (ends - starts).days + 1
        hours += weekly * pack.WEEKS * ((ends - starts).days + 1) / (on.period.of * of_days)
        for rate_from, rate_to, basis, amount in rates:
            begins, stops = max(starts, rate_from), min(ends, rate_to - DAY if rate_to else ends)
            if begins <= stops:
                _add(pay, [basis, amount, (stops - begins).days + 1, of_days, weekly])
    return pay, hours.quantize(HOURS_DIGITS), days


def _add(pay: list[Any], part: list[Any]) -> None:
    """One row for the same rate and hours, though department or cost centre changed."""
    if pay and pay[-1][:2] == part[:2] and (part[0] == "annual" or pay[-1][4] == part[4]):
        pay[-1][2] += part[2]
    else:
        pay.append(part)


def _taxed(details: TaxDetails, run: PayrollRun) -> dict[str, Any]:
    taxed: dict[str, Any] = {
        "code": details.tax_code,
        "ni": details.ni_category,
        "director": details.is_director,
        "plans": list(details.loan_plans),
        "postgraduate": details.postgraduate_loan,
        "opted_out": details.pension == TaxDetails.Pension.OPTED_OUT,
    }
    if details.pension not in (TaxDetails.Pension.NONE, TaxDetails.Pension.OPTED_OUT):
        taxed["pension"] = {
            "arrangement": details.pension,
            "employee": details.pension_employee,
            "employer": details.pension_employer,
            "joins": details.valid_from >= run.first_day and details.valid_from <= run.last_day,
        }
    return taxed


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _owes_a_past(code: str, row: dict[str, Any], on: Ground) -> bool:
    """Whether tax is reckoned from the beginning of the year for somebody who was here before this month."""
    read = tax_codes.read(code)
    was_here = row["starts_on"] < on.run.first_day and on.period.number > 1
    return was_here and read.cumulative and not read.no_tax and not read.flat


def _point_out(made: Gathered, row: dict[str, Any], run: PayrollRun, bank: str) -> None:
    """What is known before anything is reckoned."""
    if row["ends_on"] and row["ends_on"] <= run.last_day:
        made.flags.append({"code": "left", "on": str(row["ends_on"])})
    if row["starts_on"] >= run.first_day:
        made.flags.append({"code": "started", "on": str(row["starts_on"])})
    if bank != "confirmed":
        made.flags.append({"code": {"shared": "shared_account"}.get(bank, f"bank_{bank}")})
