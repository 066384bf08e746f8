"""Whom Calder & Wren buys goods from, and what they ask for them."""

from decimal import Decimal
from typing import Any

from backoffice.core.rounding import rounded
from backoffice.core.sample import World
from backoffice.currencies import conversion
from procurement.suppliers import standing
from procurement.suppliers.models import Supplier, SupplierItem

TRADES = {"goods", "packaging", "print", "safety", "cleaning"}
D = Decimal


def load(world: World) -> None:
    """Approved suppliers with prices; one that is only proposed, one that is blocked."""
    rosa = world.people["rosa"]
    chosen = [(party, trade) for party, trade in world.things["suppliers"] if trade in TRADES]
    made = Supplier.objects.bulk_create(
        [
            Supplier(
                company=world.company,
                party=party,
                state=Supplier.State.APPROVED,
                order_email=party.email.replace("accounts@", "orders@"),
                payment_days=party.payment_days,
                lead_days=world.random.randint(3, 14),
                terms="Delivered, duty paid" if party.country != "GB" else "Delivered",
                entered_by=rosa,
                changed_by=world.people["priya"],
            )
            for party, trade in chosen[:-2]
        ]
    )
    proposed = Supplier(company=world.company, party=chosen[-1][0], payment_days=30)
    standing.enter(proposed, by=rosa)
    doubtful = standing.enter(Supplier(company=world.company, party=chosen[-2][0], payment_days=30), by=rosa)
    standing.block(doubtful, by=rosa, reason="Bank details were changed by a caller nobody knows")
    world.things["sellers"] = {supplier.party.name: supplier for supplier in made}
    _prices(world, made, {party.pk: trade for party, trade in chosen})


def _prices(world: World, suppliers: list[Supplier], trades: dict[int, str]) -> None:
    """Packaging from the packaging suppliers, goods from the others: two offers for every third item."""
    goods = [s for s in suppliers if trades[s.party_id] == "goods"]
    packers = [s for s in suppliers if trades[s.party_id] == "packaging"]
    rows = []
    for place, item in enumerate(world.things["items"].values()):
        if item.kind != "stock":
            continue
        sellers = packers if item.category.code == "PACK" else goods
        first = sellers[place % len(sellers)] if item.category.code != "PACK" else _northmoor(packers)
        rows.append(_price(world, first, item, D(1)))
        if place % 3 == 0 and len(sellers) > 1:
            other = next(s for s in sellers[(place + 1) % len(sellers) :] + sellers if s is not first)
            rows.append(_price(world, other, item, world.between("1.01", "1.08")))
    SupplierItem.objects.bulk_create(rows)


def _northmoor(packers: list[Supplier]) -> Supplier:
    return next((s for s in packers if s.party.name.startswith("Northmoor")), packers[0])


def _price(world: World, supplier: Supplier, item: Any, factor: Decimal) -> SupplierItem:
    rate = conversion.rate(supplier.party.currency, world.company.currency, world.starts_on)
    initials = "".join(word[0] for word in supplier.party.name.split()[:2]).upper()
    return SupplierItem(
        supplier=supplier,
        item=item,
        code=f"{initials}-{item.code}",
        price=rounded(D(item.standard_cost) * factor / rate, 2),
        currency=supplier.party.currency,
        valid_from=world.starts_on,
    )
