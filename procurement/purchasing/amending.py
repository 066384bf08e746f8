"""Changing what the supplier knows already: a new revision, what differs in it, and whether that needs approval."""

from copy import copy
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.core.flow import held
from inventory.catalogue.models import Item
from procurement.purchasing.models import OrderLine, PurchaseOrder, Revision
from procurement.purchasing.requesting import plain

LINE_FIELDS = (
    "id", "place", "item_id", "supplier_code", "text", "category_id", "quantity", "cancelled", "unit_id", "numerator",
    "denominator", "price", "net", "tax_code_id", "account_id", "cost_centre_id", "needed_on",
)  # fmt: skip
HEAD_FIELDS = (
    "needed_on", "warehouse_id", "payment_days", "billed_on", "note", "net", "tax", "total", "amount_company",
)  # fmt: skip


def is_received(line: OrderLine) -> bool:
    """Whether the thing arrives and is received; services and words are billed as they were ordered."""
    return line.item is not None and line.item.kind != Item.Kind.SERVICE


@PurchaseOrder.flow.verb
def amend(order: PurchaseOrder, *, by: Any) -> None:
    """Open a sent order for changes; what is expected stays as it was until the new revision is sent."""


@PurchaseOrder.flow.verb
def drop_amendment(order: PurchaseOrder, *, by: Any) -> None:
    """Bring head and lines back to what the supplier was sent last."""
    sent = last(order)
    if sent is None:
        raise Refused(_("The supplier was sent nothing yet."), code="state")
    for name in HEAD_FIELDS:
        setattr(order, name, _read(order, name, sent.content["head"]))
    rows = sent.content["lines"]
    order.lines.exclude(pk__in=[row["id"] for row in rows]).delete()
    known = set(order.lines.values_list("pk", flat=True))
    lines = [_line(order, row) for row in rows]
    OrderLine.objects.bulk_create([line for line in lines if line.pk not in known])
    OrderLine.objects.bulk_update(
        [line for line in lines if line.pk in known], [name.removesuffix("_id") for name in LINE_FIELDS if name != "id"]
    )


def lines_of(order: PurchaseOrder) -> list[OrderLine]:
    """The lines by place with what verbs read of them; once while a verb holds the order."""
    names = ("item__unit", "unit", "account", "cost_centre", "tax_code")
    return held(order, "lines", lambda: list(order.lines.select_related(*names).order_by("place")))


def last(order: PurchaseOrder) -> Revision | None:
    """What the supplier was sent last."""
    return order.revisions.order_by("-number").first()


def as_sent(order: PurchaseOrder, number: int) -> tuple[PurchaseOrder, list[OrderLine]]:
    """A copy of the order and its lines as the supplier was sent them in a revision; never to be saved."""
    kept = order.revisions.get(number=number).content
    sent = copy(order)
    sent.revision = number
    for name in HEAD_FIELDS:
        setattr(sent, name, _read(order, name, kept["head"]))
    lines = [_line(sent, row) for row in kept["lines"]]
    prefetch_related_objects(lines, "item__unit", "unit", "tax_code")
    return sent, lines


def content(order: PurchaseOrder) -> dict[str, Any]:
    """Head and lines as they are kept with a revision; amounts as text, so that nothing is rounded."""
    return {
        "head": {name: plain(getattr(order, name)) for name in HEAD_FIELDS},
        "lines": [{name: plain(getattr(row, name)) for name in LINE_FIELDS} for row in lines_of(order)],
    }


def is_worse(order: PurchaseOrder) -> bool:
    """Whether an amendment asks for more: a higher total, price or quantity, a new line, a later day."""
    sent = last(order)
    if sent is None:
        return True
    before, now = sent.content, content(order)
    known = {row["id"]: row for row in before["lines"]}
    if Decimal(now["head"]["total"]) > Decimal(before["head"]["total"]):
        return True
    if now["head"]["needed_on"] > before["head"]["needed_on"]:
        return True
    for row in now["lines"]:
        old = known.get(row["id"])
        if old is None or any(Decimal(row[name]) > Decimal(old[name]) for name in ("price", "quantity")):
            return True
        if any(row[name] != old[name] for name in ("item_id", "text", "unit_id", "account_id", "cost_centre_id")):
            return True
    return False


def differences(order: PurchaseOrder) -> list[tuple[str, str, str, str]]:
    """What differs from what was sent last: which line, which field, was, is; names of fields for people."""
    sent = last(order)
    if sent is None:
        return []
    before, now = sent.content, content(order)
    rows = [
        ("", _words(order, name), before["head"][name], now["head"][name])
        for name in ("needed_on", "payment_days", "total")
        if before["head"][name] != now["head"][name]
    ]
    old = {row["id"]: row for row in before["lines"]}
    for row in now["lines"]:
        was = old.pop(row["id"], None)
        if was is None:
            rows.append((row["place"], str(_("new line")), "", row["text"] or row["quantity"]))
            continue
        rows += [
            (row["place"], _words(OrderLine(), name), was[name], row[name])
            for name in ("text", "quantity", "price", "needed_on")
            if was[name] != row[name]
        ]
    return rows + [(row["place"], str(_("line dropped")), row["text"] or row["quantity"], "") for row in old.values()]


def _words(row: Any, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)


def _line(order: PurchaseOrder, values: dict[str, str]) -> OrderLine:
    return OrderLine(order=order, **{name: _read(OrderLine, name, values) for name in LINE_FIELDS})


def _read(row: Any, name: str, values: dict[str, str]) -> Any:
    field = row._meta.get_field(name.removesuffix("_id"))
    value = values[name]
    return None if value == "" and field.null else field.to_python(value)


def not_editable(order: PurchaseOrder, user: Any) -> Exception | None:
    """Why an order cannot be typed into: only drafts and amendments can."""
    if order.state in (PurchaseOrder.State.DRAFT, PurchaseOrder.State.AMENDING):
        return None
    words = {"order": order, "state": order.get_state_display().lower()}
    return Refused(_("%(order)s is %(state)s and can't be edited.") % words, code="state")
