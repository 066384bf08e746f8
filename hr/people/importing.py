"""Bringing in employees from a CSV file or workbook: read, judged row by row, then hired all or none.

Who is on record already, by employment number, is left as it is: what changed there is a change from a day on,
which a file cannot tell. So a file may be brought in twice without harm.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from backoffice.core.encryption import fingerprint
from backoffice.organisation.models import Company, CostCentre, Department
from backoffice.parties import identifiers
from backoffice.ui import sheets
from backoffice.ui.sheets import Row
from hr.people import hiring, nino
from hr.people.hiring import Starter
from hr.people.models import Employment, PayRate, Person

NEEDED = ("first_names", "last_name", "starts_on", "job_title", "department", "cost_centre")
PRIVATE = ("born_on", "national_insurance_number", "email", "phone", "street", "postcode", "city", "country")
COLUMNS = (
    "number", "first_names", "last_name", "known_as", "born_on", "national_insurance_number", "email", "phone", "street",
    "postcode", "city", "country", "starts_on", "continuous_from", "job_title", "department", "cost_centre", "manager", "grade",
    "weekly_hours", "fte", "pay", "pay_basis", "pay_from", "account_holder", "iban", "bic",
)  # fmt: skip
EXAMPLE = {
    "number": "E-0501", "first_names": "Jane", "last_name": "Example", "born_on": "1990-04-02",
    "national_insurance_number": "AB123456C", "email": "jane@example.org", "street": "1 High Street", "postcode": "LS1 1AA",
    "city": "Leeds", "country": "GB", "starts_on": "2027-01-04", "job_title": "Picker", "department": "WH",
    "cost_centre": "LEEDS", "weekly_hours": "37.5", "fte": "1", "pay": "25000.00", "pay_basis": "annual",
    "account_holder": "Jane Example", "iban": "GB33BUKB20201555555555",
}  # fmt: skip


@dataclass
class Planned(sheets.Planned):
    """What would become of one row; the starter is there where the row could be read."""

    number: str
    name: str
    starter: Starter | None = None


class Plan(sheets.Plan[Planned]):
    """A judged file."""

    @property
    def starters(self) -> list[Starter]:
        """Who is hired by it."""
        return [row.starter for row in self.rows if row.starter is not None and not row.is_known]


def template() -> str:
    """A CSV file with the headings and one example."""
    return sheets.template(COLUMNS, EXAMPLE)


def read(name: str, content: bytes) -> list[Row]:
    """The rows of a file as texts by heading. Raises `Refused` when it is no such file."""
    return sheets.read(name, content, columns=COLUMNS, needed=NEEDED)


def plan(company: Company, rows: Sequence[Row], *, by: Any, today: date) -> Plan:
    """Judge every row against the others and what is on record, with a fixed number of queries; nothing is written."""
    ground = _Ground(company, rows, today)
    return Plan([ground.judge(row.line, row) for row in rows], _refusals(company, rows, by))


def _refusals(company: Company, rows: Sequence[Mapping[str, str]], by: Any) -> list[str]:
    """What this person may not bring in, and managers who would stand above each other."""
    found = []
    if any(row.get("pay") for row in rows) and not by.has_perm("people.add_payrate", PayRate(company=company)):
        found.append(_("The file tells pay, which your roles do not let you propose: leave that column out."))
    if any(row.get("iban") for row in rows) and not by.has_perm("people.add_personbankaccount"):
        found.append(_("The file tells bank accounts, which your roles do not let you enter: leave them out."))
    above = {row["number"]: row.get("manager", "") for row in rows if row.get("number")}
    for number, boss in above.items():
        seen, at = {number}, boss
        while at in above and at not in seen:
            seen.add(at)
            at = above[at]
        if at == number != boss:
            found.append(_("%s would be their own manager's manager.") % number)
    return found


def bring(company: Company, judged: Plan, *, by: Any) -> list[Employment]:
    """Hire everybody of a judged file who is not on record. Raises `ValidationError` while there are problems."""
    if judged.problems:
        raise ValidationError(judged.problems)
    return hiring.hire_all(company, judged.starters, by=by)


class _Ground:
    """What rows are judged against, read once."""

    def __init__(self, company: Company, rows: Sequence[Mapping[str, str]], today: date) -> None:
        self.company, self.today = company, today
        self.departments = {d.code: d for d in Department.objects.filter(company=company)}
        self.centres = {c.code: c for c in CostCentre.objects.filter(company=company, is_active=True)}
        self.employments = {
            e.number: e for e in Employment.objects.filter(company=company).select_related("person", "company")
        }
        self.new_numbers = Counter(row.get("number", "") for row in rows)
        numbers = [nino.plain(row.get("national_insurance_number", "")) for row in rows]
        self.new_ninos = Counter(numbers)
        self.persons = self._persons(numbers)
        self.names = {
            (p.last_name.lower(), p.first_names.lower(), p.private.born_on): p
            for p in Person.objects.filter(company=company, private__born_on__isnull=False).select_related("private")
        }

    def _persons(self, numbers: Iterable[str]) -> dict[str, Person]:
        """Persons on record by the fingerprint of their insurance number."""
        wanted = {fingerprint(number) for number in numbers if number}
        rows = Person.objects.filter(company=self.company, private__national_insurance_fingerprint__in=wanted)
        return {
            person.private.national_insurance_fingerprint: person
            for person in rows.select_related("private").prefetch_related("employments")
        }

    def judge(self, line: int, row: Mapping[str, str]) -> Planned:
        name = f"{row.get('first_names', '')} {row.get('last_name', '')}".strip()
        planned = Planned(line, row.get("number", ""), name)
        if planned.number in self.employments:
            planned.is_known = True
            known = self.employments[planned.number].person
            if (known.last_name, known.first_names) != (row.get("last_name"), row.get("first_names")):
                planned.remarks.append(_("on record as %s") % known)
            return planned
        reader = _Row(row, planned, self)
        planned.starter = reader.starter()
        return planned

    def choose(self, rows: Mapping[str, Any], code: str, planned: Planned, words: str) -> Any:
        if code and code not in rows:
            planned.problems.append(_("there is no %(what)s “%(code)s”") % {"what": words, "code": code})
        return rows.get(code)


class _Row(sheets.Reader):
    """Reads what a row tells of a starter."""

    planned: Planned

    def __init__(self, row: Mapping[str, str], planned: Planned, ground: _Ground) -> None:
        super().__init__(row, planned, today=ground.today)
        self.ground = ground

    def starter(self) -> Starter | None:
        row, ground = self.row, self.ground
        self.demand(NEEDED)
        starts_on = self.day("starts_on")
        department = ground.choose(ground.departments, row.get("department", ""), self.planned, _("department"))
        centre = ground.choose(ground.centres, row.get("cost_centre", ""), self.planned, _("cost centre"))
        pay_from = self.day("pay_from")
        private, bank = self.private(), self.bank()
        manager = self.manager()
        values: dict[str, Any] = {
            "continuous_from": self.day("continuous_from"),
            "weekly_hours": self.number("weekly_hours", "0", "168", Decimal("37.5")),
            "fte": self.number("fte", "0.0001", "2", Decimal(1)),
            "pay": self.number("pay", "0.01", "9999999", None),
            "pay_basis": self.choice("pay_basis", PayRate.Basis.values, PayRate.Basis.ANNUAL),
        }
        if ground.new_numbers[self.planned.number] > 1 and self.planned.number:
            self.object(_("the number stands in the file more than once"))
        if starts_on is None or department is None or centre is None:
            return None
        if pay_from is not None and pay_from < starts_on:
            self.object(_("pay_from lies before the first day"))
        if values["continuous_from"] and values["continuous_from"] > starts_on:
            self.object(_("continuous_from lies after the first day"))
        person = self.person(starts_on, private)
        return Starter(
            first_names=row.get("first_names", "")[:80],
            last_name=row.get("last_name", "")[:60],
            known_as=row.get("known_as", "")[:40],
            number=self.planned.number,
            starts_on=starts_on,
            job_title=row.get("job_title", "")[:80],
            department=department,
            cost_centre=centre,
            grade=row.get("grade", "")[:12],
            manager=manager,
            manager_number=row.get("manager", ""),
            pay_from=pay_from,
            person=person,
            private=private,
            bank=bank,
            **values,
        )

    def private(self) -> dict[str, Any]:
        values: dict[str, Any] = {name: self.row.get(name, "") for name in PRIVATE}
        values["born_on"] = self.day("born_on")
        values["country"] = values["country"].upper() or self.ground.company.country
        number = values["national_insurance_number"] = nino.plain(values["national_insurance_number"])
        if number and not nino.valid(number):
            self.object(_("this is not a national insurance number"))
        if number and self.ground.new_ninos[number] > 1:
            self.object(_("the national insurance number stands in the file more than once"))
        if values["email"]:
            try:
                validate_email(values["email"])
            except ValidationError:
                self.object(_("this is not an e-mail address"))
        if values["born_on"] and values["born_on"] > self.ground.today - timedelta(days=13 * 365):
            self.object(_("the date of birth is not possible"))
        return values

    def bank(self) -> dict[str, str]:
        iban, bic = identifiers.plain(self.row.get("iban", "")), identifiers.plain(self.row.get("bic", ""))
        if not iban:
            return {}
        if not identifiers.valid("iban", iban):
            self.object(_("the check digits of the IBAN do not agree"))
        if bic and not identifiers.valid("bic", bic):
            self.object(_("this is not a BIC"))
        holder = self.row.get("account_holder", "") or self.planned.name
        return {"holder": holder[:120], "iban": iban, "bic": bic}

    def manager(self) -> Employment | None:
        number = self.row.get("manager", "")
        if number and number not in self.ground.employments and not self.ground.new_numbers[number]:
            self.object(_("there is no manager “%s”, here or in the file") % number)
        if number and number == self.planned.number:
            self.object(_("nobody is their own manager"))
        return self.ground.employments.get(number)

    def person(self, starts_on: date, private: Mapping[str, Any]) -> Person | None:
        """Who is on record already: the same insurance number is the same person, the same name a remark."""
        number = private["national_insurance_number"]
        found = self.ground.persons.get(fingerprint(number)) if number else None
        if found is None:
            key = (self.row.get("last_name", "").lower(), self.row.get("first_names", "").lower(), private["born_on"])
            if twin := self.ground.names.get(key):
                self.planned.remarks.append(_("%s with the same date of birth is on record") % twin)
            return None
        running = [e for e in found.employments.all() if e.state != "withdrawn" and (e.ends_on is None or e.ends_on >= starts_on)]  # fmt: skip
        if running:
            self.object(_("is employed already as %s") % running[0].number)
        else:
            self.planned.remarks.append(_("comes back: is on record as %s") % found)
        return found
