"""Two months of requisitions, orders and receipts; the order to Northmoor that a bill differs from."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from backoffice.core.sample import World
from backoffice.workflow.models import ApprovalRule
from inventory.stock import receiving
from inventory.stock.models import Expected, GoodsReceipt, ReceiptLine
from procurement.purchasing import approving, ordering, requesting, sample_bills, sending
from procurement.purchasing.models import OrderLine, PurchaseOrder, Requisition, Series
from procurement.purchasing.requesting import Need
from procurement.suppliers.models import SupplierItem

D = Decimal
NORTHMOOR = 3311  # the number of the order that everybody talks about
BOXES = [("MBX-60", "600", "14.20"), ("PTP-48", "144", "3.60"), ("VDF-10", "40", "12.04")]
HISTORY = 24
# requester, department, cost centre, what for, [(item or words, category, quantity, price)], how far it has come
WISHES: list[tuple[str, str, str, str, list[tuple[str, str, str, str]], str]] = [
    ("owen", "WH", "LEEDS", "Labels and tape for the Christmas peak", [("LBL-A6", "", "60", ""), ("PTP-48", "", "72", "")], "approved"),
    ("ben", "IT", "IT", "Laptops for the two starters in January", [("LAP-14", "", "2", "1180"), ("MON-27", "", "2", "240")], "approved"),
    ("owen", "WH", "BRIS", "Pallets, Bristol", [("PAL-EU", "", "40", "")], "submitted"),
    ("tom", "FIN", "HO", "Shelving for the archive", [("Steel shelving, 2 m", "EQUIP", "6", "189")], "submitted"),
    ("hannah", "FIN", "HO", "Payroll year-end course", [("Course place, one day", "SERV", "1", "395")], "draft"),
]  # fmt: skip


def load(world: World) -> None:
    """Rules, orders of the last weeks with their receipts, and what waits for whom today."""
    for kind, steps in (("requisition", ((0, 1), (5_000, 2))), ("purchaseorder", ((0, 1), (20_000, 2)))):
        for above, approvers in steps:
            ApprovalRule.objects.create(
                company=world.company, kind=f"purchasing.{kind}", from_amount=above, approvers=approvers
            )
    days = sorted(world.random.randint(4, 55) for _n in range(HISTORY))[::-1]
    before = [day for day in days if day > 19]
    Series.objects.create(company=world.company, kind="PO", year=world.today.year, last=NORTHMOOR - len(before) - 1)
    for day in before:
        _history(world, day)
    _northmoor(world)
    for day in days[len(before) :]:
        _history(world, day)
    _wishes(world)
    _under_way(world)
    sample_bills.load(world)


def _history(world: World, ago: int) -> None:
    """An order of some days ago with what has come of it."""
    sellers = [s for s in world.things["sellers"].values() if s.items.exists() and s.party.currency == "GBP"]
    seller = world.random.choice(sellers)
    offers = list(SupplierItem.objects.filter(supplier=seller).select_related("item"))
    some = world.random.sample(offers, min(len(offers), world.random.randint(1, 5)))
    rows = [(offer.item, D(world.random.randint(2, 24) * 5), offer.price) for offer in some]
    order = _ordered(world, seller, rows, ago)
    if ago > seller.lead_days + 1:
        share = world.random.choice([D(1), D(1), D(1), D("0.4")])
        _receive(world, order, ago - seller.lead_days, share)


def _northmoor(world: World) -> None:
    """Packing material as it was ordered; twelve boxes came damaged and were refused."""
    items = world.things["items"]
    seller = world.things["sellers"]["Northmoor Packaging Ltd"]
    order = _ordered(world, seller, [(items[code], D(n), D(price)) for code, n, price in BOXES], 19)
    world.things["order Northmoor"] = order
    _receive(world, order, 7, D(1), damaged=12)


def _ordered(world: World, seller: Any, rows: list[tuple[Any, Decimal, Decimal]], ago: int) -> PurchaseOrder:
    """An order that was approved and sent so many days ago; mails of the past are not sent again."""
    day = world.today - timedelta(days=ago)
    order = PurchaseOrder(
        company=world.company,
        supplier=seller,
        ordered_on=day,
        needed_on=day + timedelta(days=seller.lead_days),
        warehouse=world.things["warehouse LN"],
        currency=seller.party.currency,
        payment_days=seller.payment_days,
    )
    centre = world.things["cost centre LEEDS"]
    lines = [OrderLine(item=item, quantity=n, price=price, cost_centre=centre) for item, n, price in rows]
    ordering.enter(order, by=world.people["rosa"], lines=lines)
    order = approving.submit(PurchaseOrder.objects.get(pk=order.pk), by=world.people["rosa"])
    order = approving.approve(order, by=world.people["priya"])
    if order.state == PurchaseOrder.State.SUBMITTED:
        order = approving.approve(order, by=world.people["grace"])
    sending.record(order, by=world.people["rosa"])
    moment = timezone.make_aware(datetime.combine(day, time(10, 20)))
    order.state, order.sent_at = PurchaseOrder.State.SENT, moment
    order.save(update_fields=["state", "sent_at", "revision"])
    PurchaseOrder.objects.filter(pk=order.pk).update(entered_at=moment)
    return order


def _receive(world: World, order: PurchaseOrder, ago: int, share: Decimal, damaged: int = 0) -> None:
    """What came, counted in by the storekeeper."""
    day = world.today - timedelta(days=ago)
    receipt = GoodsReceipt.objects.create(
        company=world.company,
        warehouse=order.warehouse or world.things["warehouse LN"],
        party=order.supplier.party,
        received_on=day,
        delivery_note=f"DN {world.random.randint(10_000, 99_999)}",
        entered_by=world.people["imran"],
        changed_by=world.people["imran"],
    )
    place = world.things["bins"]["LN A-01"]
    ReceiptLine.objects.bulk_create(
        ReceiptLine(
            receipt=receipt,
            place=n,
            expected=row,
            item=row.item,
            quantity=((row.quantity * share).quantize(D(1)) or D(1)) - (damaged if n == 1 else 0),
            rejected=damaged if n == 1 else 0,
            reason=ReceiptLine.Reason.DAMAGED if damaged and n == 1 else "",
            unit_cost=row.unit_cost,
            bin=place,
        )
        for n, row in enumerate(
            Expected.objects.filter(origin_id=order.pk, party=order.supplier.party).order_by("place"), 1
        )
    )
    receiving.post(GoodsReceipt.objects.get(pk=receipt.pk), by=world.people["imran"])


def _wishes(world: World) -> None:
    """What colleagues asked for: some to order, some to approve, one still a draft."""
    items = world.things["items"]
    categories = {item.category.code: item.category for item in items.values()}
    for person, department, centre, purpose, rows, state in WISHES:
        needs = [
            Need(D(n), items[what], price=D(price) if price else None)
            if what in items
            else Need(D(n), text=what, category=categories[category], price=D(price))
            for what, category, n, price in rows
        ]
        by = world.people[person]
        wish = requesting.request(
            world.company,
            needs,
            requester=by,
            by=by,
            department=world.things[f"department {department}"],
            cost_centre=world.things[f"cost centre {centre}"],
            purpose=purpose,
            needed_on=world.today + timedelta(days=world.random.randint(7, 40)),
            submit=state != "draft",
        )
        if state == "approved":
            approver = world.people["marcus" if department == "WH" else "priya"]
            requesting.approve(Requisition.objects.get(pk=wish.pk), by=approver)


def _under_way(world: World) -> None:
    """An order that waits for approval, and one that is approved and waits to be sent."""
    rosa = world.people["rosa"]
    seller = world.things["sellers"]["Northmoor Packaging Ltd"]
    for code, n, ready in (("PTP-48", "288", False), ("LBL-A6", "40", True)):
        row = next(offer for offer in seller.items.filter(item__code=code).select_related("item"))
        order = PurchaseOrder(
            company=world.company,
            supplier=seller,
            ordered_on=world.today,
            needed_on=world.today + timedelta(days=seller.lead_days),
            warehouse=world.things["warehouse LN"],
            currency=seller.party.currency,
            payment_days=seller.payment_days,
        )
        centre = world.things["cost centre LEEDS"]
        ordering.enter(
            order, by=rosa, lines=[OrderLine(item=row.item, quantity=D(n), price=row.price, cost_centre=centre)]
        )
        order = approving.submit(PurchaseOrder.objects.get(pk=order.pk), by=rosa)
        if ready:
            approving.approve(order, by=world.people["priya"])
