"""The balance sheet: what is owned and owed on a day."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.rounding import ZERO
from finance.ledger.models import (
    Account,
    Heading,
    Role,
)
from finance.ledger.reports.reading import SECTION, Kind, entries_in, moved, warnings
from finance.ledger.reports.tree import Node, sums, tree
from reporting.reports.defining import (
    Asked,
    Column,
    Report,
    Row,
    Sheet,
    fiscal_year,
    offer,
)
from reporting.reports.parameters import (
    DayField,
    Parameters,
    Span,
    day_words,
    month_of,
)


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
        sheet.warnings = warnings(asked, month_of(on))
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
        self.periods = {key: Span(fiscal_year(asked.company, day)[0], day).text for key, day in days.items()}
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
        for key, period in self.periods.items():
            links[key] = self.asked.link("ledger.general_ledger", period=period, **which)
        return links
