"""Hiring: person, employment, assignment and the proposal of pay in one act, for one or for hundreds at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit.recording import acting, record_all
from backoffice.core import events
from backoffice.core.authority import authority
from backoffice.core.encryption import fingerprints
from backoffice.organisation.models import Company, CostCentre, Department
from hr.people import nino, pay
from hr.people.events import EmployeeHired, EmployeeStarted
from hr.people.leaving import THE_SYSTEM
from hr.people.models import Assignment, Employment, PayRate, Person, PersonBankAccount, PrivateDetails

State = Employment.State
FORM = re.compile(r"E-(\d+)")


@dataclass
class Starter:
    """Everything that is known of somebody who starts; `person` is set when the person is on record already."""

    last_name: str
    first_names: str
    starts_on: date
    job_title: str
    department: Department
    cost_centre: CostCentre
    known_as: str = ""
    person: Person | None = None
    number: str = ""
    continuous_from: date | None = None
    manager: Employment | None = None
    manager_number: str = ""  # of somebody who may be hired by the same act
    grade: str = ""
    weekly_hours: Decimal = Decimal("37.5")
    fte: Decimal = Decimal(1)
    pay: Decimal | None = None
    pay_basis: str = PayRate.Basis.ANNUAL
    pay_from: date | None = None  # the first day unless said
    private: dict[str, Any] = field(default_factory=dict)  # fields of PrivateDetails
    bank: dict[str, str] = field(default_factory=dict)  # holder, iban, bic
    user: Any = None


def hire(company: Company, starter: Starter, *, by: Any) -> Employment:
    """Enter one starter. Raises `Refused` when the person is employed in that time, `PermissionDenied` without rights."""
    return hire_all(company, [starter], by=by)[0]


def hire_all(company: Company, starters: Sequence[Starter], *, by: Any) -> list[Employment]:
    """Enter starters and write that down as this person's acts; see `entered`."""
    with acting(by):
        made = entered(company, starters, by=by)
        record_all([(each, {}) for each in made], "enter", by)
    return made


def entered(company: Company, starters: Sequence[Starter], *, by: Any) -> list[Employment]:
    """Enter starters, all or none, with a fixed number of statements; pay and bank details wait for a second person.

    Who starts today or began before is active at once; others start on their day by themselves.
    """
    _demand_rights(company, starters, by)
    today = timezone.localdate(timezone=company.zone)
    with acting(by):
        _give_numbers(company, starters)
        _enter_persons(company, starters, by)
        made = _enter_employments(company, starters, by, today)
        _enter_assignments(starters, made)
        _enter_pay(company, starters, made, by)
        _enter_bank_accounts(company, starters, by)
        _tell(made, today)
    return made


def _demand_rights(company: Company, starters: Sequence[Starter], by: Any) -> None:
    asked: list[tuple[str, models.Model]] = [("people.add_employment", Employment(company=company))]
    if any(starter.pay is not None for starter in starters):
        asked.append(("people.add_payrate", PayRate(company=company)))
    if any(starter.bank for starter in starters):
        asked.append(("people.add_personbankaccount", PersonBankAccount(company=company)))
    for right, row in asked:
        if denied := authority.only.refusal(by, right, row):
            raise denied


def _give_numbers(company: Company, starters: Sequence[Starter]) -> None:
    """Numbers go on from the highest one; two who hire at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('people.employment'), %s)", [company.pk])
    known = list(Employment.objects.filter(company=company).values_list("number", flat=True))
    taken = {*known, *(starter.number for starter in starters)}
    last = max((int(found[1]) for number in taken if (found := FORM.fullmatch(number))), default=0)
    for starter in starters:
        if not starter.number:
            last += 1
            starter.number = f"E-{last:04d}"


def _enter_persons(company: Company, starters: Sequence[Starter], by: Any) -> None:
    new = [starter for starter in starters if starter.person is None]
    for starter in new:
        starter.person = Person(
            company=company,
            first_names=starter.first_names,
            last_name=starter.last_name,
            known_as=starter.known_as,
            user=starter.user,
        )
    persons = [starter.person for starter in new if starter.person]
    for person in persons:
        person.clean_for(by)
    Person.objects.bulk_create(persons)
    details = [PrivateDetails(person=starter.person, **starter.private) for starter in new]
    for row in details:
        row.mark()
    PrivateDetails.objects.bulk_create(details)


def _enter_employments(company: Company, starters: Sequence[Starter], by: Any, today: date) -> list[Employment]:
    made = [
        Employment(
            company=company,
            number=starter.number,
            person=starter.person,
            starts_on=starter.starts_on,
            continuous_from=starter.continuous_from or starter.starts_on,
            state=State.ACTIVE if starter.starts_on <= today else State.PREHIRE,
            entered_by=by,
            changed_by=by,
        )
        for starter in starters
    ]
    for employment in made if len(made) == 1 else []:
        employment.validate_constraints()
    Employment.objects.bulk_create(made)
    return made


def _enter_assignments(starters: Sequence[Starter], made: list[Employment]) -> None:
    by_number = {each.number: each for each in made}
    Assignment.objects.bulk_create(
        [
            Assignment(
                employment=employment,
                valid_from=employment.starts_on,
                job_title=starter.job_title,
                department=starter.department,
                cost_centre=starter.cost_centre,
                manager=starter.manager or by_number.get(starter.manager_number),
                grade=starter.grade,
                weekly_hours=starter.weekly_hours,
                fte=starter.fte,
            )
            for starter, employment in zip(starters, made, strict=True)
        ]
    )


def _enter_pay(company: Company, starters: Sequence[Starter], made: list[Employment], by: Any) -> None:
    pairs = [(s, s.pay, e) for s, e in zip(starters, made, strict=True) if s.pay is not None]
    pay.propose_all(
        [
            PayRate(
                company=company,
                employment=employment,
                valid_from=starter.pay_from or employment.starts_on,
                amount=amount,
                basis=starter.pay_basis,
                currency=company.currency,
                reason=_("Starting pay"),
            )
            for starter, amount, employment in pairs
        ],
        by=by,
    )


def _enter_bank_accounts(company: Company, starters: Sequence[Starter], by: Any) -> None:
    rows = [
        PersonBankAccount(company=company, person=s.person, entered_by=by, changed_by=by, **s.bank)
        for s in starters
        if s.bank
    ]
    for row in rows:
        row.mark()
    PersonBankAccount.objects.bulk_create(rows)


def _tell(made: list[Employment], today: date) -> None:
    for each in made:
        events.publish(EmployeeHired(each.pk, each.person_id, each.company_id, each.starts_on))
        if each.state == State.ACTIVE and each.starts_on == today:
            events.publish(EmployeeStarted(each.pk, each.person_id, each.company_id, each.starts_on))


def look_alikes(company: Company, *, last_name: str, first_names: str, born_on: date | None, number: str = "") -> Any:
    """Persons on record with the same insurance number, or the same name and date of birth."""
    same = models.Q(pk__in=[])
    if number:
        same |= models.Q(private__national_insurance_fingerprint__in=fingerprints(nino.plain(number)))
    if born_on is not None:
        same |= models.Q(_last=last_name.strip().lower(), _first=first_names.strip().lower(), private__born_on=born_on)
    rows = Person.objects.annotate(_last=Lower("last_name"), _first=Lower("first_names"))
    return rows.filter(same, company=company)


@Employment.flow.verb
def begin(employment: Employment, *, by: Any) -> None:
    """The first day has come."""
    told = EmployeeStarted(employment.pk, employment.person_id, employment.company_id, employment.starts_on)
    events.publish(told)


@Employment.flow.verb
def withdraw(employment: Employment, *, by: Any) -> None:
    """The person does not start after all."""
    for rate in employment.pay_rates.filter(state=PayRate.State.PROPOSED):
        pay.drop(rate, by=by)


def begin_due(now: datetime) -> int:
    """Let everybody start whose first day has come where they work; the number of those."""
    soon = now.date() + timedelta(days=1)  # where the company is, it may be tomorrow already
    waiting = Employment.objects.filter(state=State.PREHIRE, starts_on__lte=soon).select_related("company", "person")
    due = [each for each in waiting if each.starts_on <= timezone.localdate(now, timezone=each.company.zone)]
    for employment in due:
        with transaction.atomic():
            begin(employment, by=THE_SYSTEM)
    return len(due)
