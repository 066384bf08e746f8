"""Telling people that their payslip is there, or was taken back: a notice and a mail with a link, never with an amount."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.jobs import running
from backoffice.jobs.models import Job
from backoffice.messaging import noticing, sending
from hr.payroll.models import PayrollRun, Payslip


def tell_later(run: PayrollRun, *, by: Any) -> None:
    """Have everybody told who signs in here; a worker does it after the run is posted."""
    running.enqueue("payroll.tell", by=by, company=run.company, key=str(run.pk), run=run.pk)


@running.kind("payroll.tell", label=gettext_lazy("Payroll: payslips are there"), permission="payroll.post_payrollrun")
def tell(job: Job, *, run: int, **unknown: Any) -> None:
    """One notice and one mail each, once, however often the job is started."""
    found = PayrollRun.objects.select_related("company").get(pk=run)
    if found.state not in (PayrollRun.State.POSTED, PayrollRun.State.PAID):
        return
    slips = Payslip.objects.filter(run=found, employment__person__user__is_active=True)
    rows = list(slips.select_related("employment__person__user").order_by("pk"))
    title = _("Your payslip for %(month)s %(year)s is there") % {
        "month": found.get_month_display(),
        "year": found.year,
    }
    told = [(slip, slip.employment.person.user) for slip in rows if slip.employment.person.user]
    noticing.notify_many([noticing.Told(user.pk, title, "", _address(slip), _key(slip.pk)) for slip, user in told])
    for slip, user in told:
        context = {"user": user, "title": title, "run": found, "url": f"{settings.SITE_URL}{_address(slip)}"}
        text = render_to_string("email/payslip.txt", context)
        sending.queue_mail(to=user, subject=title, text=text, key=_key(slip.pk), company=found.company)


def take_back(run: PayrollRun) -> None:
    """Take the notices of a run's payslips away, and tell whoever had one that the payslip does not hold."""
    keys = [_key(pk) for pk in Payslip.objects.filter(run=run).order_by("pk").values_list("pk", flat=True)]
    title = _("Your payslip for %(month)s %(year)s was taken back") % {
        "month": run.get_month_display(),
        "year": run.year,
    }
    text = _("It does not hold; another one follows where there is something to pay.")
    told = noticing.withdraw(keys)
    own = reverse("payroll:own")
    noticing.notify_many([noticing.Told(user, title, text, own, f"payslips-back:{run.pk}") for user in told])


def _key(pk: int) -> str:
    return f"payslip:{pk}"


def _address(slip: Payslip) -> str:
    return reverse("payroll:own_payslip", args=[slip.pk])
