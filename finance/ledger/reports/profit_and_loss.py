"""Profit and loss: income and costs of a period against others."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import F, Q, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.rounding import ZERO
from finance.ledger import queries
from finance.ledger.models import (
    Balance,
    Heading,
)
from finance.ledger.reports.reading import SECTION, Kind, entries_in, later_lines, moved, warnings
from finance.ledger.reports.tree import Node, sums, tree
from reporting.reports.defining import (
    Asked,
    Chart,
    Column,
    Kpi,
    Percent,
    Report,
    Row,
    Sheet,
    fiscal_year,
    offer,
)
from reporting.reports.drawing import money
from reporting.reports.parameters import (
    CodeField,
    Parameters,
    PeriodField,
    Span,
    cost_centres,
    shifted,
)


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
        sheet.warnings = warnings(asked, span)
        sheet.kpis = self._kpis(asked, nodes, struck, total, list(spans), self._short(spans, sheet.moved_against))
        sheet.chart = self._chart(asked, span)
        return sheet

    def _short(self, spans: dict[str, Span], against: str) -> str:
        """The comparison in a key figure's note: "Sep" within the year, "Oct 2025" otherwise."""
        first, second = [*spans.values(), None][:2]
        if not against or first is None or second is None:
            return ""
        same_year = first.starts_on.year == second.starts_on.year
        return date_format(second.starts_on, "M") if same_year and second.is_month else against

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
            later = later_lines(asked, span.ends_on, departments).filter(operating, on__gte=first)
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
        if only is not None and only.account is not None:
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
