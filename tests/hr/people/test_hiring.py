from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from backoffice.core import events
from backoffice.core.errors import Refused
from hr.people import hiring
from hr.people.events import EmployeeHired, EmployeeStarted
from hr.people.models import Employment, PayRate, Person, PersonBankAccount
from tests.factories_people import a_starter, an_employment, an_officer
from tests.fixtures_world import a_user


@pytest.fixture
def officer(company):
    return an_officer(company)


@pytest.fixture
def told(monkeypatch):
    heard = []
    for kind in (EmployeeHired, EmployeeStarted):
        monkeypatch.setitem(events.subscribers, kind, [(heard.append, False)])
    return heard


def test_hiring_makes_person_employment_assignment_and_a_proposal_of_pay(company, officer):
    made = hiring.hire(
        company, a_starter(company, pay=Decimal(28_000), private={"born_on": date(1990, 4, 2)}), by=officer
    )

    assert (made.number, made.state, made.person.name) == ("E-0001", "active", "Daniel Osei")
    assert made.person.private.born_on == date(1990, 4, 2)
    assert [(a.job_title, a.valid_from, a.valid_to) for a in made.assignments.all()] == [
        ("Picker", date(2024, 1, 8), None)
    ]
    assert [(r.amount, r.state) for r in made.pay_rates.all()] == [(28_000, PayRate.State.PROPOSED)]


def test_the_next_number_follows_the_highest(company, officer):
    an_employment(company, by=officer, number="E-0318")

    assert an_employment(company, by=officer, last_name="Rahman").number == "E-0319"


def test_who_starts_in_future_is_active_from_that_day_on(company, officer, told):
    made = an_employment(company, by=officer, starts_on=date(2126, 1, 5))
    assert made.state == Employment.State.PREHIRE

    assert hiring.begin_due(datetime(2126, 1, 4, 23, tzinfo=UTC)) == 0
    assert hiring.begin_due(datetime(2126, 1, 5, 1, tzinfo=UTC)) == 1
    with pytest.raises(Refused):
        hiring.begin(Employment.objects.get(), by=officer)

    made.refresh_from_db()
    assert made.state == Employment.State.ACTIVE
    assert [type(event) for event in told] == [EmployeeHired, EmployeeStarted]


def test_a_starter_who_does_not_come_is_withdrawn_with_the_proposed_pay(company, officer):
    made = an_employment(company, by=officer, starts_on=date(2126, 1, 5), pay=Decimal(30_000))

    hiring.withdraw(made, by=officer)

    assert made.state == Employment.State.WITHDRAWN
    assert made.pay_rates.get().state == PayRate.State.WITHDRAWN


def test_nobody_is_employed_twice_on_one_day(company, officer):
    first = an_employment(company, by=officer)

    with pytest.raises(ValidationError, match="employed here in that time"):
        an_employment(company, by=officer, person=first.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Employment.objects.bulk_create(
            [
                Employment(
                    company=company, number="E-9", person=first.person, starts_on=date(2025, 1, 1),
                    continuous_from=date(2025, 1, 1), entered_by=officer, changed_by=officer,
                )
            ]
        )  # fmt: skip


def test_hiring_needs_the_rights_of_all_that_it_enters(company):
    clerk = a_user("Hugh Clerk", "people.add_employment", company=company)

    an_employment(company, by=clerk)
    with pytest.raises(PermissionDenied):
        an_employment(company, by=clerk, pay=Decimal(30_000))
    with pytest.raises(PermissionDenied):
        an_employment(company, by=clerk, bank={"holder": "D Osei", "iban": "GB33BUKB20201555555555"})
    with pytest.raises(PermissionDenied):
        an_employment(company, by=a_user("Nora"))
    assert Person.objects.count() == 1


def test_look_alikes_are_found_by_number_and_by_name_with_birth(company, officer):
    private = {"born_on": date(1990, 4, 2), "national_insurance_number": "AB 12 34 56 C"}
    made = an_employment(company, by=officer, private=private)

    def same(**fields):
        known = {"last_name": "Other", "first_names": "Some", "born_on": None, **fields}
        return list(hiring.look_alikes(company, **known))

    assert same(number="ab123456c") == [made.person]
    assert same(last_name="OSEI", first_names="daniel", born_on=date(1990, 4, 2)) == [made.person]
    assert same(last_name="Osei", first_names="Daniel", born_on=date(1991, 4, 2)) == []


def test_bank_details_wait_for_a_second_person(company, officer):
    an_employment(company, by=officer, bank={"holder": "D Osei", "iban": "GB33 BUKB 2020 1555 5555 55"})

    account = PersonBankAccount.objects.get()
    assert (account.state, account.masked) == ("entered", "•• 5555")


def test_hundreds_are_hired_with_a_fixed_number_of_statements(company, officer, django_assert_max_num_queries):
    starters = [a_starter(company, last_name=f"Osei {n}", pay=Decimal(30_000 + n)) for n in range(200)]

    with django_assert_max_num_queries(40):
        hiring.hire_all(company, starters, by=officer)

    assert Employment.objects.count() == 200
