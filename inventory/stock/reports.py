"""The reports of stock: what it is worth, and what moved."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.rounding import ZERO
from inventory.catalogue.models import Category
from inventory.stock import queries
from inventory.stock.models import Warehouse
from reporting.reports.defining import Asked, Column, Kpi, Report, Row, Sheet, offer
from reporting.reports.drawing import money
from reporting.reports.parameters import CodeField, DayField, Parameters, PeriodField, Span, day_words

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


def _warehouses(company: Any, user: Any) -> Any:
    return Warehouse.objects.visible_to(user).filter(company=company)


def _categories(company: Any, user: Any) -> Any:
    return Category.objects.visible_to(user).filter(company=company)


class PlacesParameters(Parameters):
    """The day, and the warehouse."""

    on = DayField(label=gettext_lazy("As at"), initial="today")
    warehouse = CodeField(_warehouses, label=gettext_lazy("Warehouse"))


@offer
class Places(Report):
    """What lay in each bin at the end of a day, by the moves until then."""

    key = "stock.places"
    title = gettext_lazy("Stock by bin")
    summary = gettext_lazy("What lay where at the end of any day.")
    section = SECTION
    permission = "stock.view_stockmove"
    needs_whole_company = True
    parameters = PlacesParameters
    order = 20
    in_menu = True
    footer = gettext_lazy("Quantities in each item's own unit. An item opens its page.")

    def build(self, asked: Asked) -> Sheet:
        on: date = asked["on"]
        house = asked["warehouse"]
        columns = [
            Column("item", _("Item"), "text"),
            Column("unit", _("Unit"), "text"),
            Column("quantity", _("On hand")),
        ]
        rows: list[Row] = []
        found = _in_bins(asked.company.pk, on, house.pk if house else None)
        for place, held in groupby(found, key=lambda row: row[:2]):
            rows.append(Row((" ".join(place), None, None), "group", 0))
            for _house, _bin, key, item, unit, quantity in held:
                links = {"item": reverse("catalogue:item", args=[key])}
                rows.append(Row((item, unit, quantity), "line", 1, links=links))
        sheet = Sheet(str(self.title), _("As at %(day)s") % {"day": day_words(on)}, columns, rows)
        sheet.period_words, sheet.digits = str(on), _digits(rows)
        return sheet


def _digits(rows: list[Row]) -> int:
    """As many decimals as the quantities need."""
    quantities = [cell for row in rows for cell in row.cells if isinstance(cell, Decimal) and cell]
    return max([0, *(-int(cell.normalize().as_tuple().exponent) for cell in quantities)])


def _in_bins(company: int, on: date, warehouse: int | None) -> Iterator[tuple[Any, ...]]:
    statement = """
        SELECT w.name, b.code, i.id, i.code || ' ' || i.name, u.name, sum(m.quantity)
          FROM stock_stockmove m JOIN stock_bin b ON b.id = m.bin_id JOIN stock_warehouse w ON w.id = b.warehouse_id
          JOIN catalogue_item i ON i.id = m.item_id JOIN catalogue_unit u ON u.id = i.unit_id
         WHERE m.company_id = %(company)s AND m.moved_on <= %(on)s
           AND (%(warehouse)s::bigint IS NULL OR w.id = %(warehouse)s)
         GROUP BY w.name, b.code, i.id, u.name HAVING sum(m.quantity) <> 0
         ORDER BY w.name, b.code, i.code
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, {"company": company, "on": on, "warehouse": warehouse})
        yield from cursor.fetchall()


class MovementsParameters(Parameters):
    """The days, and the category."""

    period = PeriodField(label=gettext_lazy("Period"), initial="last_month")
    category = CodeField(_categories, label=gettext_lazy("Category"))


@offer
class Movements(Report):
    """Each item from what lay there before a period to what lay there after it, and what happened between."""

    key = "stock.movements"
    title = gettext_lazy("Stock movements")
    summary = gettext_lazy("What came in, went out and was corrected, item by item.")
    section = SECTION
    permission = "stock.view_stockmove"
    needs_whole_company = True
    parameters = MovementsParameters
    order = 30
    footer = gettext_lazy("Quantities in each item's own unit; carrying from bin to bin changes nothing here.")

    def build(self, asked: Asked) -> Sheet:
        span: Span = asked["period"]
        category = asked["category"]
        columns = [
            Column("item", _("Item"), "text"),
            Column("before", _("Before")),
            Column("received", _("Received")),
            Column("returned", _("Sent back")),
            Column("issued", _("Issued")),
            Column("counted", _("Corrected")),
            Column("after", _("After")),
        ]
        rows = [
            Row((item, *figures), "line", 0, links={"item": reverse("catalogue:item", args=[key])})
            for key, item, *figures in _moved(asked.company.pk, span, category.pk if category else None)
        ]
        sheet = Sheet(str(self.title), span.words, columns, rows)
        sheet.period_words, sheet.digits = span.text, _digits(rows)
        return sheet


def _moved(company: int, span: Span, category: int | None) -> list[tuple[int, str, *tuple[Decimal, ...]]]:
    statement = """
        SELECT i.id, i.code || ' ' || i.name,
               coalesce(sum(m.quantity) FILTER (WHERE m.moved_on < %(first)s), 0),
               coalesce(sum(m.quantity) FILTER (WHERE m.moved_on >= %(first)s AND m.kind = 'receipt'), 0),
               coalesce(sum(m.quantity) FILTER (WHERE m.moved_on >= %(first)s AND m.kind = 'return'), 0),
               coalesce(sum(m.quantity) FILTER (WHERE m.moved_on >= %(first)s AND m.kind IN ('issue', 'back')), 0),
               coalesce(sum(m.quantity) FILTER (WHERE m.moved_on >= %(first)s AND m.kind IN ('count', 'opening')), 0),
               sum(m.quantity)
          FROM stock_stockmove m JOIN catalogue_item i ON i.id = m.item_id
         WHERE m.company_id = %(company)s AND m.moved_on <= %(last)s AND m.kind <> 'transfer'
           AND (%(category)s::bigint IS NULL OR i.category_id = %(category)s)
         GROUP BY i.id HAVING sum(m.quantity) <> 0 OR bool_or(m.moved_on >= %(first)s)
         ORDER BY i.code
    """
    values: dict[str, Any] = {"company": company, "first": span.starts_on, "last": span.ends_on, "category": category}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
