"""Payslips in words: what each line comes from, what deserves a look and why, and the year so far."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.ui.columns import day
from hr.payroll import gathering
from hr.payroll.models import Payslip, PayslipLine, YearToDate
from hr.payroll.uk import pack

FIGURE = re.compile(r"-?[1-9]\d*(\.\d+)?|0(\.\d+)?")
KINDS = (
    ("earning", gettext_lazy("Pay")),
    ("deduction", gettext_lazy("Deductions")),
    ("employer", gettext_lazy("Paid by the employer on top")),
    ("information", gettext_lazy("For information")),
)
YEAR = (
    ("gross", gettext_lazy("Gross pay")),
    ("taxable", gettext_lazy("Taxable pay")),
    ("tax", gettext_lazy("Income tax")),
    ("ni", gettext_lazy("National Insurance")),
    ("pension", gettext_lazy("Pension, own share")),
    ("pension_employer", gettext_lazy("Pension, employer's share")),
    ("student_loan", gettext_lazy("Student loan")),
    ("postgraduate_loan", gettext_lazy("Postgraduate loan")),
    ("net", gettext_lazy("Net pay")),
)


@dataclass(frozen=True)
class Explained:
    """A line with the steps that led to it; each step is words and values."""

    name: str
    amount: Decimal
    steps: list[tuple[str, list[str]]]


@dataclass(frozen=True)
class Group:
    """The lines of one kind and what they come to."""

    label: Any
    lines: list[Explained]

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))


def groups(payslip: Payslip) -> list[Group]:
    """The lines by kind, each with its steps; kinds without lines are left out."""
    # They are reckoned in the order of their rules; a reader looks for the salary first.
    lines = sorted(payslip.lines.order_by("place"), key=lambda line: line.code != "salary")
    made = [Group(label, [explained(line) for line in lines if line.kind == kind]) for kind, label in KINDS]
    return [group for group in made if group.lines]


def explained(line: PayslipLine) -> Explained:
    """The trace of a line as steps, in the order in which they were taken."""
    return Explained(line.name, line.amount, [(capfirst(name), _values(value)) for name, value in line.trace])


def _values(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{name}: {_said(each)}" for name, each in value.items()]
    return [_said(each) for each in value] if isinstance(value, list | tuple) else [_said(value)]


def _said(value: Any) -> str:
    """A figure as people write it, with at least the pence where it has decimals; other words as they are."""
    text = str(value)
    if not FIGURE.fullmatch(text):
        return text
    whole, _dot, rest = text.partition(".")
    return f"{int(whole):,}" + (f".{rest.rstrip('0').ljust(2, '0')}" if rest else "")


def year_so_far(payslip: Payslip) -> list[tuple[Any, Decimal]]:
    """The tax year up to and with this payslip; later runs and reversals of this one do not count."""
    run = payslip.run
    before = Q(run__state__in=gathering.FINAL, run__pay_on__lt=run.pay_on)
    rows = YearToDate.objects.filter(
        Q(run=None) | before | Q(run=run, is_reversal=False),
        employment=payslip.employment_id,
        tax_year=pack.tax_year(run.pay_on),
    )
    sums = dict(rows.order_by().values_list("code").annotate(Sum("amount")))
    return [(label, sums[code]) for code, label in YEAR if sums.get(code)]


def what_and_why(flag: Mapping[str, Any]) -> tuple[str, str]:
    """What was noticed about a payslip and why it matters, each in a few words."""
    code = flag["code"]
    if code in ("left", "started"):
        on = day(date.fromisoformat(flag["on"]))
        return (
            (_("Left on %s") % on, _("Pay up to that day; holiday owed is added by hand"))
            if code == "left"
            else (_("Started on %s") % on, _("Pay from that day; check code and pension"))
        )
    if code == "net_change":
        percent = int(flag.get("percent") or 0) if str(flag.get("percent")).lstrip("-").isdigit() else 0
        words = _("Net pay up %d%%") % percent if percent >= 0 else _("Net pay down %d%%") % -percent
        return words, _("More than a fifth and more than 50 against the month before")
    if code == "minimum_wage":
        why = _("%(hourly)s an hour; the floor is %(floor)s")
        return _("Below minimum wage"), why % {"hourly": flag.get("hourly"), "floor": flag.get("floor")}
    if code == "failed":
        return _("Calculation failed"), str(flag.get("why", ""))
    return _fixed().get(code, (capfirst(code.replace("_", " ")), ""))


def _fixed() -> dict[str, tuple[str, str]]:
    return {
        "no_year_so_far": (
            _("Nothing known of the tax year before"),
            _("Tax would be wrong: bring forward what was paid, or use a code for this month alone (M1)"),
        ),
        "no_pay": (_("No approved pay"), _("Cannot be calculated")),
        "no_tax_code": (_("No tax code from HMRC"), _("Cannot be calculated")),
        "bank_missing": (_("No bank details"), _("Cannot be paid")),
        "bank_unconfirmed": (_("Bank details not confirmed"), _("Cannot be paid")),
        "shared_account": (_("Account of somebody else too"), _("Two people are paid to the same account")),
        "negative_net": (_("Net pay below nothing"), _("Deductions exceed the pay")),
        "pension_joiner": (_("New pension joiner"), _("First deduction, letter due in 6 weeks")),
        "must_enrol": (_("To be enrolled in a pension"), _("Age and earnings are those of automatic enrolment")),
    }
