import csv
import io
from random import Random

import pytest
import xlsxwriter
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backoffice.access.models import User
from backoffice.core.errors import Refused
from hr.people import demo, importing
from hr.people.models import Employment, PayRate, Person
from tests.factories_people import a_place, an_employment, an_officer
from tests.fixtures_world import TODAY, a_user


@pytest.fixture
def officer(company):
    a_place(company, "WH"), a_place(company, "LEEDS")
    return an_officer(company)


def a_file(*rows, **changes):
    written = io.StringIO()
    out = csv.DictWriter(written, importing.COLUMNS)
    out.writeheader()
    for row in rows or [changes]:
        out.writerow({**importing.EXAMPLE, **row})
    return written.getvalue().encode()


def planned(company, content, by=None):
    return importing.plan(
        company, importing.read("e.csv", content), by=by or User.objects.get(name="Fiona Marsh"), today=TODAY
    )


def test_the_template_reads_as_it_is_written(company, officer):
    judged = planned(company, importing.template().encode())

    assert (judged.problems, len(judged.starters)) == ([], 1)
    (made,) = importing.bring(company, judged, by=officer)
    assert (made.number, made.person.private.national_insurance_number) == ("E-0501", "AB123456C")


def test_a_second_reading_changes_nothing(company, officer):
    importing.bring(company, planned(company, a_file()), by=officer)
    again = planned(company, a_file())

    assert (again.known, again.starters) == (1, [])
    importing.bring(company, again, by=officer)
    assert (Person.objects.count(), Employment.objects.count(), PayRate.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"department": "MOON"}, "there is no department “MOON”"),
        ({"national_insurance_number": "QQ123456C"}, "not a national insurance number"),
        ({"iban": "GB00BUKB20201555555555"}, "check digits"),
        ({"starts_on": "soon"}, "is no date"),
        ({"last_name": ""}, "“last_name” is empty"),
        ({"manager": "E-9999"}, "there is no manager"),
        ({"weekly_hours": "900"}, "not possible"),
        ({"pay_basis": "daily"}, "is none of"),
        ({"email": "nobody"}, "not an e-mail address"),
    ],
)
def test_a_wrong_row_says_its_line_and_stops_the_whole_file(company, officer, change, words):
    good = {"number": "E-0001", "national_insurance_number": "", "last_name": "Good"}
    judged = planned(company, a_file(good, change))

    (problem,) = judged.problems
    assert problem.startswith("Line 3") and words in problem
    with pytest.raises(ValidationError):
        importing.bring(company, judged, by=officer)
    assert not Employment.objects.exists()


def test_numbers_that_stand_twice_are_a_problem(company, officer):
    judged = planned(company, a_file({}, {}))
    assert len(judged.problems) == 4 and "more than once" in judged.problems[0]


def test_the_same_insurance_number_is_the_same_person(company, officer):
    first = an_employment(company, by=officer, private={"national_insurance_number": "AB123456C"})
    assert "employed already" in planned(company, a_file()).problems[0]

    Employment.objects.filter(pk=first.pk).update(ends_on=TODAY, state="left")
    importing.bring(company, planned(company, a_file()), by=officer)

    assert Employment.objects.filter(person=first.person).count() == 2


def test_managers_may_stand_in_the_same_file(company, officer):
    boss = {"number": "E-0001", "national_insurance_number": "", "last_name": "Boss"}
    made = importing.bring(company, planned(company, a_file(boss, {"manager": "E-0001"})), by=officer)

    assert made[1].assignments.get().manager == made[0]


def test_managers_in_a_circle_are_a_problem(company, officer):
    rows = [
        {"number": f"E-000{n}", "manager": f"E-000{above}", "national_insurance_number": "", "last_name": f"Round {n}"}
        for n, above in ((1, 2), (2, 3), (3, 1))
    ]
    assert "manager's manager" in planned(company, a_file(*rows)).problems[0]


def test_who_may_not_propose_pay_brings_in_no_file_with_pay(company, officer):
    clerk = a_user("Hugh Clerk", "people.add_employment", "people.add_personbankaccount", company=company)

    assert "tells pay" in planned(company, a_file(), by=clerk).problems[0]
    importing.bring(company, planned(company, a_file({"pay": ""}), by=clerk), by=clerk)
    assert Employment.objects.exists()


def test_a_workbook_is_read_like_a_text_file(company, officer):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, importing.EXAMPLE.keys())
        sheet.write_row(1, 0, importing.EXAMPLE.values())
    judged = planned(company, content.getvalue())

    assert (judged.problems, judged.starters[0].last_name) == ([], "Example")


@pytest.mark.parametrize(
    "content", [b"", b"a;b\n1;2", b"PK\x03\x04 broken", importing.template().replace("fte", "shoe_size").encode()]
)
def test_what_is_no_such_file_is_refused(company, content):
    with pytest.raises(Refused):
        importing.read("e.csv", content)


def test_428_rows_come_in_through_the_screen_in_seconds(company, officer):
    for code in ("HO", "BRIS", "TRADE", "WEB", "IT", "FLEET", "FIN", "SALES", "TRAN"):
        a_place(company, code, code)
    client = Client()
    client.force_login(officer)
    content = demo.employees_csv(Random(1), TODAY).encode()

    page = client.post("/people/import/", {"file": SimpleUploadedFile("employees.csv", content)})
    assert "448 new employees" in page.content.decode()
    assert not Employment.objects.exists()
    token = page.context["token"]
    done = client.post("/people/import/", {"token": token, "idempotency_key": page.context["idempotency_key"]})

    assert (done.status_code, Employment.objects.count()) == (302, 448)
    again = client.post("/people/import/", {"file": SimpleUploadedFile("employees.csv", content)})
    assert "448 are on record already" in again.content.decode()


def test_a_program_brings_in_a_file_too(company, officer):
    client = Client()
    client.force_login(officer)
    asked = {"company": company.pk, "content": a_file().decode(), "check_only": True}

    answer = client.post("/api/v1/people/employments/import/", asked, content_type="application/json")
    assert (answer.status_code, answer.json()) == (200, {"new": 1, "known": 0, "problems": []})
    assert not Employment.objects.exists()
    client.post("/api/v1/people/employments/import/", {**asked, "check_only": False}, content_type="application/json")
    assert Employment.objects.get().number == "E-0501"


def test_what_stops_the_whole_file_is_said_though_no_row_is_wrong(client, company, officer):
    keeper = a_user("Paul Keeper", "people.add_employment", "people.view_employment", company=company)
    client.force_login(keeper)
    page = client.post("/people/import/", {"file": SimpleUploadedFile("e.csv", a_file())}).content.decode()
    assert "The file tells pay, which your roles do not let you propose" in page
    assert "The file tells bank accounts" in page
    assert "Put these rows right" not in page
