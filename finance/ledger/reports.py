"""The reports of the books: profit and loss, balance sheet, trial balance, general ledger, list of entries.

Figures come from `queries`. A sheet that is made again (`as_of`) leaves out what was posted later.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.rounding import ZERO
from backoffice.organisation.models import Company
from finance.ledger import queries
from finance.ledger.models import (
    Account,
    Balance,
    FiscalYear,
    Heading,
    Journal,
    JournalEntry,
    JournalLine,
    Period,
    Role,
)
from finance.ledger.queries import Movement
from reporting.reports.defining import (
    Asked,
    Chart,
    Column,
    Kpi,
    Percent,
    Report,
    Row,
    Sheet,
    closed,
    fiscal_year,
    fiscal_years,
    offer,
)
from reporting.reports.drawing import money
from reporting.reports.parameters import (
    CodeField,
    DayField,
    Parameters,
    PeriodField,
    Span,
    cost_centres,
    day_words,
    month_of,
    shifted,
)

SECTION = gettext_lazy("Finance")
MOST_LINES = 200_000
Kind = Account.Kind


# What the reports need to know about years and closing.


@fiscal_years.filler("ledger")
def year_of(company: Company, on: date) -> tuple[date, date] | None:
    """The fiscal year of the books that holds a day."""
    return (
        FiscalYear.objects.filter(company=company, starts_on__lte=on, ends_on__gte=on)
        .values_list("starts_on", "ends_on")
        .first()
    )


@closed.filler("ledger")
def books_closed(company: Company, on: date) -> bool:
    """Whether no open period begins on or before a day."""
    return not Period.objects.filter(company=company, starts_on__lte=on, state=Period.State.OPEN).exists()


# Reading: movements, limited to what the person may see and to what was posted by `as_of`.


def moved(asked: Asked, span: Span) -> dict[int, Movement]:
    """Opening, debit and credit of each account in a span."""
    departments = queries.departments_seen(asked.user, asked.company)
    centre = asked["cost_centre"]
    found = queries.movements(
        asked.company,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        departments=departments,
        cost_centres=[centre.pk] if centre else None,
    )
    if asked.as_of is None:
        return found
    for row in _later(asked, span.ends_on, departments).values_list("account_id", "on", "debit", "credit"):
        account, on, debit, credit = row
        was = found.get(account, Movement(account, ZERO, ZERO, ZERO))
        if on < span.starts_on:
            found[account] = was._replace(opening=was.opening - debit + credit)
        else:
            found[account] = was._replace(debit=was.debit - debit, credit=was.credit - credit)
    return found


def _later(asked: Asked, until: date, departments: Sequence[int] | None) -> Any:
    """Lines that were posted after the moment which the sheet shows."""
    lines = JournalLine.objects.filter(
        entry__company=asked.company, on__isnull=False, on__lte=until, entry__posted_at__gt=asked.as_of
    )
    if departments is not None:
        lines = lines.filter(dimension_set__cost_centre__department__in=departments)
    if asked["cost_centre"]:
        lines = lines.filter(dimension_set__cost_centre=asked["cost_centre"])
    return lines


def entries_in(asked: Asked, first: date, last: date) -> Any:
    """The posted entries between two days of which this person may see a line."""
    entries = JournalEntry.objects.filter(
        company=asked.company, state=JournalEntry.State.POSTED, on__gte=first, on__lte=last
    )
    if asked.as_of is not None:
        entries = entries.filter(posted_at__lte=asked.as_of)
    if (departments := queries.departments_seen(asked.user, asked.company)) is not None:
        inside = JournalLine.objects.filter(dimension_set__cost_centre__department__in=departments)
        entries = entries.filter(pk__in=inside.values("entry"))
    return entries


def _warnings(asked: Asked, span: Span) -> list[tuple[str, str]]:
    """What is not in the figures yet, and whether they can still move."""
    if asked.as_of is not None:
        return []
    words = []
    waiting = JournalEntry.State.DRAFT, JournalEntry.State.SUBMITTED
    drafts = JournalEntry.objects.filter(
        company=asked.company, state__in=waiting, on__range=(span.starts_on, span.ends_on)
    ).aggregate(number=Count("pk", distinct=True), worth=Sum("lines__debit"))
    if drafts["number"] and asked.sees_whole_company:
        worth = money(drafts["worth"] or ZERO, asked.company.currency)
        text = _("%(number)s draft journals worth %(worth)s are not in it.") % {
            "number": drafts["number"],
            "worth": worth,
        }
        words.append((text, reverse("ledger:journalentry_list")))
    if books_closed(asked.company, span.ends_on):
        words.append((_("The period is closed: these figures are final."), ""))
    else:
        words.append((_("The period is still open, so these figures can move."), ""))
    return words


# The tree of headings and accounts that both statements print.


@dataclass
class Node:
    """A heading or an account with its figures, one for each span; figures are credit minus debit."""

    name: str
    figures: list[Decimal]
    children: list["Node"]
    account: Account | None = None
    heading: Heading | None = None

    @property
    def is_empty(self) -> bool:
        return not any(self.figures) and all(child.is_empty for child in self.children)

    def kinds(self) -> set[str]:
        """The kinds of the accounts below."""
        own = {self.account.kind} if self.account else set()
        return own.union(*(child.kinds() for child in self.children))


def tree(company: Company, statement: str, figures: dict[int, list[Decimal]], width: int) -> list[Node]:
    """The headings of a statement with their accounts, summed up; empty branches are left out."""
    accounts: dict[int, list[Account]] = defaultdict(list)
    for account in Account.objects.filter(company=company, heading__statement=statement).order_by("code"):
        accounts[account.heading_id].append(account)
    below: dict[int | None, list[Heading]] = defaultdict(list)
    for heading in Heading.objects.filter(company=company, statement=statement).order_by("place", "id"):
        below[heading.parent_id].append(heading)

    def grow(heading: Heading) -> Node:
        children = [grow(child) for child in below[heading.pk]]
        for account in accounts[heading.pk]:
            own = figures.get(account.pk, [ZERO] * width)
            children.append(Node(f"{account.code} {account.name}", own, [], account=account))
        children = [child for child in children if not child.is_empty]
        sums = [sum((child.figures[i] for child in children), ZERO) for i in range(width)]
        return Node(heading.name, sums, children, heading=heading)

    return [node for node in (grow(heading) for heading in below[None]) if not node.is_empty]


def sums(nodes: Iterable[Node], width: int) -> list[Decimal]:
    """The figures of several nodes together."""
    listed = list(nodes)
    return [sum((node.figures[i] for node in listed), ZERO) for i in range(width)]


class StatementParameters(Parameters):
    """Period, comparison, cost centre and unit of a profit and loss."""

    period = PeriodField(label=gettext_lazy("Period"), initial="last_month")
    against = forms.ChoiceField(
        label=gettext_lazy("Against"),
        required=False,
        initial="both",
        choices=[
            ("both", gettext_lazy("Prior period, prior year")),
            ("prior_period", gettext_lazy("Prior period")),
            ("prior_year", gettext_lazy("Prior year")),
            ("", gettext_lazy("Nothing")),
        ],
    )
    to_date = forms.ChoiceField(
        label=gettext_lazy("Year to date"),
        required=False,
        initial="shown",
        choices=[("shown", gettext_lazy("Shown")), ("", gettext_lazy("Hidden"))],
    )
    cost_centre = CodeField(cost_centres, label=gettext_lazy("Cost centre"))
    unit = forms.ChoiceField(
        label=gettext_lazy("Figures"),
        required=False,
        initial="whole",
        choices=[("whole", gettext_lazy("Whole")), ("exact", gettext_lazy("With decimals"))],
    )


@offer
class ProfitAndLoss(Report):
    """Income and expense of a period by heading, with gross and operating profit."""

    key = "ledger.profit_and_loss"
    title = gettext_lazy("Profit and loss")
    summary = gettext_lazy("Income and costs of a period against the period and the year before.")
    section = SECTION
    permission = "ledger.view_journalline"
    parameters = StatementParameters
    order = 10
    in_menu = True
    footer = gettext_lazy(
        "Every figure opens the entries behind it. Costs over and income under the comparison count as worse, and are in brackets."
    )

    # After which heading which result is struck.
    results: ClassVar[dict[str, Any]] = {
        "cost-of-sales": gettext_lazy("Gross profit"),
        "overheads": gettext_lazy("Operating profit"),
        "finance-costs": gettext_lazy("Profit before tax"),
        "tax-on-profit": gettext_lazy("Profit after tax"),
    }

    def build(self, asked: Asked) -> Sheet:
        span: Span = asked["period"]
        spans, columns = self._columns(asked, span)
        figures = self._figures(asked, spans)
        nodes = tree(asked.company, Heading.Statement.PROFIT_AND_LOSS, figures, len(spans))
        writer = _StatementRows(asked, [c for c in columns if c.key in spans], spans, columns)
        struck: dict[str, list[Decimal]] = {}
        for node in nodes:
            writer.node(node)
            key = node.heading.key if node.heading else ""
            if key in self.results:
                struck[key] = sums(nodes[: nodes.index(node) + 1], len(spans))
                writer.total(str(self.results[key]), struck[key])
                if key == "cost-of-sales" and Kind.INCOME in nodes[0].kinds():
                    writer.margin(_("Gross margin"), struck[key], nodes[0].figures)
        total = sums(nodes, len(spans))
        if not struck or list(struck.values())[-1] != total:
            writer.total(_("Result"), total)
        sheet = Sheet(str(self.title), self._subtitle(span, columns), columns, writer.rows)
        sheet.digits = 2 if asked["unit"] == "exact" else 0
        sheet.period_words = span.text
        sheet.moved_against = columns[2].label if len(columns) > 2 and columns[3].kind == "variance" else ""
        sheet.entries = entries_in(asked, span.starts_on, span.ends_on).count()
        sheet.warnings = _warnings(asked, span)
        sheet.kpis = self._kpis(asked, nodes, struck, total, list(spans), sheet.moved_against)
        sheet.chart = self._chart(asked, span)
        return sheet

    def _columns(self, asked: Asked, span: Span) -> tuple[dict[str, Span], list[Column]]:
        """The spans by column key, the one of the sheet first, and the columns."""
        other = {"prior_period": span.before(), "prior_year": span.year_before()}
        wanted = list(other) if asked["against"] == "both" else [asked["against"]] if asked["against"] else []
        spans = {"now": span}
        columns = [Column("line", "", "text"), Column("now", span.short)]
        for place, name in enumerate(wanted):
            spans[name] = other[name]
            columns.append(Column(name, other[name].short, quiet=True))
            if place == 0:
                columns += [
                    Column("better", _("Better (worse)"), "variance"),
                    Column("percent", "%", "percent"),
                    Column("bar", _("Drawn"), "bar"),
                ]
        if asked["to_date"]:
            first = fiscal_year(asked.company, span.ends_on)[0]
            spans["to_date"] = Span(first, span.ends_on)
            columns.append(Column("to_date", _("Year to date")))
            if "prior_year" in spans:
                spans["to_date_before"] = spans["to_date"].year_before()
                columns.append(Column("to_date_before", _("Last year to date"), quiet=True))
        return spans, columns

    def _figures(self, asked: Asked, spans: dict[str, Span]) -> dict[int, list[Decimal]]:
        figures: dict[int, list[Decimal]] = defaultdict(lambda: [ZERO] * len(spans))
        for index, span in enumerate(spans.values()):
            for account, movement in moved(asked, span).items():
                figures[account][index] = movement.credit - movement.debit
        return figures

    def _subtitle(self, span: Span, columns: list[Column]) -> str:
        against = [c.label for c in columns if c.key in {"prior_period", "prior_year"}]
        if not against:
            return span.words
        return _("%(period)s, against %(others)s") % {"period": span.words, "others": _(" and ").join(against)}

    def _kpis(
        self,
        asked: Asked,
        nodes: list[Node],
        struck: dict[str, list[Decimal]],
        total: list[Decimal],
        keys: list[str],
        against: str,
    ) -> list[Kpi]:
        if not nodes:
            return []
        currency = asked.company.currency
        first = nodes[0]
        is_income = Kind.INCOME in first.kinds()
        sales = first.figures
        kpis = [
            _kpi(
                first.name, sales if is_income else [-f for f in sales], currency, against, sign=1 if is_income else -1
            )
        ]
        if is_income and (gross := struck.get("cost-of-sales")):
            kpis.append(_share_kpi(_("Gross margin"), gross, sales, against))
        if operating := struck.get("overheads"):
            kpis.append(_kpi(_("Operating profit"), operating, currency, against))
        result = struck.get("finance-costs", total)
        last = _kpi(_("Profit before tax") if "finance-costs" in struck else _("Result"), result, currency, against)
        if "to_date" in keys:
            year = money(result[keys.index("to_date")], currency)
            last = Kpi(last.label, last.value, _("%(amount)s this year") % {"amount": year}, last.tone)
        return [*kpis, last]

    def _chart(self, asked: Asked, span: Span) -> Chart | None:
        """Operating profit of the twelve months up to the sheet's own."""
        if not span.is_month:
            return None
        first = shifted(span.starts_on, -11)
        operating = Q(account__kind__in=[Kind.INCOME, Kind.EXPENSE]) & ~Q(
            account__heading__key__in=["finance-costs", "tax-on-profit"]
        )
        balances = Balance.objects.filter(
            operating, period__company=asked.company, period__starts_on__gte=first, period__ends_on__lte=span.ends_on
        )
        if (departments := queries.departments_seen(asked.user, asked.company)) is not None:
            balances = balances.filter(dimension_set__cost_centre__department__in=departments)
        if asked["cost_centre"]:
            balances = balances.filter(dimension_set__cost_centre=asked["cost_centre"])
        found: dict[date, Decimal] = defaultdict(lambda: ZERO)
        for day, worth in (
            balances.values_list("period__starts_on").annotate(worth=Sum(F("credit") - F("debit"))).order_by()
        ):
            found[day.replace(day=1)] += worth
        if asked.as_of is not None:
            later = _later(asked, span.ends_on, departments).filter(operating, on__gte=first)
            for day, debit, credit in later.values_list("on", "debit", "credit"):
                found[day.replace(day=1)] -= credit - debit
        months = [shifted(first, i) for i in range(12)]
        values = tuple(found.get(month, ZERO) for month in months)
        if not any(values):
            return None
        labels = tuple(date_format(month, "M") for month in months)
        return Chart(
            _("Operating profit by month, %(currency)s") % {"currency": asked.company.currency}, "", labels, values
        )


class _StatementRows:
    """Writes the rows of a profit and loss: costs are shown positive, better is positive."""

    def __init__(self, asked: Asked, shown: list[Column], spans: dict[str, Span], columns: list[Column]) -> None:
        self.asked, self.spans, self.columns = asked, spans, columns
        self.keys = list(spans)
        self.rows: list[Row] = []

    def node(self, node: Node, level: int = 0, sign: int = 0) -> None:
        """A heading with everything below it, or an account."""
        sign = sign or (-1 if node.kinds() == {Kind.EXPENSE} else 1)
        cells = self._cells(node.name, [f * sign for f in node.figures], sign)
        if node.account is not None:
            self.rows.append(Row(cells, "line", level, None, self._links(account=node.account.code)))
            return
        only = node.children[0] if len(node.children) == 1 else None
        links = self._links(heading=node.heading.key if node.heading else "")
        if level and only is not None and only.account is not None:
            self.rows.append(Row(cells, "line", level, None, self._links(account=only.account.code)))
            return
        is_open = level == 0 or any(child.heading for child in node.children)
        self.rows.append(Row(cells, "sum" if level == 0 else "group", level, is_open, links))
        for child in node.children:
            self.node(child, level + 1, sign)

    def total(self, label: str, figures: list[Decimal]) -> None:
        self.rows.append(Row(self._cells(label, figures, 1), "total"))

    def margin(self, label: str, part: list[Decimal], whole: list[Decimal]) -> None:
        """A result in percent of sales."""
        shares = [_share(p, w) for p, w in zip(part, whole, strict=True)]
        cells: list[Any] = [label]
        for column in self.columns[1:]:
            if column.key in self.keys:
                cells.append(shares[self.keys.index(column.key)])
            elif column.key == "better" and shares[0] is not None and shares[1] is not None:
                cells.append(Percent(shares[0] - shares[1]))
            else:
                cells.append(None)
        self.rows.append(Row(tuple(cells), "percent"))

    def _cells(self, label: str, figures: list[Decimal], sign: int) -> tuple[Any, ...]:
        better = (figures[0] - figures[1]) * sign if len(self.keys) > 1 else ZERO
        percent = better / abs(figures[1]) * 100 if len(self.keys) > 1 and figures[1] else None
        cells: list[Any] = [label]
        for column in self.columns[1:]:
            match column.key:
                case "better":
                    cells.append(better)
                case "percent" | "bar":
                    cells.append(None if percent is None else round(percent, 1))
                case key:
                    cells.append(figures[self.keys.index(key)])
        return tuple(cells)

    def _links(self, **which: str) -> dict[str, str]:
        centre = self.asked.texts.get("cost_centre", "")
        return {
            key: self.asked.link("ledger.general_ledger", period=span.text, cost_centre=centre, **which)
            for key, span in self.spans.items()
        }


def _share(part: Decimal, whole: Decimal) -> Percent | None:
    return Percent(round(part / whole * 100, 1)) if whole else None


def _kpi(label: str, figures: list[Decimal], currency: str, against: str, *, sign: int = 1) -> Kpi:
    value = money(figures[0], currency)
    if not against or not figures[1]:
        return Kpi(label, value)
    percent = (figures[0] - figures[1]) / abs(figures[1]) * 100
    side = _("over") if percent >= 0 else _("under")
    note = _("%(percent)s%% %(side)s %(against)s") % {
        "percent": f"{abs(percent):.1f}",
        "side": side,
        "against": against,
    }
    return Kpi(label, value, note, "good" if percent * sign >= 0 else "bad")


def _share_kpi(label: str, part: list[Decimal], whole: list[Decimal], against: str) -> Kpi:
    now = _share(part[0], whole[0])
    if now is None:
        return Kpi(label, "–")
    before = _share(part[1], whole[1]) if against else None
    if before is None:
        return Kpi(label, f"{now}%")
    points = now - before
    side = _("over") if points >= 0 else _("under")
    note = _("%(points)s points %(side)s %(against)s") % {"points": abs(points), "side": side, "against": against}
    return Kpi(label, f"{now}%", note, "good" if points >= 0 else "bad")


class BalanceSheetParameters(Parameters):
    """The day of a balance sheet and what it is compared with."""

    on = DayField(label=gettext_lazy("As at"), initial="last_month_end")
    against = forms.ChoiceField(
        label=gettext_lazy("Against"),
        required=False,
        initial="both",
        choices=[
            ("both", gettext_lazy("A month before, a year before")),
            ("month", gettext_lazy("A month before")),
            ("year", gettext_lazy("A year before")),
            ("", gettext_lazy("Nothing")),
        ],
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Figures"),
        required=False,
        initial="whole",
        choices=[("whole", gettext_lazy("Whole")), ("exact", gettext_lazy("With decimals"))],
    )


@offer
class BalanceSheet(Report):
    """What the company owns and owes on a day; the result of years not closed is worked out, not posted."""

    key = "ledger.balance_sheet"
    title = gettext_lazy("Balance sheet")
    summary = gettext_lazy("What the company owns and owes on a day, and what is left for its owners.")
    section = SECTION
    permission = "ledger.view_journalline"
    needs_whole_company = True
    parameters = BalanceSheetParameters
    order = 20
    in_menu = True
    footer = gettext_lazy(
        "Every figure opens the entries behind it. Results of years not closed count to retained earnings."
    )

    def build(self, asked: Asked) -> Sheet:
        on: date = asked["on"]
        days = self._days(asked, on)
        figures: dict[int, list[Decimal]] = defaultdict(lambda: [ZERO] * len(days))
        results, earlier = [ZERO] * len(days), [ZERO] * len(days)
        accounts = {a.pk: a for a in Account.objects.filter(company=asked.company)}
        for index, day in enumerate(days.values()):
            first = fiscal_year(asked.company, day)[0]
            for pk, movement in moved(asked, Span(first, day)).items():
                if accounts[pk].kind in {Kind.INCOME, Kind.EXPENSE}:
                    results[index] += movement.credit - movement.debit
                    earlier[index] -= movement.opening
                else:
                    figures[pk][index] = -movement.closing
        retained = next((a for a in accounts.values() if a.role == Role.RETAINED), None)
        if retained is not None:
            figures[retained.pk] = [a + b for a, b in zip(figures[retained.pk], earlier, strict=True)]
        nodes = tree(asked.company, Heading.Statement.BALANCE_SHEET, figures, len(days))
        loose = [ZERO] * len(days) if retained is not None else earlier
        columns = self._columns(days)
        rows = self._rows(asked, nodes, results, loose, days, columns)
        sheet = Sheet(str(self.title), _("As at %(day)s") % {"day": day_words(on)}, columns, rows)
        sheet.digits = 2 if asked["unit"] == "exact" else 0
        sheet.period_words = str(on)
        sheet.entries = entries_in(asked, date.min, on).count()
        sheet.warnings = _warnings(asked, month_of(on))
        return sheet

    def _days(self, asked: Asked, on: date) -> dict[str, date]:
        month_before = on.replace(day=1) - timedelta(days=1)
        year_before = Span(on, on).year_before().ends_on
        if on == month_of(on).ends_on:
            year_before = month_of(year_before).ends_on
        days = {"now": on}
        if asked["against"] in {"both", "month"}:
            days["month"] = month_before
        if asked["against"] in {"both", "year"}:
            days["year"] = year_before
        return days

    def _columns(self, days: dict[str, date]) -> list[Column]:
        columns = [Column("line", "", "text"), Column("now", day_words(days["now"]))]
        for place, (name, day) in enumerate(list(days.items())[1:]):
            columns.append(Column(name, day_words(day), quiet=True))
            if place == 0:
                columns.append(Column("change", _("Change")))
        return columns

    def _rows(
        self,
        asked: Asked,
        nodes: list[Node],
        results: list[Decimal],
        loose: list[Decimal],
        days: dict[str, date],
        columns: list[Column],
    ) -> list[Row]:
        width = len(days)
        sides: dict[str, list[Node]] = {Kind.ASSET: [], Kind.LIABILITY: [], Kind.EQUITY: []}
        for node in nodes:
            kinds = node.kinds()
            sides[
                Kind.ASSET if Kind.ASSET in kinds else Kind.LIABILITY if Kind.LIABILITY in kinds else Kind.EQUITY
            ].append(node)
        writer = _BalanceRows(asked, days, columns)
        for node in sides[Kind.ASSET]:
            writer.node(node, sign=-1)
        writer.total(_("Total assets"), [-f for f in sums(sides[Kind.ASSET], width)])
        for node in sides[Kind.LIABILITY]:
            writer.node(node, sign=1)
        liabilities = sums(sides[Kind.LIABILITY], width)
        writer.total(_("Total liabilities"), liabilities)
        for node in sides[Kind.EQUITY]:
            writer.node(node, sign=1)
        if any(loose):
            writer.line(_("Results of earlier years"), loose)
        writer.line(_("Result of this fiscal year"), results, self._result_links(asked, days))
        equity = [a + b + c for a, b, c in zip(sums(sides[Kind.EQUITY], width), results, loose, strict=True)]
        writer.total(_("Total equity"), equity)
        writer.total(_("Total liabilities and equity"), [a + b for a, b in zip(liabilities, equity, strict=True)])
        return writer.rows

    def _result_links(self, asked: Asked, days: dict[str, date]) -> dict[str, str]:
        spans = {key: Span(fiscal_year(asked.company, day)[0], day) for key, day in days.items()}
        return {key: asked.link("ledger.profit_and_loss", period=span.text) for key, span in spans.items()}


class _BalanceRows:
    """Writes the rows of a balance sheet."""

    def __init__(self, asked: Asked, days: dict[str, date], columns: list[Column]) -> None:
        self.asked, self.days, self.columns = asked, days, columns
        self.rows: list[Row] = []

    def node(self, node: Node, *, sign: int, level: int = 0) -> None:
        """A heading with its headings and accounts."""
        cells = self._cells(node.name, [f * sign for f in node.figures])
        if node.account is not None:
            self.rows.append(Row(cells, "line", level, None, self._links(account=node.account.code)))
            return
        only = node.children[0] if len(node.children) == 1 else None
        if level and only is not None and only.account is not None:
            self.rows.append(Row(cells, "line", level, None, self._links(account=only.account.code)))
            return
        links = self._links(heading=node.heading.key if node.heading else "")
        self.rows.append(Row(cells, "sum" if level == 0 else "group", level, level == 0, links))
        for child in node.children:
            self.node(child, sign=sign, level=level + 1)

    def line(self, label: str, figures: list[Decimal], links: dict[str, str] | None = None) -> None:
        self.rows.append(Row(self._cells(label, figures), "line", 1, None, links or {}))

    def total(self, label: str, figures: list[Decimal]) -> None:
        self.rows.append(Row(self._cells(label, figures), "total"))

    def _cells(self, label: str, figures: list[Decimal]) -> tuple[Any, ...]:
        by_key = dict(zip(self.days, figures, strict=True))
        change = figures[0] - figures[1] if len(figures) > 1 else None
        return (label, *(change if c.key == "change" else by_key[c.key] for c in self.columns[1:]))

    def _links(self, **which: str) -> dict[str, str]:
        links = {}
        for key, day in self.days.items():
            period = Span(fiscal_year(self.asked.company, day)[0], day).text
            links[key] = self.asked.link("ledger.general_ledger", period=period, **which)
        return links


class TrialBalanceParameters(Parameters):
    """Period and cost centre of a trial balance."""

    period = PeriodField(label=gettext_lazy("Period"), initial="last_month")
    cost_centre = CodeField(cost_centres, label=gettext_lazy("Cost centre"))
    against = forms.ChoiceField(
        label=gettext_lazy("Against"),
        required=False,
        choices=[("", gettext_lazy("Nothing")), ("prior_year", gettext_lazy("Prior year"))],
    )


@offer
class TrialBalance(Report):
    """Every account with its balance before, what was added on each side, and its balance after."""

    key = "ledger.trial_balance"
    title = gettext_lazy("Trial balance")
    summary = gettext_lazy("Every account: balance before, debits, credits, balance after.")
    section = SECTION
    permission = "ledger.view_journalline"
    parameters = TrialBalanceParameters
    order = 30
    footer = gettext_lazy("Debits are positive, credits in brackets. Every figure opens the entries behind it.")

    def build(self, asked: Asked) -> Sheet:
        span: Span = asked["period"]
        movements = moved(asked, span)
        before = moved(asked, span.year_before()) if asked["against"] else {}
        columns = [
            Column("account", _("Account"), "text"),
            Column("opening", _("Before")),
            Column("debit", _("Debit")),
            Column("credit", _("Credit")),
            Column("closing", _("After")),
        ]
        if asked["against"]:
            columns.append(Column("before", _("A year before"), quiet=True))
        rows, totals = [], [ZERO] * (len(columns) - 1)
        for account in Account.objects.filter(company=asked.company).order_by("code"):
            moves = movements.get(account.pk)
            earlier = before.get(account.pk)
            if moves is None and earlier is None:
                continue
            m = moves or Movement(account.pk, ZERO, ZERO, ZERO)
            figures = [
                m.opening,
                m.debit,
                m.credit,
                m.closing,
                *([earlier.closing if earlier else ZERO] if asked["against"] else []),
            ]
            if not any(figures):
                continue
            href = asked.link(
                "ledger.general_ledger",
                account=account.code,
                period=span.text,
                cost_centre=asked.texts.get("cost_centre"),
            )
            rows.append(Row((str(account), *figures), links={c.key: href for c in columns[1:5]}))
            totals = [a + b for a, b in zip(totals, figures, strict=True)]
        rows.append(Row((_("Total"), *totals), "total"))
        sheet = Sheet(str(self.title), span.words, columns, rows)
        sheet.period_words = span.text
        sheet.entries = entries_in(asked, span.starts_on, span.ends_on).count()
        sheet.warnings = _warnings(asked, span)
        return sheet


def _accounts(company: Company, user: Any) -> Any:
    return Account.objects.filter(company=company).order_by("code")


def _headings(company: Company, user: Any) -> Any:
    return Heading.objects.filter(company=company).order_by("statement", "place")


def _journals(company: Company, user: Any) -> Any:
    return Journal.objects.filter(company=company).order_by("code")


class GeneralLedgerParameters(Parameters):
    """Which accounts, when, for which cost centre."""

    period = PeriodField(label=gettext_lazy("Period"), initial="last_month")
    account = CodeField(_accounts, label=gettext_lazy("Account"))
    heading = CodeField(_headings, by="key", is_quiet=True, label=gettext_lazy("Heading"))
    cost_centre = CodeField(cost_centres, label=gettext_lazy("Cost centre"))


@offer
class GeneralLedger(Report):
    """The lines of one, several or all accounts with a running balance."""

    key = "ledger.general_ledger"
    title = gettext_lazy("General ledger")
    summary = gettext_lazy("The lines of an account with its running balance, each leading to its entry.")
    section = SECTION
    permission = "ledger.view_journalline"
    parameters = GeneralLedgerParameters
    order = 40
    footer = gettext_lazy("Debits are positive, credits in brackets. A line opens its entry and with it the document.")

    def build(self, asked: Asked) -> Sheet:
        span: Span = asked["period"]
        columns = [
            Column("on", _("Date"), "date"),
            Column("entry", _("Entry"), "text"),
            Column("text", _("Description"), "text"),
            Column("party", _("Party"), "text"),
            Column("centre", _("Cost centre"), "text"),
            Column("debit", _("Debit")),
            Column("credit", _("Credit")),
            Column("balance", _("Balance")),
        ]
        movements = moved(asked, span)
        rows: list[Row] = []
        entries: set[int] = set()
        for account in self._chosen(asked):
            movement = movements.get(account.pk)
            if movement is None or not any((movement.opening, movement.debit, movement.credit)):
                continue
            rows += self._account(asked, span, account, movement, entries)
            if asked.limit and len(rows) > asked.limit:
                break
        sheet = Sheet(str(self.title), self._subtitle(asked, span), columns, rows)
        sheet.period_words = span.text
        sheet.entries = len(entries)
        return sheet

    def _chosen(self, asked: Asked) -> Any:
        accounts = _accounts(asked.company, asked.user)
        if asked["account"]:
            return accounts.filter(pk=asked["account"].pk)
        if asked["heading"]:
            return accounts.filter(heading__in=_with_children(asked["heading"]))
        return accounts

    def _subtitle(self, asked: Asked, span: Span) -> str:
        which = asked["account"] or asked["heading"]
        return f"{which}, {span.words}" if which else span.words

    def _account(self, asked: Asked, span: Span, account: Account, movement: Movement, entries: set[int]) -> list[Row]:
        balance = movement.opening
        rows = [Row((str(account), None, _("Balance before"), None, None, None, None, balance), "head")]
        page = queries.ledger_page(
            asked.company,
            account.pk,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            limit=(asked.limit or MOST_LINES) + 1,
            departments=queries.departments_seen(asked.user, asked.company),
        )
        later = self._later_entries(asked, span)
        centre = asked["cost_centre"].code if asked["cost_centre"] else None
        for line in page.lines:
            if line.entry_id in later or (centre and line.cost_centre != centre):
                continue
            balance += line.debit - line.credit
            entries.add(line.entry_id)
            links = {"entry": reverse("ledger:journalentry", args=[line.entry_id])}
            cells = (
                line.on,
                line.number,
                line.text,
                line.party,
                line.cost_centre,
                line.debit or None,
                line.credit or None,
                balance,
            )
            rows.append(Row(cells, "line", 0, None, links))
        if page.next_after is None:
            closing = (_("Balance after"), None, None, None, None, movement.debit, movement.credit, movement.closing)
            rows.append(Row(closing, "total"))
        return rows

    def _later_entries(self, asked: Asked, span: Span) -> set[int]:
        if asked.as_of is None:
            return set()
        later = JournalEntry.objects.filter(company=asked.company, posted_at__gt=asked.as_of, on__lte=span.ends_on)
        return set(later.values_list("pk", flat=True))


def _with_children(heading: Heading) -> list[int]:
    """A heading and everything below it."""
    found, level = [heading.pk], [heading.pk]
    while level:
        level = list(Heading.objects.filter(parent__in=level).values_list("pk", flat=True))
        found += level
    return found


class JournalListParameters(Parameters):
    """Which entries: period and journal."""

    period = PeriodField(label=gettext_lazy("Period"), initial="last_month")
    journal = CodeField(_journals, label=gettext_lazy("Journal"))


@offer
class JournalList(Report):
    """The posted entries of a period in the order of their numbers."""

    key = "ledger.journal_list"
    title = gettext_lazy("List of entries")
    summary = gettext_lazy("The posted entries of a period by number, with who posted them.")
    section = SECTION
    permission = "ledger.view_journalline"
    parameters = JournalListParameters
    order = 50
    footer = gettext_lazy("A number opens its entry.")

    def build(self, asked: Asked) -> Sheet:
        span: Span = asked["period"]
        columns = [
            Column("number", _("Number"), "text"),
            Column("on", _("Date"), "date"),
            Column("journal", _("Journal"), "text"),
            Column("text", _("Reason"), "text"),
            Column("by", _("Posted by"), "text"),
            Column("amount", _("Debits")),
        ]
        departments = queries.departments_seen(asked.user, asked.company)
        seen = None if departments is None else Q(lines__dimension_set__cost_centre__department__in=departments)
        entries = entries_in(asked, span.starts_on, span.ends_on)
        if asked["journal"]:
            entries = entries.filter(journal=asked["journal"])
        listed = (
            entries.annotate(worth=Sum("lines__debit", filter=seen))
            .order_by("journal__code", "number", "id")
            .values_list("pk", "number", "on", "journal__code", "text", "posted_by__name", "worth")
        )
        rows = [
            Row(
                (number, on, journal, text, by, worth or ZERO),
                links={"number": reverse("ledger:journalentry", args=[pk])},
            )
            for pk, number, on, journal, text, by, worth in (listed[: asked.limit + 1] if asked.limit else listed)
        ]
        number = len(rows)
        if not asked.limit or number <= asked.limit:
            total = sum((row.cells[5] for row in rows), ZERO)
            rows.append(Row((_("Total"), None, None, None, None, total), "total"))
        sheet = Sheet(str(self.title), span.words, columns, rows)
        sheet.period_words = span.text
        sheet.entries = number
        return sheet
