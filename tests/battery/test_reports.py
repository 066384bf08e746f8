"""Every report is answered on an empty and on a full company, and refused without its right."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from reporting.reports import making
from reporting.reports.defining import reports
from tests.fixtures_world import TODAY

pytestmark = pytest.mark.django_db
KEYS = sorted(report.key for report in reports)


def built(key, company, user):
    asked = making.ask(key, {}, company=company, user=user, on=TODAY)
    return reports[key].build(asked)


def test_there_are_reports():
    assert KEYS


@pytest.mark.parametrize("key", KEYS)
def test_a_report_answers_empty(key, company, everything):
    assert built(key, company, everything).title


@pytest.mark.parametrize("key", KEYS)
def test_a_report_answers_full(key, company, everything, full):
    assert built(key, company, everything).title


@pytest.mark.parametrize("key", KEYS)
def test_a_report_is_refused_without_its_right(key, company, nothing, stranger):
    for user in (nothing, stranger):
        with pytest.raises(PermissionDenied):
            making.ask(key, {}, company=company, user=user, on=date(2026, 11, 23))
