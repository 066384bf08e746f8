"""The reports of stock: what it is worth, and what moved."""

from datetime import date
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.rounding import ZERO
from inventory.stock import queries
from reporting.reports.defining import Asked, Column, Kpi, Report, Row, Sheet, offer
from reporting.reports.drawing import money
from reporting.reports.parameters import DayField, Parameters, day_words

SECTION = gettext_lazy("Stock")


class ValuationParameters(Parameters):
    """The day."""

    on = DayField(label=gettext_lazy("As at"), initial="today")


@offer
class Valuation(Report):
    """What each item was worth at the end of a day, by category; the sum is what the ledger held."""

    key = "stock.valuation"
    title = gettext_lazy("Stock valuation")
    summary = gettext_lazy("What each item is worth on a day, and that the ledger says the same.")
    section = SECTION
    permission = "stock.view_costentry"
    needs_whole_company = True
    parameters = ValuationParameters
    order = 10
    in_menu = True
    footer = gettext_lazy(
        "In company currency, by moves and costs dated until the end of the day. An item opens its page."
    )

    def build(self, asked: Asked) -> Sheet:
        on: date = asked["on"]
        columns = [
            Column("item", _("Item"), "text"),
            Column("quantity", _("Quantity")),
            Column("each", _("Each")),
            Column("value", _("Value")),
        ]
        rows: list[Row] = []
        total = ZERO
        for category, held in _by_category(asked.company.pk, on).items():
            worth = sum((value for *_rest, value in held), ZERO)
            total += worth
            rows.append(Row((category, None, None, worth), "sum", 0, is_open=False))
            for key, code, name, quantity, value in held:
                href = reverse("catalogue:item", args=[key])
                each = value / quantity if quantity else None
                rows.append(Row((f"{code} {name}", quantity, each, value), "line", 1, links={"item": href}))
        if rows:
            rows.append(Row((_("Total"), None, None, total), "total"))
        sheet = Sheet(str(self.title), _("As at %(day)s") % {"day": day_words(on)}, columns, rows)
        sheet.period_words = str(on)
        booked = sum((row.booked for row in queries.proof(asked.company, on=on)), ZERO)
        tone = "" if booked == total else "bad"
        words = _("the ledger says the same") if booked == total else _("the ledger differs")
        sheet.kpis = [
            Kpi(_("Stock"), money(total, asked.company.currency)),
            Kpi(_("Ledger"), money(booked, asked.company.currency), words, tone),
        ]
        return sheet


def _by_category(company: int, on: date) -> dict[str, list[tuple[Any, ...]]]:
    statement = """
        SELECT k.name, i.id, i.code, i.name, coalesce(m.quantity, 0), coalesce(c.amount, 0)
          FROM catalogue_item i JOIN catalogue_category k ON k.id = i.category_id
          LEFT JOIN (SELECT item_id, sum(quantity) AS quantity FROM stock_stockmove
                      WHERE company_id = %(company)s AND moved_on <= %(on)s GROUP BY 1) m ON m.item_id = i.id
          LEFT JOIN (SELECT item_id, sum(amount) AS amount FROM stock_costentry
                      WHERE company_id = %(company)s AND cost_on <= %(on)s GROUP BY 1) c ON c.item_id = i.id
         WHERE i.company_id = %(company)s AND (coalesce(m.quantity, 0) <> 0 OR coalesce(c.amount, 0) <> 0)
         ORDER BY k.name, i.code
    """
    found: dict[str, list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, {"company": company, "on": on})
        for category, *rest in cursor.fetchall():
            found.setdefault(category, []).append(tuple(rest))
    return found
