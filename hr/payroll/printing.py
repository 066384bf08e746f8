"""A payslip on paper: what is paid and taken, what it comes from, and the tax year so far."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from hr.payroll import explaining
from hr.payroll.models import PayrollRun, Payslip
from reporting.reports.files import printing

FINAL = (PayrollRun.State.POSTED, PayrollRun.State.PAID)


def pdf(payslip: Payslip) -> bytes:
    """A final payslip as a tagged PDF (PDF/UA-1). Raises `Refused` while its run is not posted, or when reversed."""
    run = payslip.run
    if run.state not in FINAL:
        raise Refused(_("A payslip is printed once its run is posted."), code="state")
    company, person = run.company, payslip.employment.person
    month = {"month": run.get_month_display(), "year": run.year}
    private = getattr(person, "private", None)
    return printing.write(
        render_to_string(
            "print/payslip.html",
            {
                "title": _("Payslip, %(month)s %(year)s") % month,
                "organisation": company.name,
                "provenance": f"{company.name} · {run.number} · {payslip.result_hash[:16]}",
                "company": company,
                "run": run,
                "slip": payslip,
                "employment": payslip.employment,
                "person": person,
                "number": private.national_insurance_number[-4:]
                if private and private.national_insurance_number
                else "",
                "groups": explaining.groups(payslip),
                "year": explaining.year_so_far(payslip),
            },
        )
    )


def file_name(payslip: Payslip) -> str:
    """The name under which a payslip is saved; it says month and employee's number, nothing else."""
    run = payslip.run
    return f"payslip-{run.year}-{run.month:02d}-{payslip.employment.number}.pdf"
