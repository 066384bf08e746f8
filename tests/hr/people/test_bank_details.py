from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from backoffice.core.errors import DutyConflict, Refused
from backoffice.documents import keeping
from hr.people import bank_details
from hr.people.models import PersonBankAccount
from tests.factories_people import an_employment, an_officer

FIRST, SECOND = "GB33 BUKB 2020 1555 5555 55", "GB94 BARC 1020 1530 0934 59"


@pytest.fixture
def officer(company):
    return an_officer(company)


@pytest.fixture
def second(company):
    return an_officer(company, "Hannah Reid")


def entered(person, by, iban=FIRST):
    account = PersonBankAccount(company=person.company, person=person, holder=person.name, iban=iban)
    return keeping.enter(account, by=by)


def test_only_another_person_confirms_and_the_account_before_is_replaced(company, officer, second):
    person = an_employment(company, by=officer).person
    first = bank_details.confirm(entered(person, officer), by=second)
    with pytest.raises(DutyConflict):
        bank_details.confirm(entered(person, officer, SECOND), by=officer)

    bank_details.confirm(PersonBankAccount.objects.get(state="entered"), by=second)

    first.refresh_from_db()
    assert first.state == "replaced"
    assert PersonBankAccount.objects.get(state="confirmed").ending == "3459"


def test_nobody_confirms_the_own_account(company, officer, second):
    person = an_employment(company, by=officer, user=second, last_name="Reid").person
    with pytest.raises(Refused, match="your own"):
        bank_details.confirm(entered(person, officer), by=second)


def test_a_wrong_account_is_refused(company, officer, second):
    person = an_employment(company, by=officer).person
    assert bank_details.refuse(entered(person, officer), by=second).state == "refused"
    with pytest.raises(ValidationError, match="check digits"):
        PersonBankAccount(company=company, person=person, holder="D", iban="GB00 BUKB 2020 1555 5555 55").clean()


def test_the_number_is_unreadable_in_the_database_and_stays_after_the_decision(company, officer, second):
    person = an_employment(
        company, by=officer, private={"national_insurance_number": "AB123456C", "born_on": date(1990, 4, 2)}
    ).person
    account = bank_details.confirm(entered(person, officer), by=second)
    with connection.cursor() as cursor:
        cursor.execute("SELECT iban FROM people_personbankaccount")
        assert "55555555" not in cursor.fetchone()[0]
        cursor.execute("SELECT national_insurance_number FROM people_privatedetails")
        assert "123456" not in cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM audit_change WHERE after::text ~ '123456C|55555555'")
        assert cursor.fetchone()[0] == 0

    account.iban = SECOND
    with pytest.raises(IntegrityError, match="never altered"), transaction.atomic():
        account.save()
