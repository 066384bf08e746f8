"""What purchasing shows on a bill: order, receipt and bill side by side, and the papers behind them."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy

from backoffice.ui import slots
from backoffice.ui.columns import amount
from backoffice.ui.panels import Panel
from finance.payables.models import Bill
from finance.payables.wording import plain
from procurement.purchasing import accepting, judging
from procurement.purchasing.judging import Compared, Comparison


class MatchPanel(Panel):
    """Each line of the bill beside what was ordered and received, what differs, and what can be done about it."""

    title = gettext_lazy("Order, receipt and bill")
    template = "procurement/purchasing/match.html"
    permission = "purchasing.view_matchrow"
    order = 25

    def context(self, document: Bill, user: Any) -> dict[str, Any] | None:
        comparison = judging.seen(document)
        if comparison is None:
            return None
        return {
            "comparison": comparison,
            "rows": [_row(row, user) for row in comparison.rows],
            "count": comparison.off,
            "over": amount(abs(comparison.difference)),
            "is_over": comparison.difference > 0,
            "findings": comparison.all_findings,
            "may_accept": accepting.why_not(document, user) is None,
            "may_choose": document.state in ("draft", "submitted") and user.has_perm("purchasing.add_matchchoice"),
            "credit": _credit(comparison, user),
        }


def _credit(comparison: Comparison, user: Any) -> str:
    """What could be asked back, in words; empty where there is nothing or the person may not write to suppliers."""
    if comparison.difference <= 0 or not comparison.all_findings or not user.has_perm("purchasing.add_acceptance"):
        return ""
    return f"{comparison.bill.currency} {amount(judging.credit_to_ask(comparison))}"


def _row(row: Compared, user: Any) -> dict[str, Any]:
    line = row.ordered.line if row.ordered else None
    item = line.item if line else None
    received = row.ordered.received if row.ordered and row.ordered.is_received else None
    return {
        "code": item.code if item else "",
        "words": item.name if item else row.line.text,
        "href": item.get_absolute_url() if item and user.has_perm("catalogue.view_item") else "",
        "ordered": plain(line.live) if line else None,
        "received": plain(received) if received is not None else None,
        "billed": plain(row.billed),
        "order_price": plain(line.price, 2) if line else None,
        "price": plain(row.price.quantize(line.price if line else row.line.unit_price), 2) if row.billed else "",
        "difference": _signed(row),
        "quantity_off": bool(row.over),
        "price_off": row.price_is_off or line is None,
    }


def _signed(row: Compared) -> str:
    words = amount(row.difference)
    return f"+{words}" if row.difference > 0 else words if row.difference else ""


class PapersPanel(Panel):
    """The orders and receipts that the bill belongs to."""

    title = gettext_lazy("Orders and receipts")
    template = "procurement/purchasing/papers.html"
    permission = "purchasing.view_matchrow"
    side = True
    order = 39

    def context(self, document: Bill, user: Any) -> dict[str, Any] | None:
        comparison = judging.seen(document)
        if comparison is None:
            return None
        orders = [(o, _href(o) if user.has_perm("purchasing.view_purchaseorder") else "") for o in comparison.orders]
        refused: dict[int, Any] = {}
        for row in comparison.rows:
            for line in row.ordered.refused if row.ordered else ():
                refused[line.receipt_id] = refused.get(line.receipt_id, 0) + line.rejected
        receipts = [
            (
                r,
                _href(r) if user.has_perm("stock.view_goodsreceipt") else "",
                plain(refused[r.pk]) if r.pk in refused else "",
            )
            for r in comparison.receipts
        ]
        return {"orders": orders, "receipts": receipts}


def _href(document: Any) -> str:
    meta = document._meta
    try:
        return reverse(f"{meta.app_label}:{meta.model_name}", args=[document.pk])
    except NoReverseMatch:
        return ""


slots.panels.fill("purchasing.match", ("payables.Bill", MatchPanel))
slots.panels.fill("purchasing.papers", ("payables.Bill", PapersPanel))
