"""Orders as drafts: typed by a buyer, or made from what colleagues asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO, rounded
from backoffice.currencies import conversion
from backoffice.documents import keeping
from finance.payables.models import SupplierTerms
from inventory.catalogue.models import Item
from inventory.stock.models import Warehouse
from procurement.purchasing import covering, standing, totalling
from procurement.purchasing.models import Coverage, OrderLine, PurchaseOrder, RequisitionLine
from procurement.suppliers import prices
from procurement.suppliers.models import Supplier, SupplierItem
from procurement.suppliers.standing import demand_approved

State = PurchaseOrder.State
OPEN = (State.DRAFT, State.AMENDING)


@dataclass(frozen=True)
class Portion:
    """How much of a requisition's line goes into an order; without a quantity all that is open."""

    line_id: int
    quantity: Decimal | None = None


def order_from(
    portions: Iterable[Portion],
    *,
    supplier: Supplier,
    by: Any,
    warehouse: Warehouse | None = None,
    on: date | None = None,
) -> PurchaseOrder:
    """One draft order to a supplier from lines of several requisitions; equal wishes become one line.

    Lines of one item, unit and cost centre are added up; prices are the supplier's, else the estimate. Raises
    `Refused` where the supplier may not be ordered from or a line has less left to order, `PermissionDenied` without
    the right to add orders.
    """
    asked = {portion.line_id: portion.quantity for portion in portions}
    today = on or timezone.localdate()
    demand_approved(supplier)
    with transaction.atomic():
        wishes = covering.locked(sorted(asked))
        if len(wishes) != len(asked) or not asked:
            raise Refused(_("Choose lines that are left to order."), code="open")
        amounts: dict[int, Decimal] = {}
        for key, row in wishes.items():
            amounts[key] = asked[key] or row.open  # type: ignore[attr-defined]
            covering.demand_open(row, amounts[key])
            if row.requisition.company_id != supplier.company_id:
                raise Refused(_("%s is asked for by another company.") % row, code="company")
        groups = _grouped(wishes.values())
        order = _head(supplier, by, warehouse, today, min(r.requisition.needed_on for r in wishes.values()))
        lines = [_line_for(rows, sum((amounts[row.pk] for row in rows), ZERO)) for rows in groups]
        propose(lines, supplier, on=today, currency=order.currency)
        _estimate(lines, groups, supplier, today, order.currency)
        enter(order, by=by, lines=lines)
        Coverage.objects.bulk_create(
            Coverage(order_line=line, requisition_line=row, quantity=amounts[row.pk])
            for line, rows in zip(lines, groups, strict=True)
            for row in rows
        )
        covering.settle(sorted({row.requisition_id for row in wishes.values()}), by=by)
    return order


def _grouped(rows: Iterable[RequisitionLine]) -> list[list[RequisitionLine]]:
    """Wishes that make one line: the same item in the same unit for the same cost centre; words stay alone."""
    groups: dict[Any, list[RequisitionLine]] = {}
    for row in rows:
        key = (row.item_id, row.unit_id, row.requisition.cost_centre_id) if row.item_id else ("words", row.pk)
        groups.setdefault(key, []).append(row)
    return list(groups.values())


def _head(supplier: Supplier, by: Any, warehouse: Warehouse | None, on: date, needed_on: date) -> PurchaseOrder:
    return PurchaseOrder(
        company=supplier.company,
        supplier=supplier,
        buyer=by,
        ordered_on=on,
        needed_on=max(needed_on, on + timedelta(days=supplier.lead_days)),
        warehouse=warehouse or Warehouse.objects.filter(company=supplier.company).order_by("pk").first(),
        currency=supplier.party.currency,
        payment_days=supplier.payment_days,
        billed_on=supplier.billed_on,
    )


def _line_for(rows: list[RequisitionLine], quantity: Decimal) -> OrderLine:
    """An order line that brings these wishes."""
    first = rows[0]
    return OrderLine(
        item=first.item,
        text=first.text,
        category=first.category,
        unit=first.unit,
        quantity=quantity,
        cost_centre=first.requisition.cost_centre,
    )


def _estimate(
    lines: Sequence[OrderLine], groups: Sequence[list[RequisitionLine]], supplier: Supplier, on: date, currency: str
) -> None:
    """Where no price was agreed the estimate stands in, in the order's currency, for the buyer to put right."""
    for line, rows in zip(lines, groups, strict=True):
        if not has_price(line):
            rate = conversion.rate(currency, supplier.company.currency, on)
            line.price = rounded((rows[0].price or ZERO) / rate, 6)


def has_price(line: Any) -> bool:
    """Whether somebody said or agreed a price; nought is one."""
    return line.price is not None


def propose(lines: Sequence[OrderLine], supplier: Supplier, *, on: date, currency: str) -> None:
    """Fill what is empty in lines from their items, the supplier's prices and the supplier's usual coding.

    Two queries, however many lines. Raises `Refused` for a unit that belongs to another item.
    """
    agreed = prices.agreed(supplier, [line.item_id for line in lines if line.item_id], on=on, currency=currency)
    terms = SupplierTerms.objects.filter(party=supplier.party_id).select_related("account", "tax_code").first()
    for line in lines:
        _take_from_item(line, prices.for_quantity(agreed.get(line.item_id or 0, []), line.quantity))
        if terms is not None:
            line.tax_code = line.tax_code or terms.tax_code
            if line.item is None or not (line.item.kind == Item.Kind.STOCK or line.item.is_asset):
                line.account = line.account or terms.account


def _take_from_item(line: OrderLine, price: SupplierItem | None) -> None:
    item = line.item
    if item is None:
        return
    if line.unit is not None and line.unit.item_id != item.pk:
        raise Refused(_("“%(unit)s” is not a unit of %(item)s.") % {"unit": line.unit, "item": item}, code="unit")
    line.category = item.category
    line.numerator, line.denominator = prices.ratio(line.unit)
    line.tax_code = line.tax_code or item.tax_code
    line.account = line.account or item.account
    if price is None:
        return
    line.supplier_code = line.supplier_code or price.code
    if not has_price(line):
        up, down = prices.ratio(price.unit)
        line.price = rounded(price.price * down * line.numerator / (up * line.denominator), 6)


def enter(order: PurchaseOrder, *, by: Any, lines: Sequence[OrderLine] = ()) -> PurchaseOrder:
    """Save a new draft with its lines. Raises `Refused` where no exchange rate is known."""
    if not order.buyer_id:
        order.buyer = by
    prepare(order, lines)
    return keeping.enter(order, by=by, lines=lines)


def change(order: PurchaseOrder, *, by: Any, version: int, lines: Sequence[OrderLine] | None = None) -> PurchaseOrder:
    """Save the changes of a draft or an amendment; without `lines` they stay as they are."""
    demand_open(order)
    kept = list(order.lines.select_related("item", "unit", "tax_code")) if lines is None else list(lines)
    if lines is not None:
        _same_lines(order, kept)
    prepare(order, kept)
    demand_not_below_received(order, kept)
    touched = _covered_by(order)
    with transaction.atomic():
        keeping.change(order, by=by, version=version, lines=None if lines is None else kept)
        covering.settle(touched, by=by)
    return order


def _same_lines(order: PurchaseOrder, lines: Sequence[OrderLine]) -> None:
    """A program replaces lines without their keys: one that names the same thing in the same place stays that line."""
    known = {line.place: line for line in order.lines.all()}
    for place, line in enumerate(lines, start=1):
        old = known.get(place)
        if not line.pk and old is not None and (old.item_id, old.text) == (line.item_id, line.text):
            line.pk, line.cancelled = old.pk, old.cancelled


def _covered_by(order: PurchaseOrder) -> list[int]:
    rows = Coverage.objects.filter(order_line__order=order)
    return sorted(set(rows.values_list("requisition_line__requisition", flat=True)))


def stored(order: PurchaseOrder, lines: Sequence[OrderLine], removed: Sequence[OrderLine], *, by: Any) -> PurchaseOrder:
    """Write what the form holds: it has asked for the right to the screen, locked and stamped the row."""
    action = "add" if order.pk is None else "change"
    if denied := authority.only.refusal(by, f"purchasing.{action}_purchaseorder", order):
        raise denied
    demand_open(order)
    if not order.buyer_id:
        order.buyer = by
    prepare(order, lines)
    demand_not_below_received(order, lines)
    order.save()
    touched = _covered_by(order) if removed else []
    for line in removed:
        line.delete()
    for place, line in enumerate(lines, start=1):
        line.order, line.place = order, place
        line.save()
    covering.settle(touched, by=by)
    return order


def prepare(order: PurchaseOrder, lines: Sequence[OrderLine]) -> None:
    """Set what follows from the typed fields: rate, units, coding, sums of lines and order."""
    own = order.company.currency
    if order.currency == own:
        order.rate = Decimal(1)
    elif order.rate is None:
        order.rate = conversion.rate(order.currency, own, order.ordered_on)
    propose(lines, order.supplier, on=order.ordered_on, currency=order.currency)
    for line in lines:
        if not has_price(line):
            raise Refused(_("Say the price of “%s”.") % line, code="price")
    resum(order, lines)


def resum(order: PurchaseOrder, lines: Sequence[OrderLine]) -> None:
    """Set the sums of lines and order to what still stands; nothing is saved."""
    digits = conversion.digits(order.currency)
    for line in lines:
        line.net = totalling.net_of(line, digits)
    sums = totalling.totals(lines, on=order.ordered_on, digits=digits)
    order.net, order.tax, order.total = sums.net, sums.tax, sums.total
    order.amount_company = conversion.converted(sums.total, order.rate or Decimal(1), order.company.currency)


def demand_open(order: PurchaseOrder) -> None:
    """Raise `Refused` when the order can't be typed into: whoever wants to change it withdraws or amends it first."""
    if order.state not in OPEN:
        raise Refused(
            _("%(order)s is %(state)s: withdraw or amend it before you change it.")
            % {"order": order, "state": order.get_state_display().lower()},
            code="state",
        )


def demand_not_below_received(order: PurchaseOrder, lines: Sequence[OrderLine]) -> None:
    """Raise `Refused` where an amendment goes below what was received or billed, or drops such a line."""
    if order.revision == 0 or order.pk is None:
        return
    kept = {line.pk: line for line in lines}
    for key, done in standing.of(order.lines.values_list("pk", flat=True)).items():
        line, least = kept.get(key), max(done.received, done.billed)
        if least and (line is None or line.live < least):
            raise Refused(
                _("%(done)s of line %(place)s are received or billed: it cannot be less.")
                % {"done": format(least.normalize(), "f"), "place": done.line.place},
                code="received",
            )
        if least and line is not None and (line.unit_id, line.item_id) != (done.line.unit_id, done.line.item_id):
            raise Refused(_("Line %s is received in part: item and unit stay.") % done.line.place, code="received")
