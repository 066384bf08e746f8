"""Nobody sees pay or private details that they may not: in lists, exports, pages, search, API, history, reports, papers."""

import json
from datetime import date

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from backoffice.access.models import Role, RoleAssignment, User
from backoffice.audit.models import Change
from backoffice.documents import attaching
from backoffice.documents.queries import changes_seen
from backoffice.messaging.models import OutgoingMail
from backoffice.ui.finding import found
from backoffice.workflow.models import ApprovalRequest
from hr.people import leaving
from hr.people.models import Employment, PayRate
from reporting.reports import making
from reporting.reports.defining import reports
from tests.factories_people import a_place, a_rate, an_employment, an_officer
from tests.fixtures_world import TODAY

PAY, NINO, STREET = "34567", "AB123456C", "17 Kestrel Lane"


def with_role(company, name, key, department=None):
    user = User.objects.create(email=f"{key}{User.objects.count()}@calderwren.example", name=name)
    for role in sorted({key, "member"}):
        scope = department if role == key else None
        RoleAssignment.objects.create(user=user, role=Role.objects.get(key=role), company=company, department=scope)
    return user


@pytest.fixture
def daniel(company):
    return with_role(company, "Daniel Osei", "member")


@pytest.fixture
def employment(company, daniel):
    officer, director = an_officer(company), an_officer(company, "Grace Okafor")
    private = {"born_on": date(1990, 4, 2), "national_insurance_number": NINO, "street": STREET}
    made = an_employment(company, by=officer, user=daniel, private=private)
    a_rate(made, date(2024, 1, 8), PAY, by=officer, approver=director)
    a_rate(made, date(2126, 4, 1), PAY, by=officer)
    an_employment(
        company, by=officer, first_names="Olive", last_name="Outside", cost_centre=a_place(company, "IT", "IT")
    )
    return made


def surfaces(user, employment):
    """The text of everything that this person can open about people."""
    client = Client(raise_request_exception=True)
    client.force_login(user)
    rates = PayRate.objects.values_list("pk", flat=True)
    addresses = [
        "/people/", "/people/?export=csv", "/people/?view=all&part=sums", f"/people/{employment.pk}/", "/people/pay/",
        "/people/pay/?view=all&export=csv", *(f"/people/pay/{pk}/" for pk in rates), "/find/?q=Osei",
        "/api/v1/people/employments/", "/api/v1/people/pay-rates/", "/api/v1/people/private-details/",
        "/api/v1/people/assignments/", "/api/v1/people/persons/", "/api/v1/workflow/requests/", "/",
        "/history/changes/?table=people_payrate",
    ]  # fmt: skip
    text = ""
    for address in addresses:
        response = client.get(address)
        if response.status_code == 200:
            text += b"".join(response).decode() if response.streaming else response.content.decode()
    return text.replace(",", "")


@pytest.mark.parametrize(
    "key", ["hr-officer", "member", "department-head", "ap-clerk", "finance-manager", "administrator"]
)
def test_pay_is_seen_nowhere_without_its_right(company, employment, key):
    user = with_role(
        company, "Una Unpaid", key, employment.assignments.get().department if key == "department-head" else None
    )

    assert PAY not in surfaces(user, employment)


@pytest.mark.parametrize("key", ["payroll-clerk", "finance-director", "auditor"])
def test_pay_is_seen_by_those_who_make_answer_for_and_check_it(company, employment, key):
    assert PAY in surfaces(with_role(company, "Paula Paid", key), employment)


@pytest.mark.parametrize("key", ["member", "department-head", "auditor", "finance-director", "administrator"])
def test_private_details_are_for_the_officers_only(company, employment, key):
    user = with_role(
        company, "Una Unofficial", key, employment.assignments.get().department if key == "department-head" else None
    )

    text = surfaces(user, employment)
    assert STREET not in text and "1990" not in text and NINO not in text


def test_an_hr_officer_sees_private_details_and_a_department_head_only_their_own_people(company, employment):
    assert STREET in surfaces(with_role(company, "Fiona Marsh HR", "hr-officer"), employment)

    head = with_role(company, "Marcus Bell", "department-head", employment.assignments.get().department)
    text = surfaces(head, employment)
    assert "Osei" in text and "Outside" not in text
    assert [e.person.last_name for e in Employment.objects.visible_to(head)] == ["Osei"]


def test_everybody_sees_the_own_record_with_pay_and_nobody_elses(company, employment, daniel):
    client = Client()
    client.force_login(daniel)

    own = client.get("/people/me/").content.decode()
    assert "34,567.00" in own and STREET in own and "AB 12 34 56 C" in own
    assert client.get("/people/").status_code == 403
    assert client.get(f"/people/{employment.pk}/").status_code == 403
    other = Client()
    other.force_login(with_role(company, "Nora Nobody", "ap-clerk"))
    assert "No record here" in other.get("/people/me/").content.decode()


def test_nobody_takes_a_record_for_their_own(company, employment):
    officer = with_role(company, "Fiona Marsh HR", "hr-officer")
    client = Client()
    client.force_login(officer)
    person = employment.person
    fields = {"first_names": "Daniel", "last_name": "Osei", "known_as": "Dan", "user": officer.pk}

    refused = client.post(f"/people/persons/{person.pk}/edit/", fields)
    assert refused.status_code == 422 and "Somebody else must link" in refused.content.decode()
    program = client.patch(
        f"/api/v1/people/persons/{person.ref}/",
        {"user": officer.pk},
        content_type="application/json",
        headers={"If-Match": '"1"'},
    )
    assert program.status_code in (400, 422)
    client.post(f"/people/persons/{person.pk}/edit/", {**fields, "user": person.user_id})
    person.refresh_from_db()
    assert (person.known_as, person.user.name) == ("Dan", "Daniel Osei")


def test_the_reason_for_leaving_is_for_the_officers(company, employment):
    officer = with_role(company, "Fiona Marsh HR", "hr-officer")
    leaving.give_notice(employment, by=officer, last_day=date(2126, 11, 13), why="Kestrel quarrel")

    head = with_role(company, "Marcus Bell", "department-head", employment.assignments.get().department)
    assert "Kestrel quarrel" not in surfaces(head, employment)
    assert "Kestrel quarrel" in surfaces(officer, employment)


def test_requests_mails_and_history_name_no_amount(company, employment, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        a_rate(employment, date(2126, 5, 1), PAY, by=an_officer(company, "Hannah Reid"))

    assert {request.amount for request in ApprovalRequest.objects.all()} == {0}
    assert OutgoingMail.objects.exists()
    assert not [m for m in OutgoingMail.objects.all() if PAY in f"{m.subject}{m.text}{m.html}".replace(",", "")]
    assert not [c for c in Change.objects.all() if PAY in json.dumps([c.before, c.after])]


def test_the_history_of_private_rows_is_closed_to_who_may_not_see_the_rows(company, employment):
    auditor = with_role(company, "Bilal Chaudhry", "auditor")
    tables = set(changes_seen(auditor).values_list("table", flat=True))

    assert "people_payrate" in tables and "people_employment" in tables
    assert "people_privatedetails" not in tables


def test_papers_of_an_employee_are_for_the_officers(company, employment):
    officer = with_role(company, "Fiona Marsh HR", "hr-officer")
    head = with_role(company, "Marcus Bell", "department-head", employment.assignments.get().department)
    paper = attaching.attach(employment, name="contract.pdf", content=b"%PDF-1.7 pay 34567", by=officer)
    attaching.comment(employment, text="Warned about lateness", by=officer)

    for user, status in ((officer, 200), (head, 404)):
        client = Client()
        client.force_login(user)
        assert client.get(f"/documents/attachments/{paper.pk}/").status_code == status
        page = client.get(f"/people/{employment.pk}/").content.decode()
        assert ("contract.pdf" in page, "lateness" in page) == (status == 200, status == 200)


def test_search_finds_people_without_their_pay(company, employment):
    clerk = with_role(company, "Paula Paid", "payroll-clerk")

    hits = [hit for group in found(clerk, "osei") for hit in group.hits]
    assert hits and PAY not in str(hits)


def test_reports_count_only_who_may_be_seen(company, employment):
    head = with_role(company, "Marcus Bell", "department-head", employment.assignments.get().department)
    officer = with_role(company, "Fiona Marsh HR", "hr-officer")

    def rows(key, user, **values):
        asked = making.ask(key, values, company=company, user=user, on=TODAY)
        return [row.cells for row in reports[key].build(asked).rows]

    assert [row[:2] for row in rows("people.headcount", officer)] == [("IT", 1), ("Warehouse", 1), ("Total", 2)]
    assert [row[:2] for row in rows("people.headcount", head)] == [("Warehouse", 1), ("Total", 1)]
    assert [row[0] for row in rows("people.moves", head, period="2024")] == ["Started", f"{employment}"]


def test_the_administration_shows_no_pay(company, employment, admin_client=None):
    from django.contrib import admin

    registered = {model._meta.label for model in admin.site._registry}
    assert not registered & {"people.PayRate", "people.PrivateDetails", "people.PersonBankAccount"}
    assert ContentType.objects.filter(app_label="people", model="payrate").exists()
