"""Bringing forward what was paid in a tax year before us: by a former employer (form P45), or by the former system."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.audit.recording import acting
from backoffice.core.authority import authority, recorder
from backoffice.core.errors import Refused
from hr.payroll.models import YearToDate
from hr.payroll.uk import pack
from hr.people.models import Employment

# What may be brought forward; the first two are what a P45 tells and what tax is reckoned from.
FIGURES = (
    ("taxable", gettext_lazy("Taxable pay")),
    ("tax", gettext_lazy("Income tax")),
    ("gross", gettext_lazy("Gross pay")),
    ("net", gettext_lazy("Net pay")),
    ("niable", gettext_lazy("Pay for National Insurance")),
    ("ni", gettext_lazy("National Insurance")),
    ("ni_employer", gettext_lazy("National Insurance, employer")),
    ("pension", gettext_lazy("Pension, own share")),
    ("pension_employer", gettext_lazy("Pension, employer's share")),
    ("student_loan", gettext_lazy("Student loan")),
    ("postgraduate_loan", gettext_lazy("Postgraduate loan")),
)


@transaction.atomic
def bring_forward(
    employment: Employment, *, tax_year: str, figures: Mapping[str, Decimal], source: str, by: Any
) -> list[YearToDate]:
    """Keep what was paid before us in a tax year, in place of what was said of it earlier.

    The next calculation reckons with it; a posted payslip stays. Raises `PermissionDenied` without the right,
    `Refused` for a figure that nobody knows, that is less than nothing, or for tax above the pay.
    """
    if denied := authority.only.refusal(by, "payroll.add_yeartodate", YearToDate(employment=employment)):
        raise denied
    if unknown := figures.keys() - set(pack.YEAR_KEEPS):
        raise Refused(_("%s is not known here.") % ", ".join(sorted(unknown)), code="figure")
    if any(amount < 0 for amount in figures.values()):
        raise Refused(_("A figure of the year is never less than nothing."), code="amount")
    if figures.get("tax", Decimal(0)) > figures.get("taxable", Decimal(0)):
        raise Refused(_("More tax than taxable pay cannot be."), code="amount")
    Employment.objects.select_for_update(of=("self",)).get(pk=employment.pk)
    with acting(by):
        before(employment).filter(tax_year=tax_year).delete()
        made = YearToDate.objects.bulk_create(
            YearToDate(employment=employment, tax_year=tax_year, code=code, amount=figures[code], source=source)
            for code, _label in FIGURES
            if figures.get(code)
        )
        # the act names no amount: who keeps people reads it as well
        recorder.only(employment, "brought_pay_forward", by, {"tax_year": tax_year, "source": source})
    return made


def before(employment: Employment) -> Any:
    """What is kept of the time before us."""
    return YearToDate.objects.filter(employment=employment, run=None)
