"""What purchasing puts into menu, palette, My work, tiles and the screens of others."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backoffice.ui.columns import amount
from backoffice.ui.lookups import every_word
from backoffice.ui.slots import Hit, MenuEntry, Search, Tile, WorkList, WorkRow, menu, palette, tiles, work
from procurement.purchasing import covering, progress
from procurement.purchasing.models import PurchaseOrder, Requisition

State = PurchaseOrder.State


def find_orders(user: Any, words: str) -> list[Hit]:
    """Orders by number or supplier."""
    rows = PurchaseOrder.objects.visible_to(user).filter(every_word(("number", "supplier__party__name"), words))
    return [
        Hit(
            f"{order}, {order.supplier}",
            order.get_absolute_url(),
            "shopping-cart",
            f"{order.currency} {amount(order.total)} · {order.get_state_display()}",
            of=f"purchasing.purchaseorder:{order.pk}",
        )
        for order in rows.select_related("supplier__party").order_by("-ordered_on", "-pk")[:8]
    ]


def find_requisitions(user: Any, words: str) -> list[Hit]:
    """Requisitions by number, purpose or person."""
    rows = Requisition.objects.visible_to(user).filter(every_word(("number", "purpose", "requester__name"), words))
    return [
        Hit(
            f"{row}, {row.purpose}",
            row.get_absolute_url(),
            "list-checks",
            f"{row.requester} · {row.get_state_display()}",
            of=f"purchasing.requisition:{row.pk}",
        )
        for row in rows.select_related("requester").order_by("-pk")[:8]
    ]


def actions(user: Any, words: str) -> list[Hit]:
    """New requisition, new order."""
    offered = [
        ("purchasing.add_requisition", _("New requisition: I need something"), "purchasing:requisition_new", "plus"),
        ("purchasing.add_purchaseorder", _("New purchase order"), "purchasing:purchaseorder_new", "plus"),
    ]
    return [
        Hit(label, reverse(url), icon)
        for right, label, url, icon in offered
        if user.has_perm(right) and all(word in label.lower() for word in words.lower().split())
    ]


def lines_to_order(user: Any) -> int:
    """How many lines wait for a buyer."""
    return int(covering.to_order(user).count()) if user.has_perm("purchasing.add_purchaseorder") else 0


def buyer_rows(user: Any) -> list[WorkRow]:
    """What waits for a buyer: wishes to order, orders to send, goods that are late."""
    if not user.has_perm("purchasing.add_purchaseorder"):
        return []
    rows = []
    if number := lines_to_order(user):
        words = ngettext("%s line to order", "%s lines to order", number) % number
        rows.append(WorkRow("list-checks", words, reverse("purchasing:to_order"), why=_("Approved requisitions")))
    own = PurchaseOrder.objects.visible_to(user).filter(buyer=user.pk).select_related("supplier__party")
    approved = own.filter(state=State.APPROVED).order_by("pk")[:10]
    rows += [_row(order, _("Approved: send it to the supplier")) for order in approved]
    today = timezone.localdate()
    late = progress.with_progress(own).filter(progress.TO_RECEIVE, needed_on__lt=today).order_by("needed_on", "pk")
    rows += [_row(order, _late((today - order.needed_on).days), tone="bad") for order in late[:10]]
    return rows


def _late(days: int) -> str:
    return ngettext("%s day late", "%s days late", days) % days


def _row(order: PurchaseOrder, why: str, tone: str = "idle") -> WorkRow:
    return WorkRow(
        icon="shopping-cart",
        label=str(order),
        href=order.get_absolute_url(),
        sub=str(order.supplier),
        why=why,
        tone=tone,
        amount=order.total,
        currency=order.currency,
    )


def deliveries(user: Any) -> dict[str, Any] | None:
    """The tile: orders whose goods are due until the end of the week."""
    today = timezone.localdate()
    rows = progress.with_progress(PurchaseOrder.objects.visible_to(user)).filter(
        progress.TO_RECEIVE, needed_on__lte=today + timedelta(days=6 - today.weekday())
    )
    number = rows.count()
    late = rows.filter(needed_on__lt=today).count()
    note = ngettext("%s late", "%s late", late) % late if late else _("none late")
    return {"value": str(number), "note": note, "number": number, **({"tone": "bad"} if late else {})}


menu.fill(
    "purchasing.requisition",
    MenuEntry(
        "procurement",
        gettext_lazy("Requisitions"),
        "purchasing:requisition_list",
        "list-checks",
        "purchasing.view_own_requisition",
        order=10,
    ),
)
menu.fill(
    "purchasing.to_order",
    MenuEntry(
        "procurement",
        gettext_lazy("To order"),
        "purchasing:to_order",
        "inbox",
        "purchasing.add_purchaseorder",
        count=lines_to_order,
        order=20,
    ),
)
menu.fill(
    "purchasing.purchaseorder",
    MenuEntry(
        "procurement",
        gettext_lazy("Purchase orders"),
        "purchasing:purchaseorder_list",
        "shopping-cart",
        "purchasing.view_purchaseorder",
        order=30,
    ),
)
palette.fill("purchasing.order", Search(gettext_lazy("Orders"), find_orders, prefix="po:", order=12))
palette.fill("purchasing.requisition", Search(gettext_lazy("Requisitions"), find_requisitions, prefix="req:", order=14))
palette.fill("purchasing.actions", Search(gettext_lazy("Do"), actions, order=6))
work.fill("purchasing.buyer", WorkList(gettext_lazy("To buy"), "tasks", buyer_rows, order=30))
tiles.fill(
    "purchasing.deliveries",
    Tile(
        gettext_lazy("Deliveries this week"),
        deliveries,
        "purchasing.view_purchaseorder",
        "purchasing:purchaseorder_list",
        order=60,
    ),
)
