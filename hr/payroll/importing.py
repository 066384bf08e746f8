"""Bringing forward what many were paid before us, from a CSV file or workbook: judged row by row, then all rows or none.

A row says what one employee was paid in one tax year, and takes the place of what was said of that year earlier; one
that says the same again is left as it is. So a file may be brought in twice without harm.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from backoffice.organisation.models import Company
from backoffice.ui import sheets
from backoffice.ui.sheets import Row
from hr.payroll import bringing
from hr.payroll.bringing import Brought
from hr.payroll.models import YearToDate
from hr.people.models import Employment

NEEDED = ("number", "taxable", "tax")
CODES = tuple(code for code, _label in bringing.FIGURES)
COLUMNS = ("number", "last_name", "tax_year", "source", *CODES)
EXAMPLE = {
    "number": "E-0501", "last_name": "Example", "source": "Former system", "taxable": "14666.67",
    "tax": "1536.60", "gross": "15438.60", "net": "12163.92", "niable": "15438.60", "ni": "798.08", "ni_employer": "1815.79",
    "pension": "771.93", "pension_employer": "463.16", "student_loan": "168.00", "postgraduate_loan": "0.00",
}  # fmt: skip
MOST = "99999999.99"
YEAR = re.compile(r"(\d{4})\s*[-/]\s*(?:\d{2})?(\d{2})")


@dataclass
class Planned(sheets.Planned):
    """What would become of one row."""

    number: str
    name: str
    brought: Brought | None = None


Plan = sheets.Plan[Planned]


def template() -> str:
    """A CSV file with the headings and one example."""
    return sheets.template(COLUMNS, EXAMPLE)


def read(name: str, content: bytes) -> list[Row]:
    """The rows of a file as texts by heading. Raises `Refused` when it is no such file."""
    return sheets.read(name, content, columns=COLUMNS, needed=NEEDED)


def plan(company: Company, rows: Sequence[Row], *, by: Any, today: date) -> Plan:
    """Judge every row against the others and what is on record, with a fixed number of queries; nothing is written.

    Raises `PermissionDenied` for whoever may not bring anything forward in this company.
    """
    bringing.demand_right(YearToDate(employment=Employment(company=company)), by=by)
    ground = _Ground(company, by, today)
    planned = [ground.judge(row) for row in rows]
    told = Counter((each.number, each.brought.tax_year) for each in planned if each.brought)
    for each in planned:
        if each.brought and told[each.number, each.brought.tax_year] > 1:
            each.problems.append(_("the employee stands in the file more than once for that tax year"))
    return Plan(planned)


def bring(company: Company, judged: Plan, *, by: Any) -> list[YearToDate]:
    """Keep what a judged file says that is not on record. Raises `ValidationError` while there are problems."""
    if judged.problems:
        raise ValidationError(judged.problems)
    return bringing.bring_all([row.brought for row in judged.rows if row.brought and not row.is_known], by=by)


class _Ground:
    """What rows are judged against, read once."""

    def __init__(self, company: Company, by: Any, today: date) -> None:
        self.today, self.years = today, bringing.years(today)
        found = Employment.objects.visible_to(by).filter(company=company).select_related("person", "company")
        self.employments = {each.number: each for each in found}
        self.figures: dict[tuple[int, str], dict[str, Decimal]] = defaultdict(dict)
        self.sources: dict[tuple[int, str], set[str]] = defaultdict(set)
        before = YearToDate.objects.filter(employment__company=company, run=None, tax_year__in=self.years)
        for employment, year, code, amount, source in before.values_list(
            "employment", "tax_year", "code", "amount", "source"
        ):
            self.figures[employment, year][code] = amount
            self.sources[employment, year].add(source)

    def judge(self, row: Row) -> Planned:
        number = row.get("number", "")
        employment = self.employments.get(number)
        planned = Planned(row.line, number, str(employment.person) if employment else row.get("last_name", ""))
        brought = _Reader(row, planned, today=self.today).brought(employment, self.years)
        if brought is None or planned.problems:
            return planned
        planned.brought = brought
        key = (brought.employment.pk, brought.tax_year)
        kept = {code: amount for code, amount in brought.figures.items() if amount}
        if kept == self.figures[key] and (not kept or {brought.source} == self.sources[key]):
            planned.is_known = True
        elif self.figures[key]:
            planned.remarks.append(_("takes the place of what was brought forward earlier"))
        return planned


class _Reader(sheets.Reader):
    """Reads what a row tells of an employee's tax year."""

    def brought(self, employment: Employment | None, years: Sequence[str]) -> Brought | None:
        self.demand(NEEDED)
        if self.row.get("number") and employment is None:
            self.object(_("there is no employee “%s”") % self.row["number"])
        last_name = self.row.get("last_name", "")
        if employment and last_name and last_name.casefold() != employment.person.last_name.casefold():
            self.object(_("%(number)s is %(person)s, not %(name)s") % {"number": employment.number, "person": employment.person, "name": last_name})  # fmt: skip
        tax_year = self.tax_year(years)
        source = self.row.get("source", "") or _("Former system")
        if len(source) > 60:
            self.object(_("“source” is longer than 60 characters"))
        figures = {code: self.number(code, "0", MOST, digits=2) or Decimal(0) for code in CODES}
        if bringing.more_tax_than_pay(figures):
            self.object(_("more tax than taxable pay cannot be"))
        return Brought(employment, tax_year, figures, source) if employment else None

    def tax_year(self, years: Sequence[str]) -> str:
        """One of the years that something is brought forward in, that of today where none is said."""
        text = self.row.get("tax_year", "")
        form = YEAR.fullmatch(text)
        year = f"{form[1]}-{form[2]}" if form else text or years[0]
        if year not in years:
            self.object(_("“%(text)s” in tax_year is none of %(known)s") % {"text": text, "known": ", ".join(years)})
        return year
