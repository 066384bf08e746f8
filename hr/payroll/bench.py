"""Payroll beside plain SQL: payslips a second, calculated with their traces, stored and posted by two workers."""

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction

from backoffice.access.models import Role, RoleAssignment, User
from backoffice.core.encryption import fingerprint
from backoffice.core.measuring import Figure, raw, together
from backoffice.jobs import running
from backoffice.jobs.models import Job
from backoffice.organisation.models import Company, CostCentre, Department
from finance.ledger import charts, periods
from hr.payroll import approving, booking, preparing
from hr.payroll.models import Payslip, TaxDetails
from hr.people.models import Assignment, Employment, PayRate, Person, PersonBankAccount, PrivateDetails

PEOPLE, WORKERS = 20_000, 2
STARTED, PAY_ON = date(2024, 1, 8), date(2026, 11, 27)
IBAN = "GB33BUKB20201555555555"
CODES = ("1257L", "S1257L", "C1257L", "K112", "BR", "0T", "1257L M1", "1100L")
# The limit: the same rows with the same texts and amounts copied into tables that have keys and nothing else.
BARE_TABLES = """
CREATE TABLE bare_slip AS SELECT * FROM payroll_payslip WITH NO DATA;
ALTER TABLE bare_slip ADD PRIMARY KEY (id);
CREATE TABLE bare_line AS SELECT * FROM payroll_payslipline WITH NO DATA;
ALTER TABLE bare_line ADD PRIMARY KEY (id);
CREATE TABLE bare_year AS SELECT * FROM payroll_yeartodate WITH NO DATA;
ALTER TABLE bare_year ADD PRIMARY KEY (id);
"""
COPIES = (("payroll_payslip", "bare_slip"), ("payroll_payslipline", "bare_line"), ("payroll_yeartodate", "bare_year"))


def run(*, seconds: float, scale: float, say: Callable[[str], object]) -> dict[str, Figure]:
    """One run of 20,000 people from asking to the posted entry; the limit streams the same rows once more."""
    company, clerk, director = a_world(int(PEOPLE * scale))
    say("calculating with two workers")
    made = preparing.open(company, year=2026, month=11, pay_on=PAY_ON, by=clerk)
    started = time.perf_counter()
    preparing.calculate(made, by=clerk)
    running.run(Job.objects.get(kind="payroll.plan").pk)
    together("payroll", "work", WORKERS)
    running.run(Job.objects.get(kind="payroll.conclude").pk)
    made.refresh_from_db()
    taken = time.perf_counter() - started
    if made.people != int(PEOPLE * scale) or Payslip.objects.filter(run=made, state="error").exists():
        raise RuntimeError(f"{made.people} payslips were made, or some failed.")
    approving.submit(made, by=clerk)
    approving.approve(made, by=director)
    started = time.perf_counter()
    booking.post(made, by=clerk)
    taken += time.perf_counter() - started
    return {"payslips_per_s": Figure(made.people / taken, made.people / limit(), "payslips/s")}


def limit() -> float:
    """Seconds that PostgreSQL takes to stream the same rows out and in again, on one connection each way."""
    with raw(as_owner=True) as bare, raw(as_owner=True) as source:
        bare.execute(BARE_TABLES)
        bare.commit()
        started = time.perf_counter()
        for table, copy in COPIES:
            with (
                source.cursor().copy(f"COPY {table} TO STDOUT") as out,
                bare.cursor().copy(f"COPY {copy} FROM STDIN") as into,
            ):
                for rows in out:
                    into.write(rows)
        bare.commit()
        return time.perf_counter() - started


def work(seconds: float) -> int:
    """A worker: claims parts until none waits; how many it did."""
    done = 0
    while True:
        with transaction.atomic():
            job = (
                Job.objects.select_for_update(skip_locked=True)
                .filter(kind="payroll.chunk", state=Job.State.QUEUED)
                .order_by("pk")
                .first()
            )
        if job is None:
            return done
        done += running.run(job.pk) is not None


JOBS = {"work": work}


def a_world(count: int) -> tuple[Company, User, User]:
    """A company in which so many people work, one who makes pay and one who approves it."""
    company = Company.objects.create(name="Bench Ltd", short_name="Bench", country="GB", currency="GBP")
    charts.install(company, "uk")
    periods.open_year(company, date(2026, 1, 1))
    clerk, director = (
        User.objects.create(email=f"{name}@example.com", name=name.title()) for name in ("clerk", "director")
    )
    for user in (clerk, director):
        role = Role.objects.create(name=user.name, key=f"bench-{user.name}")
        role.permissions.set(Permission.objects.filter(content_type__app_label__in=["payroll", "workflow", "ledger"]))
        RoleAssignment.objects.create(user=user, role=role, company=company)
    centres = []
    for number in range(20):
        department = Department.objects.create(company=company, code=f"D{number}", name=f"Department {number}")
        centres.append(
            CostCentre.objects.create(
                company=company, code=f"C{number}", name=f"Centre {number}", department=department
            )
        )
    _people(company, count, centres, clerk)
    return company, clerk, director


def _people(company: Company, count: int, centres: list[CostCentre], by: User) -> None:
    who: dict[str, Any] = {"company": company, "entered_by": by, "changed_by": by}
    persons = Person.objects.bulk_create(
        [Person(company=company, first_names="Anna", last_name=f"Number {n}") for n in range(count)], batch_size=2000
    )
    PrivateDetails.objects.bulk_create(
        [PrivateDetails(person=p, born_on=date(1965 + n % 38, 5, 1)) for n, p in enumerate(persons)], batch_size=2000
    )
    PersonBankAccount.objects.bulk_create(
        [
            PersonBankAccount(
                person=p, holder=p.name, iban=IBAN, ending="5555", state="confirmed",
                fingerprint=fingerprint(f"{IBAN}{p.pk}"), **who,
            )
            for p in persons
        ],
        batch_size=2000,
    )  # fmt: skip
    employments = Employment.objects.bulk_create(
        [
            Employment(person=p, number=f"E-{n:05d}", starts_on=STARTED, continuous_from=STARTED, state="active", **who)
            for n, p in enumerate(persons)
        ],
        batch_size=2000,
    )
    Assignment.objects.bulk_create(
        [
            Assignment(
                employment=e, valid_from=STARTED, job_title="Picker", department=centres[n % 20].department,
                cost_centre=centres[n % 20],
            )
            for n, e in enumerate(employments)
        ],
        batch_size=2000,
    )  # fmt: skip
    PayRate.objects.bulk_create(
        [
            PayRate(
                employment=e, valid_from=STARTED, amount=Decimal(25_000 + n * 7 % 60_000), reason="Start",
                state="approved", **who,
            )
            for n, e in enumerate(employments)
        ],
        batch_size=2000,
    )  # fmt: skip
    TaxDetails.objects.bulk_create(
        [
            TaxDetails(
                employment=e, valid_from=STARTED, tax_code=CODES[n % len(CODES)], pension="net_pay", pension_employee=5,
                pension_employer=3, loan_plans=["1"] if n % 5 == 0 else [],
            )
            for n, e in enumerate(employments)
        ],
        batch_size=2000,
    )  # fmt: skip
