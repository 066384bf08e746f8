"""Stock of Calder & Wren: two warehouses, what lay there two years ago, and what was used in the last weeks."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from backoffice.core.rounding import ZERO, shared
from backoffice.core.sample import World
from backoffice.documents import keeping
from finance.ledger import periods, posting
from finance.ledger.posting import Posting
from inventory.stock import accounting, counting, issuing, moving
from inventory.stock.models import Bin, GoodsIssue, IssueLine, StockCount, StockMove, Warehouse
from inventory.stock.moving import Movement

D = Decimal
OPENING = D("684200.00")  # what lay in stock when the sample begins; the ledger's opening leaves it to us
PLACES = [
    ("LN", "Leeds North", "WH", "LS9 8AG", "Leeds", ["IN", "QUAR", "A-01", "A-02", "A-03", "B-01", "B-02", "PACK"]),
    ("BR", "Bristol", "WH", "BS3 2NS", "Bristol", ["IN", "QUAR", "C-01", "C-02"]),
]
WEEKS = 13


def load(world: World) -> None:
    """Places, opening stock, weekly use, a count that waits for approval."""
    world.things["bins"] = {}
    for code, name, department, postcode, city, bins in PLACES:
        house = Warehouse.objects.create(
            company=world.company,
            department=world.things[f"department {department}"],
            code=code,
            name=name,
            street="Cross Green Way" if code == "LN" else "Temple Gate",
            postcode=postcode,
            city=city,
        )
        world.things[f"warehouse {code}"] = house
        for place in bins:
            kind = {"IN": Bin.Kind.RECEIVING, "QUAR": Bin.Kind.QUARANTINE}.get(place, Bin.Kind.STORAGE)
            world.things["bins"][f"{code} {place}"] = Bin.objects.create(warehouse=house, code=place, kind=kind)
    held = _open(world)
    _use(world, held)
    _count(world, held)


def _open(world: World) -> list[tuple[Any, Bin, Decimal]]:
    """What lay there at the start, worth exactly what the books say."""
    goods = [item for item in world.things["items"].values() if item.kind == "stock"]
    shelves = [place for place in world.things["bins"].values() if place.kind == Bin.Kind.STORAGE]
    # what everything is packed in lies there by the pallet and leaves by the bundle
    pieces = [D(world.random.randint(*((1100, 1800) if item.category.code == "PACK" else (60, 400)))) for item in goods]
    standard = [item.method == "standard" for item in goods]
    fixed = sum((item.standard_cost * n for item, n, s in zip(goods, pieces, standard, strict=True) if s), ZERO)
    weights = [
        ZERO if is_fixed else item.standard_cost * n for item, n, is_fixed in zip(goods, pieces, standard, strict=True)
    ]
    parts = shared(OPENING - fixed, weights)
    accounts = accounting.accounts_of(world.company)
    movements, held = [], []
    for place, (item, quantity, part, is_fixed) in enumerate(zip(goods, pieces, parts, standard, strict=True)):
        cost = item.standard_cost if is_fixed else part / quantity
        where = shelves[place % len(shelves)]
        held.append((item, where, quantity))
        retained = accounts["retained"]
        movements.append(Movement(item, where, quantity, StockMove.Kind.OPENING, retained, unit_cost=cost))
    day, words = world.starts_on, "Opening stock (sample)"
    with transaction.atomic():
        locked = periods.lock(world.company, day, journal="OPEN")
        moved = moving.move(
            world.company, movements, on=day, origin=world.company, name=words,
            entry_id=locked.entry_ids[0], accounts=accounts,
        )  # fmt: skip
        entry = Posting(on=day, lines=moved.lines, text=words, journal="OPEN", origin=world.company, event="stock")
        posting.write_held(world.company, entry, locked, by=world.people["grace"])
    return held


def _use(world: World, held: list[tuple[Any, Bin, Decimal]]) -> None:
    """Every week of the last quarter packaging and some goods go to the warehouses' cost centres."""
    packing = [row for row in held if row[0].category.code == "PACK"]
    others = [row for row in held if row[0].category.code != "PACK"]
    by = world.people["imran"]
    for week in range(WEEKS, 0, -1):
        day = world.today - timedelta(days=7 * week - 4)
        for code, centre in (("LN", "LEEDS"), ("BR", "BRIS")):
            house = world.things[f"warehouse {code}"]
            rows = [r for r in packing if r[1].warehouse == house]
            rows += world.random.sample([r for r in others if r[1].warehouse == house], 8)
            issue = GoodsIssue(
                company=world.company,
                warehouse=house,
                cost_centre=world.things[f"cost centre {centre}"],
                issued_on=day,
                text="Packed and shipped",
            )
            lines = [
                IssueLine(
                    item=i, bin=b, quantity=D(world.random.randint(*((45, 95) if (i, b, q) in packing else (1, 6))))
                )
                for i, b, q in rows
            ]
            keeping.enter(issue, by=by, lines=lines)
            issuing.post(GoodsIssue.objects.get(pk=issue.pk), by=by)


def _count(world: World, held: list[tuple[Any, Bin, Decimal]]) -> None:
    """Packaging in Leeds was counted this week; the difference waits for Marcus."""
    by, house = world.people["imran"], world.things["warehouse LN"]
    count = StockCount(company=world.company, warehouse=house, counted_on=world.today, text="Packaging")
    keeping.enter(count, by=by)
    rows = [(item, place) for item, place, _q in held if item.category.code == "PACK" and place.warehouse == house]
    counting.begin(count, rows, by=by)
    for number, line in enumerate(count.lines.select_related("count", "item")):
        booked = line.item.on_hand.get(bin=line.bin_id).quantity
        counting.write_down(line, booked - (2 if number == 0 else 0), by=by)
    counting.submit(StockCount.objects.get(pk=count.pk), by=by)
