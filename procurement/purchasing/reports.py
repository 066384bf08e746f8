"""The reports of purchasing: what is on order, and what was ordered from whom for what."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.rounding import ZERO
from backoffice.currencies import conversion
from procurement.purchasing import progress, standing
from procurement.purchasing.models import OrderLine, PurchaseOrder
from reporting.reports.defining import Asked, Column, Report, Row, Sheet, offer
from reporting.reports.parameters import Parameters, PeriodField

State = PurchaseOrder.State
SECTION = gettext_lazy("Purchases")


class NoParameters(Parameters):
    """As it is now."""


@offer
class OpenOrders(Report):
    """What suppliers still owe us, line by line, in company currency."""

    key = "purchasing.open_orders"
    title = gettext_lazy("Open purchase orders")
    summary = gettext_lazy("What is ordered and neither received nor cancelled, by supplier.")
    section = SECTION
    permission = "purchasing.view_purchaseorder"
    parameters = NoParameters
    order = 50

    def build(self, asked: Asked) -> Sheet:
        orders = PurchaseOrder.objects.visible_to(asked.user).filter(company=asked.company)
        orders = progress.with_progress(orders).filter(progress.TO_RECEIVE)
        found = standing.of(OrderLine.objects.filter(order__in=orders.values("pk")).values_list("pk", flat=True))
        parties = dict(orders.values_list("pk", "supplier__party__name"))
        groups: dict[str, list[tuple[Any, Decimal, Decimal]]] = defaultdict(list)
        for done in found.values():
            rest = done.line.live - done.received
            if done.is_received and rest > 0:
                value = conversion.converted(
                    rest * done.line.price, done.order.rate or Decimal(1), asked.company.currency
                )
                groups[parties[done.order.pk]].append((done, rest, value))
        rows: list[Row] = []
        for name, lines in sorted(groups.items(), key=lambda pair: pair[0].casefold()):
            rows.append(Row((name, None, None, None, sum((v for _d, _r, v in lines), ZERO)), "sum", 0, is_open=False))
            rows += [
                Row(
                    (
                        f"{d.order.number}, {d.line.words}",
                        d.line.needed_on or d.order.needed_on,
                        d.line.live,
                        rest,
                        value,
                    ),
                    "line",
                    1,
                    links={"line": d.order.get_absolute_url()},
                )
                for d, rest, value in sorted(lines, key=lambda each: (each[0].order.needed_on, each[0].line.pk))
            ]
        if rows:
            total = sum((value for lines in groups.values() for _d, _r, value in lines), ZERO)
            rows.append(Row((_("Total"), None, None, None, total), "total"))
        columns = [
            Column("line", _("Supplier"), "text"),
            Column("due", _("Due"), "date"),
            Column("ordered", _("Ordered"), "number"),
            Column("rest", _("To come"), "number"),
            Column("value", _("Worth, net")),
        ]
        return Sheet(str(self.title), _("As it is now"), columns, rows, currency=asked.company.currency)


class SpendParameters(Parameters):
    """The days of the orders."""

    period = PeriodField(label=gettext_lazy("Period"), initial="this_year")


@offer
class Spend(Report):
    """What was ordered in a period, by supplier and category, net in company currency at the orders' rates."""

    key = "purchasing.spend"
    title = gettext_lazy("Ordered by supplier and category")
    summary = gettext_lazy("What was ordered in a period, from whom and for what.")
    section = SECTION
    permission = "purchasing.view_purchaseorder"
    parameters = SpendParameters
    order = 60

    def build(self, asked: Asked) -> Sheet:
        span = asked["period"]
        orders = PurchaseOrder.objects.visible_to(asked.user).filter(
            company=asked.company,
            state__in=progress.KNOWN_TO_SUPPLIER,
            ordered_on__range=(span.starts_on, span.ends_on),
        )
        lines = OrderLine.objects.filter(order__in=orders.values("pk")).order_by()
        sums = lines.values_list("order__supplier__party__name", "category__name").annotate(
            sum=Sum(F("net") * F("order__rate"))
        )
        groups: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
        for supplier, category, value in sums:
            groups[supplier].append(
                (category or _("Without a category"), conversion.converted(value, Decimal(1), asked.company.currency))
            )
        ranked = sorted(groups.items(), key=lambda pair: -sum(v for _c, v in pair[1]))
        total = sum((value for _name, parts in ranked for _c, value in parts), ZERO)
        rows: list[Row] = []
        for name, parts in ranked:
            own = sum((value for _c, value in parts), ZERO)
            rows.append(Row((name, own, _share(own, total)), "sum", 0, is_open=False))
            rows += [Row((c, v, _share(v, total)), "line", 1) for c, v in sorted(parts, key=lambda part: -part[1])]
        if rows:
            rows.append(Row((_("Total"), total, _share(total, total)), "total"))
        columns = [
            Column("name", _("Supplier"), "text"),
            Column("net", _("Net")),
            Column("share", _("Share"), "percent"),
        ]
        return Sheet(str(self.title), span.words, columns, rows, currency=asked.company.currency)


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    return part * 100 / whole if whole else None
