import pytest

from backoffice.jobs import running
from backoffice.jobs.models import Job
from backoffice.messaging.models import Notice
from hr.payroll import booking
from tests.factories_payroll import a_run, posted, staff
from tests.fixtures_world import a_user

pytestmark = pytest.mark.django_db


def test_the_notice_of_a_payslip_that_was_taken_back_leaves_the_bell_and_another_says_so(company, clerk, director):
    (person,) = staff(company, 1, by=clerk)
    person.person.user = a_user("Anna One", "payroll.view_own_payslip", company=company)
    person.person.save()
    run = posted(a_run(company, clerk), clerk, director)
    job = Job.objects.get(kind="payroll.tell")
    running.kinds.get("payroll.tell").function(job, **job.arguments)
    assert "is there" in Notice.objects.get(to=person.person.user).title

    booking.reverse(run, by=clerk, reason="A month too early")

    notice = Notice.objects.get(to=person.person.user)
    assert notice.title == "Your payslip for November 2026 was taken back"
    assert (notice.url, notice.read_at) == ("/payroll/mine/", None)


def test_who_was_never_told_of_a_payslip_is_not_told_that_it_was_taken_back(company, clerk, director):
    (person,) = staff(company, 1, by=clerk)
    person.person.user = a_user("Anna One", "payroll.view_own_payslip", company=company)
    person.person.save()
    booking.reverse(posted(a_run(company, clerk), clerk, director), by=clerk, reason="A month too early")
    assert not Notice.objects.filter(to=person.person.user).exists()
