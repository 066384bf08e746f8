"""What a report is: declared once by whoever owns the numbers, shown on screen, paper and in files.

An app puts subclasses of `Report` into the slot `reports` from its `reports.py`. `build` answers a
question (`Asked`: company, person, parameters) with a `Sheet`; everything else follows from the sheet.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Protocol, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.access.rights import Grant, holding
from backoffice.core.slots import Slot
from backoffice.ui.slots import MenuEntry, menu

FIGURES = frozenset({"figure", "variance", "percent", "number", "bar"})


class Percent(Decimal):
    """A share or a difference of shares in a column of amounts: 40.9 is printed as 40.9%."""


@dataclass(frozen=True)
class Column:
    """One column; `kind` is text, date, figure, variance, percent, number or bar; `quiet` ones stand back."""

    key: str
    label: str
    kind: str = "figure"
    quiet: bool = False

    @property
    def is_figure(self) -> bool:
        return self.kind in FIGURES


@dataclass(frozen=True)
class Row:
    """One line of a sheet; `cells` follow the columns, the first one names the row.

    `kind` is line, sum, group, total, percent or head; `level` is the depth in the tree; `is_open` is
    None for a row that cannot be folded. `links` lead from a cell (by column key) to what is behind it.
    """

    cells: tuple[Any, ...]
    kind: str = "line"
    level: int = 0
    is_open: bool | None = None
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kpi:
    """A key figure of a sheet, ready to print: "Sales", "£612,480", "3.8% over September"; tone good, bad or empty."""

    label: str
    value: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Chart:
    """Bars over labels; the last bar is the period of the sheet."""

    title: str
    sub: str
    labels: tuple[str, ...]
    values: tuple[Decimal, ...]


@dataclass
class Sheet:
    """The answer of a report. Figures are exact; `digits` only says how many decimals are shown."""

    title: str
    subtitle: str
    columns: list[Column]
    rows: list[Row]
    currency: str = ""
    digits: int = 2
    kpis: list[Kpi] = field(default_factory=list)
    chart: Chart | None = None
    notes: list[str] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)  # words and where they lead
    entries: int = 0
    entries_words: str = ""
    scope: str = ""
    period_words: str = ""
    moved_against: str = ""
    is_cut: bool = False
    paper_opens_all: bool = False

    @property
    def paper_rows(self) -> list[Row]:
        """The rows on paper: what is folded on the screen at first stays folded, unless the sheet says otherwise."""
        if self.paper_opens_all:
            return self.rows
        shown, shut_at = [], None
        for row in self.rows:
            if shut_at is not None and row.level > shut_at:
                continue
            shut_at = row.level if row.is_open is False else None
            shown.append(row)
        return shown

    @property
    def digest(self) -> str:
        """SHA-256 over titles, columns and figures: two sheets with one digest say the same."""
        plain = {
            "columns": [[c.key, c.label, c.kind] for c in self.columns],
            "rows": [[row.kind, row.level, [_plain(cell) for cell in row.cells]] for row in self.rows],
            "title": [self.title, self.subtitle, self.currency, self.scope],
        }
        text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def moved(self, limit: int = 4) -> list[tuple[str, Decimal, Decimal]]:
        """The lines with the largest variance: label, figure, better (worse); empty without a comparison."""
        keys = [c.kind for c in self.columns]
        if "variance" not in keys:
            return []
        at, figure = keys.index("variance"), keys.index("figure")
        lines = [(str(r.cells[0]), r.cells[figure], r.cells[at]) for r in self.rows if r.kind == "line" and r.cells[at]]
        return sorted(lines, key=lambda line: (-abs(line[2]), line[0]))[:limit]


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return format(value.normalize(), "f") if value else "0"
        case date() | datetime():
            return value.isoformat()
    return value


@dataclass(frozen=True)
class Asked:
    """A question to a report: for which company, with whose eyes, with which parameters.

    `on` is the day from which relative parameters count; `as_of` limits what counts to entries that
    were posted by then, so that a sheet can be made again; `limit` is how many rows are wanted at most.
    """

    report: "Report"
    company: Any
    user: Any
    values: Mapping[str, Any]
    texts: Mapping[str, str]
    on: date
    as_of: datetime | None = None
    limit: int | None = None

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    def link(self, report_key: str, **parameters: Any) -> str:
        """The address of another report with these parameters; empty ones are left out."""
        return link(report_key, **parameters)

    @property
    def grants(self) -> list[Grant]:
        """What gives this person the right to this report here."""
        return grants(self.report, self.user, self.company)

    @property
    def sees_whole_company(self) -> bool:
        return any(grant.department_id is None for grant in self.grants)

    @property
    def scope_words(self) -> str:
        """ "Whole company", or the departments to which this person is limited."""
        if self.sees_whole_company:
            return _("whole company")
        held = {grant.department_id for grant in self.grants}
        names = self.company.departments.filter(pk__in=held).order_by("name").values_list("name", flat=True)
        return _("only %(departments)s") % {"departments": ", ".join(names)}


class Report:
    """A report: words, right, parameters and `build`. Stateless; one instance lives in the slot."""

    key: ClassVar[str]
    title: ClassVar[Any]
    summary: ClassVar[Any] = ""
    section: ClassVar[Any]
    icon: ClassVar[str] = "chart-column"
    permission: ClassVar[str]
    needs_whole_company: ClassVar[bool] = False
    parameters: ClassVar[type[Any]]
    order: ClassVar[int] = 100
    in_menu: ClassVar[bool] = False
    footer: ClassVar[Any] = ""

    def build(self, asked: Asked) -> Sheet:
        """Answer the question. Must use only rows that `asked.user` may see."""
        raise NotImplementedError

    def refusal(self, user: Any, company: Any) -> PermissionDenied | None:
        """None when this person may see the report in this company, else the reason."""
        held = grants(self, user, company)
        if not held:
            return PermissionDenied(_("Your roles do not include %(report)s.") % {"report": self.title})
        if self.needs_whole_company and all(grant.department_id for grant in held):
            return PermissionDenied(
                _("%(report)s shows the whole company, your role is limited to a department.") % {"report": self.title}
            )
        return None


def grants(report: Report, user: Any, company: Any) -> list[Grant]:
    """The grants of this person that carry the right of a report in this company."""
    return [g for g in holding(user, report.permission) if _reaches(g, company)]


def _reaches(grant: Grant, company: Any) -> bool:
    return grant.company_id in (None, company.pk)


def link(report_key: str, **parameters: Any) -> str:
    """The address of a report with these parameters; empty ones are left out."""
    given = {name: str(value) for name, value in parameters.items() if value not in (None, "")}
    address = reverse("reports:report", args=[report_key])
    return f"{address}?{urlencode(given)}" if given else address


def limited(sheet: Sheet, limit: int | None) -> Sheet:
    """The first rows of a long sheet, with a mark that there are more."""
    if limit is None or len(sheet.rows) <= limit:
        return sheet
    return replace(sheet, rows=sheet.rows[:limit], is_cut=True)


reports: Slot[Report] = Slot("reports.reports")
R = TypeVar("R", bound=type[Report])


def offer(report: R) -> R:
    """Put a report into the slot under its key, and into the side bar if it says so; a decorator for the class."""
    reports.fill(report.key, report())
    if report.in_menu:
        entry = ReportEntry(
            "reporting",
            report.title,
            "reports:report",
            report.icon,
            report.permission,
            None,
            20 + report.order,
            (report.key,),
        )
        menu.fill(f"reports.{report.key}", entry)
    return report


class ReportEntry(MenuEntry):
    """A report in the side bar; one about the whole company is not offered to those who see a part."""

    def open_to(self, user: Any) -> bool:
        held = holding(user, self.permission)
        report = reports[self.arguments[0]]
        return any(grant.department_id is None for grant in held) if report.needs_whole_company else bool(held)


def offered(user: Any, company: Any) -> list[Report]:
    """The reports that this person may see in this company, in reading order: sections by their first report."""
    first: dict[str, int] = {}
    for report in reports:
        first[str(report.section)] = min(report.order, first.get(str(report.section), report.order))
    return sorted(
        (report for report in reports if report.refusal(user, company) is None),
        key=lambda report: (first[str(report.section)], str(report.section), report.order, str(report.title)),
    )


class FiscalYears(Protocol):
    """Which fiscal year holds a day: its first and last day, None when there is none."""

    def __call__(self, company: Any, on: date) -> tuple[date, date] | None: ...


class Closed(Protocol):
    """Whether the books are closed up to and including a day."""

    def __call__(self, company: Any, on: date) -> bool: ...


fiscal_years: Slot[FiscalYears] = Slot("reports.fiscal_years")
closed: Slot[Closed] = Slot("reports.closed")


def fiscal_year(company: Any, on: date) -> tuple[date, date]:
    """The fiscal year of a day; the calendar year where nobody keeps books."""
    for ask in fiscal_years:
        if (found := ask(company, on)) is not None:
            return found
    return date(on.year, 1, 1), date(on.year, 12, 31)


def is_closed(company: Any, on: date) -> bool:
    """Whether everyone who keeps books here has closed them up to this day."""
    return all(ask(company, on) for ask in closed)
