from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice.audit.models import Act, Change
from backoffice.core.errors import DutyConflict, Refused
from backoffice.workflow.models import ApprovalRequest
from hr.people import pay, queries
from hr.people.models import PayRate
from tests.factories_people import a_rate, an_employment, an_officer
from tests.fixtures_world import a_user


@pytest.fixture
def officer(company):
    return an_officer(company)


@pytest.fixture
def director(company):
    return an_officer(company, "Grace Okafor")


@pytest.fixture
def employment(company, officer):
    return an_employment(company, by=officer)


def told(employment):
    rows = employment.pay_rates.filter(state="approved").order_by("valid_from")
    return [(int(r.amount), str(r.valid_from), str(r.valid_to or "")) for r in rows]


def test_only_an_approved_rate_counts(company, employment, officer, director):
    rate = a_rate(employment, date(2024, 1, 8), by=officer)
    assert not queries.pay_rates(company, date(2026, 11, 1), date(2026, 11, 30)).exists()

    pay.approve(rate, by=director)

    assert [r.amount for r in queries.pay_rates(company, date(2026, 11, 1), date(2026, 11, 30))] == [Decimal(30_000)]


def test_nobody_approves_what_they_proposed(employment, officer):
    with pytest.raises(DutyConflict):
        pay.approve(a_rate(employment, date(2024, 1, 8), by=officer), by=officer)


def test_nobody_approves_their_own_pay(company, officer, director):
    own = an_employment(company, by=officer, last_name="Okafor", user=director)

    with pytest.raises(Refused, match="own pay"):
        pay.approve(a_rate(own, date(2024, 1, 8), by=officer), by=director)


def test_a_future_rise_ends_the_rate_before_on_its_day(employment, officer, director):
    a_rate(employment, date(2024, 1, 8), "30000", by=officer, approver=director)
    a_rate(employment, date(2127, 4, 1), "31500", by=officer, approver=director)
    a_rate(employment, date(2026, 4, 1), "30900", by=officer, approver=director)

    assert told(employment) == [
        (30000, "2024-01-08", "2026-04-01"),
        (30900, "2026-04-01", "2127-04-01"),
        (31500, "2127-04-01", ""),
    ]


def test_another_rate_from_the_same_day_replaces_the_first_and_keeps_it_on_record(employment, officer, director):
    first = a_rate(employment, date(2024, 1, 8), "30000", by=officer, approver=director)
    a_rate(employment, date(2024, 1, 8), "30500", by=officer, approver=director)

    first.refresh_from_db()
    assert (first.state, told(employment)) == ("replaced", [(30500, "2024-01-08", "")])


def test_a_rate_that_lies_ahead_is_cancelled_and_the_one_before_goes_on(employment, officer, director):
    a_rate(employment, date(2024, 1, 8), "30000", by=officer, approver=director)
    ahead = a_rate(employment, date(2127, 4, 1), "31500", by=officer, approver=director)

    pay.cancel(ahead, by=director)

    assert told(employment) == [(30000, "2024-01-08", "")]


def test_a_rate_that_has_begun_is_not_cancelled(employment, officer, director):
    begun = a_rate(employment, date(2024, 1, 8), by=officer, approver=director)

    with pytest.raises(Refused, match="has begun"):
        pay.cancel(begun, by=director)


def test_a_proposal_is_returned_with_a_reason_or_withdrawn(employment, officer, director):
    returned, withdrawn = (a_rate(employment, date(2024, 1, 8), by=officer) for _n in range(2))

    pay.send_back(returned, by=director, reason="Not in the budget")
    pay.withdraw(withdrawn, by=officer)

    assert (returned.state, withdrawn.state) == ("returned", "withdrawn")


def test_a_proposal_falls_away_with_the_employment_that_never_begins(employment, officer):
    rate = pay.drop(a_rate(employment, date(2024, 1, 8), by=officer), by=officer)

    assert (rate.state, ApprovalRequest.objects.get().state) == ("withdrawn", "withdrawn")


def test_the_amount_is_never_altered_nor_the_row_deleted(employment, officer):
    rate = a_rate(employment, date(2024, 1, 8), by=officer)

    for act in (lambda rows: rows.update(amount=1), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError, match=r"never altered"), transaction.atomic():
            act(PayRate.objects.filter(pk=rate.pk))


def test_the_history_names_no_amount(employment, officer, director):
    a_rate(employment, date(2024, 1, 8), "34567", by=officer, approver=director)

    assert not [
        row for row in Change.objects.all() if "34567" in f"{row.before} {row.after}" and row.table == "people_payrate"
    ]
    assert not [act for act in Act.objects.all() if "34567" in str(act.details)]


def test_an_hourly_rate_comes_to_a_year_by_its_hours(employment, officer):
    rate = pay.propose_pay(
        employment, effective_from=date(2024, 1, 8), amount=Decimal("12.60"), basis="hourly", reason="Start", by=officer
    )

    assert pay.annual(rate) == Decimal("24570.00")


def test_proposing_needs_the_right(company, employment):
    with pytest.raises(PermissionDenied):
        a_rate(employment, date(2024, 1, 8), by=a_user("Nora", "people.view_payrate", company=company))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(min_value=0, max_value=1500), min_size=1, max_size=6))
def test_rates_approved_in_any_order_leave_one_for_every_day(company, officer, director, offsets):
    employment = an_employment(company, by=officer)
    first, wanted = employment.starts_on, {}
    for number, offset in enumerate(offsets, start=1):
        a_rate(employment, first + timedelta(offset), str(20_000 + number), by=officer, approver=director)
        wanted[offset] = 20_000 + number

    rows = list(employment.pay_rates.filter(state="approved").order_by("valid_from"))
    assert [((row.valid_from - first).days, int(row.amount)) for row in rows] == sorted(wanted.items())
    assert [row.valid_to for row in rows] == [row.valid_from for row in rows[1:]] + [None]
    assert employment.pay_rates.count() == len(offsets)
