"""The report that explains goods received and not invoiced, and the check that it explains all of the account."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.rounding import ZERO
from backoffice.core.verifying import Finding, verification
from backoffice.organisation.models import Company
from procurement.purchasing import grni
from reporting.reports.defining import Asked, Column, Kpi, Report, Row, Sheet, offer
from reporting.reports.drawing import money
from reporting.reports.parameters import Parameters, day_words

OLD = timedelta(days=60)


@offer
class GoodsNotInvoiced(Report):
    """What is owed for goods that no bill names yet, by order line; the sum is what the ledger holds."""

    key = "purchasing.goods_not_invoiced"
    title = gettext_lazy("Goods received, not invoiced")
    summary = gettext_lazy("What came and is not billed, and what is billed and has not come, line by line.")
    section = gettext_lazy("Purchases")
    permission = "purchasing.view_matchrow"
    needs_whole_company = True
    parameters = Parameters
    order = 40
    in_menu = True
    footer = gettext_lazy("In company currency, as it is now. A negative rest is billed and has not come yet.")

    def build(self, asked: Asked) -> Sheet:
        today = timezone.localdate()
        columns = [
            Column("line", _("Order line"), "text"),
            Column("since", _("Since"), "date"),
            Column("days", _("Days"), "number"),
            Column("received", _("Received")),
            Column("billed", _("Billed")),
            Column("rest", _("Rest")),
        ]
        found = grni.explain(asked.company)
        rows: list[Row] = []
        for supplier in dict.fromkeys(row.supplier for row in found):
            own = [row for row in found if row.supplier == supplier]
            came, cleared = sum((r.received - r.returned for r in own), ZERO), sum((r.billed for r in own), ZERO)
            name = supplier or _("Received without an order")
            rows.append(Row((name, None, None, came, cleared, came - cleared), "sum", 0, is_open=True))
            for row in own:
                days = (today - row.since).days if row.since else None
                cells = (
                    f"{row.order} {row.text}".strip() or name,
                    row.since,
                    days,
                    row.received - row.returned,
                    row.billed,
                    row.rest,
                )
                rows.append(Row(cells, "line", 1, links=_links(row)))
        total, booked = sum((row.rest for row in found), ZERO), grni.balance(asked.company)
        if rows:
            came, cleared = sum((r.received - r.returned for r in found), ZERO), sum((r.billed for r in found), ZERO)
            rows.append(Row((_("Total"), None, None, came, cleared, total), "total"))
        words = _("The ledger says the same") if booked == total else _("The ledger differs")
        rows.append(Row((words, None, None, None, None, booked), "line", 0))
        sheet = Sheet(str(self.title), _("As at %(day)s") % {"day": day_words(today)}, columns, rows)
        sheet.period_words = str(today)
        currency = asked.company.currency
        old = sum((row.rest for row in found if row.since and row.since < today - OLD), ZERO)
        sheet.kpis = [
            Kpi(_("Explained"), money(total, currency)),
            Kpi(_("Ledger"), money(booked, currency), words, "" if booked == total else "bad"),
            Kpi(_("Older than 60 days"), money(old, currency)),
        ]
        return sheet


def _links(row: grni.Explained) -> dict[str, str]:
    if row.order_id is None:
        return {}
    try:
        return {"line": reverse("purchasing:purchaseorder", args=[row.order_id])}
    except NoReverseMatch:
        return {}


@verification("goods_received_are_explained", "Order lines explain goods received and not invoiced")
def goods_received_are_explained() -> Iterator[Finding]:
    """By company: what receipts, returns and bills leave is the balance of the account."""
    for company in Company.objects.order_by("pk"):
        explained = sum((row.rest for row in grni.explain(company)), ZERO)
        booked = grni.balance(company)
        if explained != booked:
            yield Finding(str(company), f"order lines {explained:f}, account {booked:f}")
