"""Bringing forward what was paid in a tax year before us: by a former employer (form P45), or by the former system."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.audit.recording import acting, record_all
from backoffice.core.authority import authority
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


@dataclass(frozen=True)
class Brought:
    """What is known of one employment in one tax year."""

    employment: Employment
    tax_year: str
    figures: Mapping[str, Decimal]
    source: str


def bring_forward(
    employment: Employment, *, tax_year: str, figures: Mapping[str, Decimal], source: str, by: Any
) -> list[YearToDate]:
    """Keep what one person was paid before us in a tax year; see `bring_all`."""
    return bring_all([Brought(employment, tax_year, figures, source)], by=by)


@transaction.atomic
def bring_all(told: Sequence[Brought], *, by: Any) -> list[YearToDate]:
    """Keep what was paid before us, in place of what was said of the same years earlier; a fixed number of statements.

    The next calculation reckons with it; a posted payslip stays. Raises `PermissionDenied` without the right,
    `Refused` for a figure that nobody knows, that is less than nothing, or for tax above the pay.
    """
    for company_of in {each.employment.company_id: each.employment for each in told}.values():
        demand_right(YearToDate(employment=company_of), by=by)
    for each in told:
        _refuse_the_impossible(each.figures)
    keys = {each.employment.pk for each in told}
    list(Employment.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    with acting(by):
        for tax_year in {each.tax_year for each in told}:
            of_year = [each.employment.pk for each in told if each.tax_year == tax_year]
            YearToDate.objects.filter(employment__in=of_year, tax_year=tax_year, run=None).delete()
        made = YearToDate.objects.bulk_create(
            YearToDate(employment=each.employment, tax_year=each.tax_year, code=code, amount=amount, source=each.source)
            for each in told
            for code, _label in FIGURES
            if (amount := each.figures.get(code))
        )
        # the act names no amount: who keeps people reads it as well
        acts = [(each.employment, {"tax_year": each.tax_year, "source": each.source}) for each in told]
        record_all(acts, "brought_pay_forward", by)
    return made


def demand_right(row: YearToDate, *, by: Any) -> None:
    """Raises `PermissionDenied` for whoever may not bring forward what was paid to this employment."""
    if denied := authority.only.refusal(by, "payroll.add_yeartodate", row):
        raise denied


def _refuse_the_impossible(figures: Mapping[str, Decimal]) -> None:
    if unknown := figures.keys() - set(pack.YEAR_KEEPS):
        raise Refused(_("%s is not known here.") % ", ".join(sorted(unknown)), code="figure")
    if any(amount < 0 for amount in figures.values()):
        raise Refused(_("A figure of the year is never less than nothing."), code="amount")
    if more_tax_than_pay(figures):
        raise Refused(_("More tax than taxable pay cannot be."), code="amount")


def more_tax_than_pay(figures: Mapping[str, Decimal | None]) -> bool:
    """Tax is taken from taxable pay, so it never exceeds it."""
    return (figures.get("tax") or Decimal(0)) > (figures.get("taxable") or Decimal(0))


def years(today: date) -> list[str]:
    """The tax years that something is brought forward in: that of today and the one before it."""
    return [pack.tax_year(today), pack.tax_year(today - timedelta(days=365))]


def before(employment: Employment) -> Any:
    """What is kept of the time before us."""
    return YearToDate.objects.filter(employment=employment, run=None)
