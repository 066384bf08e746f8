"""Pay to test with: people with rates, accounts and tax details, written many at once; runs brought to a state."""

from datetime import date
from decimal import Decimal

from backoffice.core.encryption import fingerprint
from backoffice.jobs import running
from backoffice.jobs.models import Job
from hr.payroll import approving, booking, preparing
from hr.payroll.models import PayrollRun, Payslip, TaxDetails
from hr.people.models import Assignment, Employment, PayRate, Person, PersonBankAccount, PrivateDetails
from tests.factories_people import a_place
from tests.fixtures_world import a_user, all_rights

IBAN = "GB33BUKB20201555555555"


def staff(company, count, *, by, amount="36000", start=date(2024, 1, 8), centre=None, first=1, **details):
    """Employments with everything that pay needs; their bank accounts are confirmed and differ."""
    centre = centre or a_place(company)
    persons = Person.objects.bulk_create(
        Person(company=company, first_names="Anna", last_name=f"Number {n}") for n in range(first, first + count)
    )
    PrivateDetails.objects.bulk_create(PrivateDetails(person=p, born_on=date(1990, 5, 1)) for p in persons)
    PersonBankAccount.objects.bulk_create(
        PersonBankAccount(
            company=company, person=p, holder=p.name, iban=IBAN, ending="5555", state="confirmed",
            fingerprint=fingerprint(f"{IBAN}{p.pk}"), entered_by=by, changed_by=by,
        )
        for p in persons
    )  # fmt: skip
    employments = Employment.objects.bulk_create(
        Employment(
            company=company, person=p, number=f"E-{n:04d}", starts_on=start, continuous_from=start, state="active",
            entered_by=by, changed_by=by,
        )
        for n, p in enumerate(persons, first)
    )  # fmt: skip
    Assignment.objects.bulk_create(
        Assignment(employment=e, valid_from=start, job_title="Picker", department=centre.department, cost_centre=centre)
        for e in employments
    )
    PayRate.objects.bulk_create(
        PayRate(
            company=company, employment=e, valid_from=start, amount=Decimal(amount), reason="Start", state="approved",
            entered_by=by, changed_by=by,
        )
        for e in employments
    )  # fmt: skip
    given = {"tax_code": "1257L", "ni_category": "A", "pension": "opted_out", **details}
    TaxDetails.objects.bulk_create(TaxDetails(employment=e, valid_from=start, **given) for e in employments)
    return employments


def a_clerk(company, name="Hannah Reid"):
    """Makes pay and sees it, and may not approve it."""
    rights = [r for r in all_rights("payroll", "people", "organisation", "ledger") if r != "payroll.approve_payrollrun"]
    return a_user(name, *rights, company=company)


def a_director(company, name="Grace Okafor"):
    """Approves pay."""
    return a_user(name, *all_rights("payroll", "workflow", "ledger"), company=company)


def work_off():
    """Do every job that waits, as the workers would."""
    while waiting := list(Job.objects.filter(state="queued", kind__startswith="payroll.").order_by("pk")):
        for job in waiting:
            running.run(job.pk)


def a_run(company, clerk, *, month=11, year=2026, pay_on=None):
    """A run that is calculated."""
    run = preparing.open(company, year=year, month=month, pay_on=pay_on or date(year, month, 27), by=clerk)
    return calculated(run, clerk)


def calculated(run, clerk):
    """Calculate and wait for the workers."""
    preparing.calculate(run, by=clerk)
    work_off()
    run.refresh_from_db()
    assert run.state == PayrollRun.State.CALCULATED
    return run


def posted(run, clerk, director):
    """Submit, approve, post."""
    approving.submit(run, by=clerk)
    approving.approve(run, by=director)
    return booking.post(run, by=clerk)


def a_payslip(company, name, *, by, month=11, year=2026):
    """A payslip of a run of its own month, without lines."""
    number = 5000 + year % 100 * 100 + month
    (employment,) = staff(company, 1, by=by, first=number)
    Person.objects.filter(pk=employment.person_id).update(last_name=name)
    years, months = divmod(month - 1, 12)
    run = PayrollRun.objects.create(
        company=company, year=year + years, month=months + 1, pay_on=date(year + years, months + 1, 27), currency="GBP",
        entered_by=by, changed_by=by,
    )  # fmt: skip
    return Payslip.objects.create(
        run=run, employment=employment, gross=3000, deductions=600, net=2400, input_hash="x", tax_code="1257L"
    )
