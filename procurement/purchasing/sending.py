"""Sending an order to its supplier: the revision kept, the goods expected, the paper by e-mail."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.core.errors import DutyConflict, Refused
from backoffice.core.rounding import rounded
from inventory.stock import expecting
from inventory.stock.expecting import Expectation
from inventory.stock.models import GoodsReceipt
from procurement.purchasing import amending, mailing
from procurement.purchasing.models import PurchaseOrder, Revision


@PurchaseOrder.flow.guard("send")
def reachable(order: PurchaseOrder, user: Any) -> Refused | None:
    """An order goes by e-mail."""
    if order.supplier.mail:
        return None
    return Refused(_("%s has no e-mail for orders: enter one on the supplier's page.") % order.supplier, code="email")


@PurchaseOrder.flow.verb
def send(order: PurchaseOrder, *, by: Any) -> None:
    """Keep what is sent as a revision, expect what stock receives, and ask for the paper and its mail."""
    order.sent_at = timezone.now()
    record(order, by=by)
    mailing.ask(order, by=by)


def record(order: PurchaseOrder, *, by: Any) -> None:
    """Keep what the supplier knows from now on as a revision, and expect what stock receives."""
    order.revision += 1
    Revision.objects.create(
        order=order, number=order.revision, content=amending.content(order), total=order.total, sent_by=by
    )
    expecting.expect(order.company, _expectations(order), origin=order, number=order.number, by=by)
    gone = set(_expected_lines(order)) - {line.pk for line in amending.lines_of(order) if line.live}
    if gone:
        expecting.cancel(order, gone, by=by)


def _expectations(order: PurchaseOrder) -> list[Expectation]:
    """What is to come, in base units, at the net price of one in company currency at the order's rate."""
    if order.warehouse is None:
        return []
    return [
        Expectation(
            origin_line=line.pk,
            place=line.place,
            party=order.supplier.party,
            warehouse=order.warehouse,
            text=line.words,
            quantity=rounded(line.live * line.numerator / line.denominator, 6),
            unit_cost=rounded(line.price * (order.rate or 1) * line.denominator / line.numerator, 6),
            item=line.item,
            account=line.account,
            cost_centre=line.cost_centre,
            due_on=line.needed_on or order.needed_on,
        )
        for line in amending.lines_of(order)
        if amending.is_received(line) and line.live
    ]


def _expected_lines(order: PurchaseOrder) -> list[int]:
    if order.revision == 1:
        return []
    sent = order.revisions.filter(number=order.revision - 1).first()
    return [int(row["id"]) for row in sent.content["lines"]] if sent is not None else []


@PurchaseOrder.flow.verb
def acknowledge(order: PurchaseOrder, *, by: Any, on: date | None = None, reference: str = "") -> None:
    """The supplier said yes; `on` is the day of the answer, `reference` the number they gave it."""
    order.acknowledged_on = on or timezone.localdate()
    order.their_reference = reference.strip()[:60]


@GoodsReceipt.flow.guard("post")
def received_by_another(receipt: GoodsReceipt, user: Any) -> Refused | None:
    """Whoever ordered goods does not say that they came (operations B0.13)."""
    origins = receipt.lines.filter(expected__origin_type__model="purchaseorder").values("expected__origin_id")
    mine = PurchaseOrder.objects.filter(pk__in=origins, buyer=user.pk).values_list("number", flat=True).first()
    if mine is None:
        return None
    return DutyConflict(_("You ordered %s, so somebody else must receive it.") % mine)
