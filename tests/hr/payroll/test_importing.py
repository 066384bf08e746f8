"""What many were paid before us comes in by file, whole or not at all."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from backoffice.audit.models import Act
from backoffice.core.errors import Refused
from hr.payroll import gathering, importing
from hr.payroll.models import Payslip, YearToDate
from tests.factories_payroll import a_run, calculated, staff
from tests.fixtures_world import TODAY, a_user

pytestmark = pytest.mark.django_db
D = Decimal
SCREEN, API = "/payroll/brought-forward/import/", "/api/v1/payroll/brought-forward/import/"


def a_file(*people, **changes):
    written = io.StringIO()
    out = csv.DictWriter(written, importing.COLUMNS)
    out.writeheader()
    for person in people:
        out.writerow({"number": person.number, "taxable": "21,000.00", "tax": "2732", "source": "P45", **changes})
    return written.getvalue().encode()


def planned(company, content, by):
    return importing.plan(company, importing.read("f.csv", content), by=by, today=TODAY)


def kept():
    rows = YearToDate.objects.filter(run=None).order_by("employment__number", "code", "-tax_year")
    return list(rows.values_list("employment__number", "tax_year", "code", "amount", "source"))


def test_a_file_tells_the_year_of_many_and_the_run_reckons_with_it(company, clerk):
    people = staff(company, 2, by=clerk)
    run = a_run(company, clerk)

    importing.bring(company, planned(company, a_file(*people), clerk), by=clerk)

    one, two = (person.number for person in people)
    assert kept() == [
        (number, "2026-27", code, D(amount), "P45")
        for number in (one, two)
        for code, amount in (("tax", 2732), ("taxable", 21000))
    ]
    assert Act.objects.filter(verb="brought_pay_forward", by=clerk).count() == 2
    assert gathering.stale(run) == [person.pk for person in people]
    calculated(run, clerk)
    assert {flag["code"] for slip in Payslip.objects.filter(run=run) for flag in slip.flags} & {
        "no_year_so_far"
    } == set()


def test_the_template_reads_as_it_is_written(company, clerk):
    (person,) = staff(company, 1, by=clerk)
    text = importing.template().replace("E-0501", person.number).replace("Example", person.person.last_name)

    judged = planned(company, text.encode(), clerk)

    assert (judged.problems, judged.new) == ([], 1)
    importing.bring(company, judged, by=clerk)
    assert len(kept()) == len(importing.CODES) - 1  # a figure of nothing is not kept


def test_the_same_file_again_changes_nothing_and_other_figures_take_the_place_of_the_first(company, clerk):
    (person,) = staff(company, 1, by=clerk)
    importing.bring(company, planned(company, a_file(person, gross="100"), clerk), by=clerk)
    before = set(YearToDate.objects.values_list("pk", flat=True))

    again = planned(company, a_file(person, gross="100"), clerk)
    assert (again.new, again.known) == (0, 1)
    importing.bring(company, again, by=clerk)
    assert set(YearToDate.objects.values_list("pk", flat=True)) == before

    other = planned(company, a_file(person, taxable="3000", tax="0"), clerk)
    assert other.rows[0].remarks == ["takes the place of what was brought forward earlier"]
    importing.bring(company, other, by=clerk)
    assert kept() == [(person.number, "2026-27", "taxable", D(3000), "P45")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"number": "E-9999"}, "there is no employee “E-9999”"),
        ({"number": ""}, "“number” is empty"),
        ({"tax": ""}, "“tax” is empty"),
        ({"last_name": "Somebody"}, "not Somebody"),
        ({"tax_year": "2019-20"}, "is none of 2026-27, 2025-26"),
        ({"tax": "-1"}, "“-1” in tax is not possible"),
        ({"gross": "plenty"}, "“plenty” in gross is not possible"),
        ({"tax": "21000.01"}, "more tax than taxable pay"),
        ({"source": "x" * 61}, "longer than 60"),
    ],
)
def test_a_wrong_row_says_its_line_and_stops_the_whole_file(company, clerk, change, words):
    good, bad = staff(company, 2, by=clerk)
    wrong = a_file(bad, **change).split(b"\r\n", 1)[1]

    judged = planned(company, a_file(good) + b"\r\n" + wrong, clerk)

    (problem,) = judged.problems
    assert problem.startswith("Line 4") and words in problem
    with pytest.raises(ValidationError):
        importing.bring(company, judged, by=clerk)
    assert not YearToDate.objects.exists()


def test_the_same_employee_twice_is_a_problem_unless_the_years_differ(company, clerk):
    (person,) = staff(company, 1, by=clerk)
    assert "more than once" in planned(company, a_file(person, person), clerk).problems[0]
    last_year = a_file(person, tax_year="2025/26").split(b"\r\n", 1)[1]
    importing.bring(company, planned(company, a_file(person) + last_year, clerk), by=clerk)
    assert [row[1] for row in kept()] == ["2026-27", "2025-26"] * 2


def test_who_may_not_bring_forward_is_refused_before_anything_is_said(company, clerk, client):
    (person,) = staff(company, 1, by=clerk)
    stranger = a_user("Owen Plain", "people.view_employment", company=company)
    with pytest.raises(PermissionDenied):
        planned(company, a_file(person), stranger)
    client.force_login(stranger)
    sent = {"company": company.pk, "content": a_file(person).decode()}
    assert client.get(SCREEN).status_code == 403
    assert client.get(f"{SCREEN}template.csv").status_code == 403
    assert client.post(API, sent, content_type="application/json").status_code == 403
    assert not YearToDate.objects.exists()


def test_what_is_no_such_file_is_refused():
    for content in (b"", b"number,tax\n1,2", importing.template().replace("gross", "bonus").encode()):
        with pytest.raises(Refused):
            importing.read("f.csv", content)


def test_the_statements_do_not_grow_with_the_people(company, clerk, django_assert_max_num_queries):
    people = staff(company, 6, by=clerk)
    importing.bring(company, planned(company, a_file(people[0]), clerk), by=clerk)  # fills what is kept in memory
    with django_assert_max_num_queries(12):
        importing.bring(company, planned(company, a_file(*people[1:]), clerk), by=clerk)


def test_the_clerk_looks_at_the_file_first_and_is_led_to_it_by_the_run(company, clerk, client):
    people = staff(company, 2, by=clerk)
    run = a_run(company, clerk)
    client.force_login(clerk)
    assert SCREEN in client.get("/payroll/runs/").content.decode()
    page = client.get(run.get_absolute_url()).content.decode()
    assert "Of 2 employees nothing is known of the tax year before" in page and SCREEN in page
    assert client.get(f"{SCREEN}template.csv").content.decode() == importing.template()
    assert f"{SCREEN}template.csv" in client.get(SCREEN).content.decode()

    wrong = client.post(SCREEN, {"file": SimpleUploadedFile("f.csv", a_file(*people, tax="22k"))}).content.decode()
    assert "more tax than taxable pay" in wrong and "Put these rows right" in wrong

    page = client.post(SCREEN, {"file": SimpleUploadedFile("f.csv", a_file(*people))})
    assert "21,000.00" in page.content.decode()
    assert kept() == []
    sent = {name: page.context[name] for name in ("token", "idempotency_key")}
    assert client.post(SCREEN, sent).status_code == 302
    assert client.post(SCREEN, sent).status_code == 302
    assert len(kept()) == 4


def test_a_program_brings_in_a_file_too_and_reads_what_is_kept(company, clerk, client):
    (person,) = staff(company, 1, by=clerk)
    client.force_login(clerk)
    sent = {"company": company.pk, "content": a_file(person).decode(), "check_only": True}

    answer = client.post(API, sent, content_type="application/json")
    assert (answer.status_code, answer.json()) == (200, {"new": 1, "known": 0, "problems": []})
    assert not YearToDate.objects.exists()
    client.post(API, {**sent, "check_only": False}, content_type="application/json")
    rows = client.get("/api/v1/payroll/brought-forward/").json()["results"]
    assert [(row["code"], row["amount"]) for row in rows] == [("tax", "2732.0000"), ("taxable", "21000.0000")]

    wrong = client.post(API, {**sent, "content": a_file(person, tax="").decode()}, content_type="application/json")
    assert (wrong.status_code, wrong.json()["problems"]) == (422, ["Line 2: “tax” is empty"])
