"""Pay of Calder & Wren: how everybody is taxed, the year brought forward, October posted and paid, November to check."""

from calendar import monthrange
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from backoffice.core.rounding import ZERO
from backoffice.core.sample import World
from backoffice.jobs import running
from backoffice.jobs.models import Job
from backoffice.messaging.models import Notice, OutgoingMail
from finance.banking import exporting, proposing, releasing
from finance.ledger import posting
from finance.ledger.models import JournalLine
from finance.ledger.posting import Posting, credit, debit
from hr.payroll import approving, booking, calculating, gathering, preparing
from hr.payroll.models import Element, PayItem, PayrollRun, TaxDetails, YearToDate
from hr.payroll.uk import pack
from hr.people import queries
from hr.people.models import Employment, PersonBankAccount

D = Decimal
LAST_FRIDAY = 4
# codes with how often they occur among a hundred people or so
CODES = [("1257L", 760), ("1260L", 30), ("1185L", 25), ("S1257L", 20), ("C1257L", 15), ("K112", 8), ("BR", 18),
         ("D0", 3), ("0T", 5), ("1257L M1", 10), ("SBR", 2), ("NT", 1)]  # fmt: skip
LOANS: list[tuple[list[str], int]] = [([], 80), (["2"], 9), (["1"], 5), (["4"], 2), (["5"], 2), (["1", "2"], 1)]
PENSIONS = [("net_pay", 60), ("relief_at_source", 22), ("sacrifice", 9), ("opted_out", 9)]
TOP_CODES = {1: "357L", 2: "1257L"}
DIRECTORS = (1, 2)
NO_CODE, JOINER, OVERTIME, UNIFORM = 318, 390, 102, 255


def load(world: World) -> None:
    """Details of all, the year so far, the month that is paid and the one that waits."""
    this = world.today.replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    clerk, director = world.people["hannah"], world.people["grace"]
    people = list(queries.employed(world.company, last, world.today))
    _details(world, people, this)
    _bring_forward(world, people, last)
    _elements(world, {each.number: each for each in people}, this)
    unconfirmed = PersonBankAccount.objects.filter(company=world.company, person__last_name="Lis", state="entered")
    waiting = list(unconfirmed.values_list("pk", flat=True))
    unconfirmed.update(state="confirmed")
    run = _calculated(
        preparing.open(world.company, year=last.year, month=last.month, pay_on=_friday(last), by=clerk), clerk
    )
    approving.submit(run, by=clerk)
    approving.approve(run, by=director)
    booking.post(run, by=clerk)
    _pay(world, run, clerk, director)
    Job.objects.filter(kind="payroll.tell").delete()
    # what is told about a month that is over would only bury what waits
    Notice.objects.filter(key__startswith=f"payroll:{run.pk}:").delete()
    OutgoingMail.objects.filter(subject__icontains=str(run)).delete()
    PersonBankAccount.objects.filter(pk__in=waiting).update(state="entered")
    now = preparing.open(world.company, year=this.year, month=this.month, pay_on=_friday(this), by=clerk)
    _calculated(now, clerk)
    Job.objects.filter(kind__startswith="payroll.").delete()


def _friday(month: date) -> date:
    end = month.replace(day=monthrange(month.year, month.month)[1])
    return end - timedelta(days=(end.weekday() - LAST_FRIDAY) % 7)


def _calculated(run: PayrollRun, by: Any) -> PayrollRun:
    """As the workers do it, here and now."""
    preparing.calculate(run, by=by)
    while waiting := list(Job.objects.filter(state="queued", kind__startswith="payroll.").order_by("pk")):
        for job in waiting:
            running.run(job.pk)
    run.refresh_from_db()
    return run


def _details(world: World, people: list[Employment], this: date) -> None:
    """One row each; who joined the pension or has no code any more has another."""
    random = Random(1257)  # noqa: S311 (a sample, not a secret)
    rows = []
    for employment in people:
        number = int(employment.number.removeprefix("E-"))
        starts = max(employment.starts_on, date(this.year - 1, 4, 6))
        age = _age(employment, this)
        code = TOP_CODES.get(number) or (_chosen(random, CODES) if number > 427 or number % 7 == 0 else "1257L")
        pension = "net_pay" if number == UNIFORM else _chosen(random, PENSIONS)
        row = TaxDetails(
            employment=employment,
            valid_from=starts,
            tax_code=code,
            code_source="P9 of HMRC",
            ni_category="M" if age < 21 else "C" if age > 66 else "A",
            is_director=number in DIRECTORS,
            loan_plans=_chosen(random, LOANS),
            postgraduate_loan=random.random() < 0.015,
            pension=pension,
            pension_employee=D(0) if pension == "opted_out" else D(5),
            pension_employer=D(0) if pension == "opted_out" else D(3),
        )
        rows.append(row)
        if number == JOINER:
            later = TaxDetails(**{f.name: getattr(row, f.name) for f in TaxDetails._meta.fields if f.name != "id"})
            row.pension, row.pension_employee, row.pension_employer, row.valid_to = "opted_out", D(0), D(0), this
            later.valid_from, later.pension = this, "net_pay"
            later.pension_employee, later.pension_employer = D(5), D(3)
            rows.append(later)
        if number == NO_CODE:
            row.valid_to = this
    TaxDetails.objects.bulk_create(rows)


def _chosen(random: Random, table: list[Any]) -> Any:
    return random.choices([row[0] for row in table], [row[1] for row in table])[0]


def _age(employment: Employment, on: date) -> int:
    born = employment.person.private.born_on
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) if born else 40


def _bring_forward(world: World, people: list[Employment], last: date) -> None:
    """What the former system paid in this tax year, reckoned by our own rules month by month."""
    year = pack.tax_year(_friday(last))
    sums: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    month = date(int(year[:4]), 4, 1)
    while month < last:
        run = PayrollRun(
            company=world.company, year=month.year, month=month.month, pay_on=_friday(month), currency="GBP"
        )
        if pack.tax_year(run.pay_on) == year:
            on = gathering.ground(run)
            ids = [e.pk for e in people if e.starts_on <= run.last_day and (e.ends_on is None or e.ends_on >= month)]
            for each in gathering.gather(on, ids):
                each.ytd = dict(sums[each.employment_id])
                if slip := calculating.reckon(on, each).slip:
                    for code, amount in slip.adds.items():
                        sums[each.employment_id][code] += amount
        month = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    YearToDate.objects.bulk_create(
        YearToDate(employment_id=pk, tax_year=year, code=code, amount=amount, source="Former system")
        for pk, codes in sums.items()
        for code, amount in codes.items()
        if amount
    )


def _elements(world: World, people: dict[str, Employment], this: date) -> None:
    """Overtime of a department head and a deduction that is too large, both of this month only."""
    company, end = world.company, (this.replace(day=28) + timedelta(days=4)).replace(day=1)
    overtime = Element.objects.create(
        company=company, code="overtime", name="Overtime", feeds=["taxable", "niable", "pensionable", "wage"]
    )
    uniform = Element.objects.create(company=company, code="uniform", name="Uniform", kind="deduction", feeds=["wage"])
    bonus = Element.objects.create(company=company, code="bonus", name="Bonus", feeds=["taxable", "niable"])
    chart = world.things["account"]
    uniform.account = chart["2330"]
    uniform.save()
    rows = [
        (OVERTIME, overtime, D("2366.88"), "38 hours of stocktaking"),
        (UNIFORM, uniform, D("117.00"), "Uniform, lost"),
        (13, bonus, D("150.00"), "Suggestion that was taken up"),
    ]
    PayItem.objects.bulk_create(
        PayItem(
            employment=people[f"E-{number:04d}"],
            element=element,
            valid_from=this,
            valid_to=end,
            amount=amount,
            note=note,
            entered_by=world.people["hannah"],
        )
        for number, element, amount, note in rows
        if f"E-{number:04d}" in people
    )


def _pay(world: World, run: PayrollRun, clerk: Any, director: Any) -> None:
    """The bank pays the wages; the state and the scheme get theirs by the 22nd of the next month."""
    for user in (clerk, director):
        user.__dict__.pop("_grants", None)
    made = proposing.propose(
        world.things["bank GBP"], source="wages", pay_on=run.pay_on, due_until=run.pay_on, by=clerk, on=run.pay_on
    )
    releasing.release(made, by=director)
    exporting.export(made, by=director)
    on = (run.last_day + timedelta(days=22)).replace(day=22)
    if on <= world.today:
        _pay_on(world, run, on, director)


def _pay_on(world: World, run: PayrollRun, on: date, by: Any) -> None:
    rows = JournalLine.objects.filter(entry=run.entry_id, account__code__in=("2220", "2320"))
    owed = [(line.account, line.credit) for line in rows.select_related("account").order_by("place")]
    paid = [debit(account, amount) for account, amount in owed]
    paid.append(credit(world.things["account"]["1210"], sum((amount for _account, amount in owed), ZERO)))
    entry = Posting(
        on=on, journal="SYS", text=f"PAYE and pension of {run} (sample)", lines=paid, origin=world.company,
        event=f"paye {on:%y%m%d}", document_on=on,
    )  # fmt: skip
    posting.post_batch(world.company, [entry], by=by)
