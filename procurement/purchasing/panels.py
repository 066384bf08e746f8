"""The parts of the screens of requisitions and orders, and what purchasing adds to the screens below."""

from functools import partial
from typing import Any

from django.db.models import Q, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.errors import Refused
from backoffice.currencies import conversion
from backoffice.ui import slots
from backoffice.ui.columns import amount, day
from backoffice.ui.listing import Link
from backoffice.ui.panels import Fact, FactsPanel, LinesPanel, Panel, Step
from backoffice.workflow import approvals
from finance.payables.models import Bill
from finance.payables.wording import plain
from inventory.stock.models import GoodsReceipt
from procurement.purchasing import amending, billing, covering, progress, standing, totalling
from procurement.purchasing.models import PurchaseOrder, Requisition
from procurement.purchasing.tables import NeedTable, OrderLineTable, receipt_state
from procurement.suppliers.models import BilledOn

Wish, State = Requisition.State, PurchaseOrder.State


def requisition_steps(requisition: Requisition, user: Any) -> list[Step]:
    """Asked, approved, ordered."""
    state = requisition.state
    asked = Step(_("Asked"), "now" if state == Wish.DRAFT else "done", day(timezone.localtime(requisition.entered_at)))
    if state == Wish.CANCELLED:
        return [asked, Step(_("Cancelled"), "now")]
    past = state in (Wish.APPROVED, Wish.ORDERED, Wish.CLOSED)
    approved = Step(
        _("Approved"), "done" if past else "now" if state == Wish.SUBMITTED else "", _approved_note(requisition)
    )
    ordered = state in (Wish.ORDERED, Wish.CLOSED)
    return [asked, approved, Step(_("Ordered"), "done" if ordered else "now" if state == Wish.APPROVED else "")]


def _approved_note(document: Any) -> str:
    now = approvals.standing_seen(document)
    if now.request is None:
        return ""
    if now.is_open:
        return _("%(given)s of %(of)s") % {"given": len(now.given), "of": now.request.required}
    return ", ".join(decision.by.short for decision in now.given)


class RequisitionFacts(FactsPanel):
    """Who needs it, what for, by when."""

    def facts(self, document: Requisition, user: Any) -> list[Fact]:
        currency = document.company.currency
        return [
            Fact(_("Requester"), document.requester),
            Fact(_("Department"), document.department),
            Fact(_("Cost centre"), document.cost_centre),
            Fact(_("Needed by"), day(document.needed_on, this_year=0)),
            Fact(_("Estimate"), f"{currency} {amount(document.total, conversion.digits(currency))}"),
        ]


class SplitNotice(Panel):
    """A hint to the approver that a larger wish may have been split."""

    title = gettext_lazy("To look at")
    template = "procurement/purchasing/split.html"
    order = 5

    def context(self, document: Requisition, user: Any) -> dict[str, Any] | None:
        if document.state != Wish.SUBMITTED or not user.has_perm("purchasing.approve_requisition"):
            return None
        rows = covering.with_split_hint(Requisition.objects.filter(pk=document.pk))
        found = rows.filter(is_split=True).values_list("together", flat=True).first()
        return {"together": found, "days": covering.SPLIT_DAYS} if found is not None else None


class NeedsPanel(LinesPanel):
    """The lines with what is ordered of them."""

    title = gettext_lazy("Needed")
    table = NeedTable

    def sums(self, document: Requisition, user: Any) -> list[tuple[Any, Any, str]]:
        return [(_("Estimate, net"), document.total, document.company.currency)]


class OrdersOfRequisition(Panel):
    """The orders that bring it."""

    title = gettext_lazy("Orders")
    template = "procurement/purchasing/related.html"
    side = True
    order = 40
    permission = "purchasing.view_purchaseorder"

    def context(self, document: Requisition, user: Any) -> dict[str, Any] | None:
        orders = PurchaseOrder.objects.visible_to(user).filter(lines__covers__requisition_line__requisition=document)
        rows = [_order_row(order) for order in orders.distinct().select_related("supplier__party").order_by("-pk")]
        return {"rows": rows} if rows else None


def _order_row(order: PurchaseOrder) -> dict[str, Any]:
    return {
        "icon": "shopping-cart",
        "href": order.get_absolute_url(),
        "label": str(order),
        "sub": f"{order.supplier} · {order.get_state_display()}",
    }


def order_steps(order: PurchaseOrder, user: Any) -> list[Step]:
    """Drafted, approved, sent, received, billed."""
    state = order.state
    drafted = Step(
        _("Drafted"),
        "now" if state in (State.DRAFT, State.AMENDING) else "done",
        _("revision %s") % (order.revision + 1) if state == State.AMENDING else day(order.ordered_on),
    )
    if state == State.CANCELLED:
        return [drafted, Step(_("Cancelled"), "now")]
    past = state in (State.APPROVED, State.SENT, State.CLOSED)
    approved = Step(_("Approved"), "done" if past else "now" if state == State.SUBMITTED else "", _approved_note(order))
    sent = Step(
        _("Sent"),
        "done" if state in (State.SENT, State.CLOSED) else "now" if state == State.APPROVED else "",
        day(order.sent_at) if order.sent_at else "",
    )
    return [drafted, approved, sent, *_later_steps(order)]


def _later_steps(order: PurchaseOrder) -> list[Step]:
    now = progress.with_progress(PurchaseOrder.objects.filter(pk=order.pk)).get()
    is_known = order.state in progress.KNOWN_TO_SUPPLIER
    steps = []
    if now.came or now.awaits or not is_known:
        done = now.came and not now.awaits
        note = receipt_state(now.came, now.awaits, order.state)[0] if not done else ""
        steps.append(
            Step(
                _("Received"),
                "done" if done else "now" if is_known else "",
                note or (_("due %s") % day(order.needed_on) if not done else ""),
            )
        )
    billed = now.billed and not now.unbilled
    steps.append(
        Step(
            _("Billed"),
            "done" if billed else "now" if now.billed else "",
            _("in part") if now.billed and not billed else "",
        )
    )
    return steps


class OrderFacts(FactsPanel):
    """Supplier, dates, where to, what it comes to."""

    def facts(self, document: PurchaseOrder, user: Any) -> list[Fact]:
        order = document
        facts = [
            Fact(_("Supplier"), order.supplier, href=order.supplier.get_absolute_url()),
            Fact(_("Order date"), day(order.ordered_on, this_year=0)),
            Fact(_("Deliver by"), day(order.needed_on, this_year=0)),
            Fact(_("Deliver to"), order.warehouse),
            Fact(_("Terms"), _("%s days") % order.payment_days, order.supplier.terms),
            Fact(_("Bills"), order.get_billed_on_display() if order.billed_on == BilledOn.ORDER else ""),
            Fact(_("Buyer"), order.buyer),
            Fact(_("Cost centre"), ", ".join(_centres(order))),
            Fact(_("Revision"), order.revision if order.revision > 1 else ""),
            Fact(_("Confirmed"), day(order.acknowledged_on) if order.acknowledged_on else "", order.their_reference),
            Fact(_("Total"), f"{order.currency} {amount(order.total, conversion.digits(order.currency))}"),
        ]
        if order.is_foreign:
            own = order.company.currency
            words = _("at %s") % plain(order.rate, 4)
            facts.append(Fact(_("In %s") % own, amount(order.amount_company, conversion.digits(own)), words))
        return [*facts, Fact(_("Note"), order.note)]


def _centres(order: PurchaseOrder) -> list[str]:
    """The cost centres of the lines, each once, the first three."""
    return list(dict.fromkeys(n.cost_centre.name for n in amending.lines_of(order) if n.cost_centre))[:3]


class OrderLinesPanel(LinesPanel):
    """The lines with net, VAT and total; columns that say nothing are left out."""

    table = OrderLineTable

    def context(self, document: PurchaseOrder, user: Any) -> dict[str, Any] | None:
        lines = amending.lines_of(document)
        empty = {
            "cancelled": not any(line.cancelled for line in lines),
            "account": not any(line.account_id for line in lines),
        }
        self.table = partial(OrderLineTable, without=[name for name, is_so in empty.items() if is_so])  # type: ignore[misc,assignment]
        return super().context(document, user)

    def rows(self, document: PurchaseOrder, user: Any) -> Any:
        return amending.lines_of(document)

    def sums(self, document: PurchaseOrder, user: Any) -> list[tuple[Any, Any, str]]:
        return [(_("Net"), document.net, ""), *_taxes(document), (_("Total"), document.total, document.currency)]


def _taxes(order: PurchaseOrder) -> list[tuple[Any, Any, str]]:
    lines = amending.lines_of(order)
    prefetch_related_objects(lines, "tax_code__rates")
    try:
        sums = totalling.totals(lines, on=order.ordered_on, digits=conversion.digits(order.currency))
    except Refused:
        return [(_("VAT"), order.tax, "")]
    return [
        (
            _("%s, owed by us") % sums.codes[tax.key].name
            if sums.codes[tax.key].is_reverse_charge
            else _("VAT: %s") % sums.codes[tax.key].name,
            tax.amount,
            "",
        )
        for tax in sums.computed.taxes
        if tax.amount
    ]


class StandingPanel(Panel):
    """Ordered, received, refused and billed, line by line."""

    title = gettext_lazy("Ordered, received, billed")
    template = "procurement/purchasing/standing.html"
    order = 35

    def context(self, document: PurchaseOrder, user: Any) -> dict[str, Any] | None:
        if document.state not in progress.KNOWN_TO_SUPPLIER:
            return None
        found = standing.of_order(document).values()
        rows = [
            {
                "line": done.line,
                "ordered": plain(done.line.live),
                "received": plain(done.received) if done.is_received else "",
                "rejected": plain(done.rejected) if done.rejected else "",
                "billed": plain(done.billed),
                "short": done.is_received and done.received < done.line.live,
            }
            for done in sorted(found, key=lambda each: each.line.place)
        ]
        return {"rows": rows}


class AmendmentPanel(Panel):
    """What differs from what the supplier was sent last."""

    title = gettext_lazy("Changes since it was sent")
    template = "procurement/purchasing/amendment.html"
    order = 20

    def context(self, document: PurchaseOrder, user: Any) -> dict[str, Any] | None:
        if not document.revision or document.state in (State.SENT, State.CLOSED, State.CANCELLED):
            return None
        rows = amending.differences(document)
        return {"rows": rows, "is_worse": amending.is_worse(document)} if rows else None


class RelatedPanel(Panel):
    """Requisitions, receipts and bills of an order."""

    title = gettext_lazy("Related")
    template = "procurement/purchasing/related.html"
    side = True
    order = 40

    def context(self, document: PurchaseOrder, user: Any) -> dict[str, Any] | None:
        wishes = Requisition.objects.visible_to(user).filter(lines__coverage__order_line__order=document).distinct()
        rows = [
            {
                "icon": "list-checks",
                "href": w.get_absolute_url(),
                "label": str(w),
                "sub": f"{w.requester} · {w.purpose}",
            }
            for w in wishes.select_related("requester").order_by("pk")[:20]
        ]
        if user.has_perm("stock.view_goodsreceipt"):
            rows += [
                {"icon": "package", "href": r.get_absolute_url(), "label": str(r), "sub": day(r.received_on)}
                for r in receipts_of(document, user)[:20]
            ]
        if user.has_perm("payables.view_bill"):
            bills = Bill.objects.visible_to(user).filter(pk__in=standing.bills_of(document).values("pk"))
            rows += [
                {
                    "icon": "receipt",
                    "href": b.get_absolute_url(),
                    "label": str(b),
                    "sub": f"{b.reference} · {day(b.bill_date)}",
                }
                for b in bills.order_by("-bill_date", "-pk")[:20]
            ]
        return {"rows": rows} if rows else None


def receipts_of(order: PurchaseOrder, user: Any) -> Any:
    """The receipts of an order, the newest first."""
    return (
        GoodsReceipt.objects.visible_to(user)
        .filter(
            Q(lines__expected__origin_id=order.pk) & Q(lines__expected__origin_type__model="purchaseorder"),
        )
        .distinct()
        .order_by("-received_on", "-pk")
    )


class OrderOfReceipt(Panel):
    """On a receipt: the orders whose goods came."""

    title = gettext_lazy("Order")
    template = "procurement/purchasing/related.html"
    side = True
    order = 40
    permission = "purchasing.view_purchaseorder"

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        keys = document.lines.filter(expected__origin_type__model="purchaseorder").values("expected__origin_id")
        orders = PurchaseOrder.objects.visible_to(user).filter(pk__in=keys).select_related("supplier__party")
        rows = [_order_row(order) for order in orders.order_by("pk")]
        return {"rows": rows} if rows else None


class OrdersOfSupplier(Panel):
    """The latest orders of a supplier."""

    title = gettext_lazy("Orders")
    template = "procurement/purchasing/related.html"
    permission = "purchasing.view_purchaseorder"
    order = 40

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        orders = PurchaseOrder.objects.visible_to(user).filter(supplier=document).select_related("supplier__party")
        rows = [
            {**_order_row(order), "sub": f"{day(order.ordered_on)} · {order.get_state_display()}", "order": order}
            for order in orders.order_by("-ordered_on", "-pk")[:10]
        ]
        return {"rows": rows} if rows else None


def order_links(order: PurchaseOrder, user: Any) -> list[Link]:
    """The paper, and the bill of what is left to bill."""
    links = [Link(_("PDF"), reverse("purchasing:purchaseorder_pdf", args=[order.pk]), "printer")]
    if user.has_perm(billing.RIGHT) and order.state in progress.KNOWN_TO_SUPPLIER and billing.billable(order):
        links.append(Link(_("Type in the bill"), reverse("purchasing:purchaseorder_bill", args=[order.pk]), "receipt"))
    return links


slots.panels.fill("purchasing.order_of_receipt", ("stock.GoodsReceipt", OrderOfReceipt))
slots.panels.fill("purchasing.orders_of_supplier", ("suppliers.Supplier", OrdersOfSupplier))
