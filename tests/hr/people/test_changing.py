from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice.core.errors import Refused
from hr.people import changing
from hr.people.models import Assignment
from tests.factories_people import a_place, an_employment, an_officer


@pytest.fixture
def officer(company):
    return an_officer(company)


@pytest.fixture
def employment(company, officer):
    return an_employment(company, by=officer)


def told(employment):
    return [
        (a.job_title, str(a.valid_from), str(a.valid_to or "")) for a in employment.assignments.order_by("valid_from")
    ]


def test_a_change_ends_the_row_before_and_keeps_what_is_not_named(employment, officer):
    changing.change_assignment(employment, by=officer, effective_from=date(2026, 12, 1), job_title="Team leader")

    assert told(employment) == [("Picker", "2024-01-08", "2026-12-01"), ("Team leader", "2026-12-01", "")]
    assert len(set(employment.assignments.values_list("cost_centre", flat=True))) == 1


def test_a_backdated_change_keeps_what_comes_later(employment, officer):
    changing.change_assignment(employment, by=officer, effective_from=date(2026, 12, 1), job_title="Team leader")
    changing.change_assignment(employment, by=officer, effective_from=date(2025, 3, 1), job_title="Packer")

    assert told(employment) == [
        ("Picker", "2024-01-08", "2025-03-01"),
        ("Packer", "2025-03-01", "2026-12-01"),
        ("Team leader", "2026-12-01", ""),
    ]


def test_on_the_first_day_of_a_row_the_row_is_put_right(employment, officer):
    changing.change_assignment(employment, by=officer, effective_from=date(2024, 1, 8), job_title="Packer")

    assert told(employment) == [("Packer", "2024-01-08", "")]


def test_a_change_outside_of_the_employment_is_refused(employment, officer):
    with pytest.raises(Refused, match="runs from"):
        changing.change_assignment(employment, by=officer, effective_from=date(2023, 1, 1), job_title="Packer")


def test_a_change_that_lies_ahead_can_be_taken_back(employment, officer):
    changing.change_assignment(employment, by=officer, effective_from=date(2126, 12, 1), job_title="Team leader")
    ahead = employment.assignments.get(job_title="Team leader")

    changing.cancel_assignment(employment, by=officer, assignment=ahead)

    assert told(employment) == [("Picker", "2024-01-08", "")]


def test_what_has_begun_cannot_be_taken_back(employment, officer):
    with pytest.raises(Refused, match="lies ahead"):
        changing.cancel_assignment(employment, by=officer, assignment=employment.assignments.get())


def test_nobody_reports_to_their_own_report(company, employment, officer):
    report = an_employment(company, by=officer, last_name="Nowak", manager=employment)

    with pytest.raises(ValidationError, match="reports to the person"):
        changing.change_assignment(employment, by=officer, effective_from=date(2026, 12, 1), manager=report)


def test_the_database_refuses_two_assignments_on_one_day(company, employment):
    centre = a_place(company)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(
            employment=employment, valid_from=date(2026, 1, 1), job_title="Second", department=centre.department,
            cost_centre=centre,
        )  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(min_value=0, max_value=900), min_size=1, max_size=8))
def test_any_order_of_changes_leaves_one_row_for_every_day(employment, officer, offsets):
    first = employment.starts_on
    employment.assignments.exclude(valid_from=first).delete()
    employment.assignments.update(valid_to=None, job_title="Picker")
    wanted = {0: "Picker"}
    for number, offset in enumerate(offsets):
        title = f"Job {number}"
        changing.change_assignment(employment, by=officer, effective_from=first + timedelta(offset), job_title=title)
        wanted[offset] = title

    rows = list(employment.assignments.order_by("valid_from"))
    assert [((r.valid_from - first).days, r.job_title) for r in rows] == sorted(wanted.items())
    ends = [r.valid_to for r in rows]
    assert ends == [r.valid_from for r in rows[1:]] + [None]
