from datetime import date, timedelta

import pytest
from django.test import Client

from backoffice.audit.models import Act
from hr.people import changing
from hr.people.models import Assignment, Employment, PayRate, PersonBankAccount, PrivateDetails
from tests.factories_people import a_place, a_rate, an_employment, an_officer
from tests.fixtures_world import TODAY, a_user, all_rights


@pytest.fixture
def officer(company):
    return an_officer(company)


@pytest.fixture
def client(officer):
    client = Client()
    client.force_login(officer)
    return client


def starter(company, **fields):
    centre = a_place(company)
    return {
        "first_names": "Sophie", "last_name": "Lindqvist", "starts_on": "1 Dec 2126", "job_title": "Analyst",
        "department": centre.department_id, "cost_centre": centre.pk, "weekly_hours": "37.5", "fte": "1", "country": "GB",
        "born_on": "14 Sep 1998", "national_insurance_number": "AB 12 34 56 C", "pay": "31k", "pay_basis": "annual", **fields,
    }  # fmt: skip


def test_one_form_enters_everything_of_a_starter_once(company, client):
    answer = client.post("/people/new/", starter(company))

    made = Employment.objects.get()
    assert answer.url == f"/people/{made.pk}/"
    assert (made.number, made.state, str(made.person)) == ("E-0001", "prehire", "Sophie Lindqvist")
    assert made.person.private.national_insurance_number == "AB123456C"
    assert (made.pay_rates.get().amount, made.assignments.get().weekly_hours) == (31_000, 37.5)
    assert list(Act.objects.filter(content_type__model="employment").values_list("verb", flat=True)) == ["enter"]


def test_somebody_alike_is_asked_about_and_the_same_number_is_refused(company, client):
    client.post("/people/new/", starter(company))

    alike = client.post("/people/new/", starter(company, national_insurance_number=""))
    assert alike.status_code == 422 and "is on record" in alike.content.decode()
    same = client.post("/people/new/", starter(company))
    assert same.status_code == 422 and "has this number and is employed" in same.content.decode()

    client.post("/people/new/", starter(company, national_insurance_number="", is_another="on"))
    assert Employment.objects.count() == 2


def test_who_comes_back_is_the_same_person_in_another_employment(company, client, officer):
    first = an_employment(company, by=officer, private={"national_insurance_number": "AB123456C"})
    Employment.objects.filter(pk=first.pk).update(ends_on=TODAY, state="left")

    client.post("/people/new/", starter(company, first_names="Daniel", last_name="Osei"))

    assert first.person.employments.count() == 2


def test_without_their_rights_private_details_and_pay_are_not_asked(company):
    client = Client()
    rights = ["people.add_employment", "people.view_employment", *all_rights("organisation")]
    client.force_login(a_user("Nora", *rights, company=company))

    page = client.get("/people/new/").content.decode()

    assert "First names" in page and "Date of birth" not in page and 'name="pay"' not in page
    client.post("/people/new/", starter(company))
    assert Employment.objects.exists() and not PayRate.objects.exists()
    assert PrivateDetails.objects.get().born_on is None


def test_only_what_was_changed_in_the_form_changes_from_the_day(company, client, officer):
    employment = an_employment(company, by=officer)
    changing.change_assignment(employment, by=officer, effective_from=date(2025, 1, 1), grade="G3")
    held = Assignment.objects.get(valid_to=None)
    fields = {
        "job_title": held.job_title, "department": held.department_id, "cost_centre": held.cost_centre_id, "manager": "",
        "grade": "G3", "weekly_hours": "30", "fte": "1",
    }  # fmt: skip

    same = client.post(
        f"/people/{employment.pk}/change_assignment/",
        {**fields, "weekly_hours": "37.5", "effective_from": "1 Jun 2024"},
    )
    assert same.status_code == 422
    done = client.post(
        f"/people/{employment.pk}/change_assignment/", {**fields, "effective_from": "1 Jun 2024"}, follow=True
    )
    assert "reaches back to 1 Jun 2024" in done.content.decode()

    rows = employment.assignments.order_by("valid_from").values_list("valid_from", "grade", "weekly_hours")
    assert [(str(day), grade, float(hours)) for day, grade, hours in rows] == [
        ("2024-01-08", "", 37.5),
        ("2024-06-01", "", 30.0),
        ("2025-01-01", "G3", 37.5),
    ]


def test_a_change_ahead_is_shown_and_taken_back(company, client, officer):
    employment = an_employment(company, by=officer)
    changing.change_assignment(employment, by=officer, effective_from=date(2126, 1, 1), job_title="Team leader")
    ahead = employment.assignments.get(job_title="Team leader")
    assert "Ahead" in client.get(f"/people/{employment.pk}/").content.decode()

    client.post(f"/people/{employment.pk}/cancel_assignment/", {"assignment": ahead.pk})

    assert employment.assignments.get().valid_to is None


def test_the_list_says_who_was_employed_on_a_day_and_as_what(company, client, officer):
    employment = an_employment(company, by=officer)
    an_employment(company, by=officer, last_name="Later", starts_on=date(2026, 6, 1))
    changing.change_assignment(employment, by=officer, effective_from=date(2026, 6, 1), job_title="Team leader")

    def listed(query):
        return b"".join(client.get(f"/people/?export=csv&{query}")).decode()

    then = listed("on=2025-12-31")
    assert "Osei" in then and "Picker" in then and "Later" not in then
    assert "Team leader" in listed("on=2026-07-01") and "Later" in listed("on=2026-07-01")
    assert "Later" not in listed("q=team")


def test_bank_details_pay_and_private_details_are_entered_from_the_page(company, client, officer):
    employment = an_employment(company, by=officer)
    page = client.get(f"/people/{employment.pk}/").content.decode()
    for address in (f"/people/{employment.pk}/pay/new/", f"/people/{employment.pk}/bank/new/", "/people/private/"):
        assert address in page

    client.post(f"/people/{employment.pk}/bank/new/", {"holder": "D Osei", "iban": "GB33 BUKB 2020 1555 5555 55"})
    client.post(
        f"/people/{employment.pk}/pay/new/",
        {"valid_from": "1 Apr 2127", "amount": "30,500", "basis": "annual", "reason": "Review"},
    )
    private = employment.person.private
    client.post(f"/people/private/{private.pk}/edit/", {"city": "Leeds", "country": "GB"})

    account, rate = PersonBankAccount.objects.get(), PayRate.objects.get()
    assert (account.state, account.entered_by, rate.state) == ("entered", officer, "proposed")
    assert Act.objects.filter(content_type__model__in=["payrate", "personbankaccount"]).count() == 2
    private.refresh_from_db()
    assert private.city == "Leeds"
    wrong = client.post(f"/people/{employment.pk}/bank/new/", {"holder": "D", "iban": "GB00 1"})
    assert wrong.status_code == 422


def test_rates_are_approved_from_the_list_and_by_programs(company, officer):
    director = an_officer(company, "Grace Okafor")
    employment = an_employment(company, by=officer)
    first, second = (a_rate(employment, date(2024, 1, 8) + timedelta(30 * n), by=officer) for n in range(2))
    client = Client()
    client.force_login(director)

    client.post("/people/pay/", {"verb": "approve", "ids": [first.pk]})
    answer = client.post(f"/api/v1/people/pay-rates/{second.ref}/approve/", {}, content_type="application/json")

    assert answer.status_code == 200, answer.content
    assert set(PayRate.objects.values_list("state", flat=True)) == {"approved"}


def test_a_program_hires_changes_and_lets_leave(company, client):
    centre = a_place(company)
    asked = {
        "company": company.pk, "first_names": "Api", "last_name": "Made", "starts_on": "2026-01-05", "job_title": "Picker",
        "department": centre.department_id, "cost_centre": centre.pk, "pay": "25000", "born_on": "1990-01-01",
    }  # fmt: skip
    made = client.post("/api/v1/people/employments/", asked, content_type="application/json")
    assert made.status_code == 201, made.content
    path = f"/api/v1/people/employments/{made.json()['ref']}"

    changed = client.post(
        f"{path}/change_assignment/",
        {"effective_from": "2026-06-01", "job_title": "Packer"},
        content_type="application/json",
    )
    left = client.post(f"{path}/give_notice/", {"last_day": "2126-11-13"}, content_type="application/json")

    assert (changed.status_code, left.status_code) == (200, 200), (changed.content, left.content)
    assert (left.json()["state"], left.json()["ends_on"]) == ("notice", "2126-11-13")
    assert Assignment.objects.count() == 2 and PayRate.objects.get().state == "proposed"
    assert client.post("/api/v1/people/employments/", {**asked, "national_insurance_number": "QQ"}, content_type="application/json").status_code == 400  # fmt: skip


def test_programs_read_no_bank_or_insurance_number(company, client, officer):
    private = {"national_insurance_number": "AB123456C", "born_on": date(1990, 4, 2)}
    an_employment(
        company, by=officer, private=private, bank={"holder": "D", "iban": "GB33BUKB20201555555555", "bic": ""}
    )

    for path in ("private-details", "bank-accounts", "persons", "employments"):
        text = client.get(f"/api/v1/people/{path}/").content.decode()
        assert '"count":1' in text.replace(" ", "") or "results" in text
        assert "123456" not in text and "55555555" not in text


def test_a_country_is_kept_in_capitals_and_one_that_is_none_is_refused(company, client):
    refused = client.post("/people/new/", starter(company, country="zz"))
    assert refused.status_code == 422
    assert "two letters of a country" in refused.content.decode()

    client.post("/people/new/", starter(company, country="gb"))
    assert PrivateDetails.objects.get().country == "GB"
