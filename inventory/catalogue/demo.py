"""What Calder & Wren sells and uses: home and kitchen ware, packaging, and equipment of its own."""

from decimal import Decimal

from backoffice.core.sample import World
from inventory.catalogue.models import Barcode, Category, Item, ItemUnit, Unit

D = Decimal
Method = Category.Method
# code, name, method, account of what is issued
CATEGORIES = [
    ("HOME", "Home and kitchen ware", Method.AVERAGE, "5110"),
    ("TABLE", "Tableware", Method.FIFO, "5110"),
    ("PACK", "Packaging", Method.FIFO, "5130"),
    ("PARTS", "Spare parts", Method.STANDARD, "5110"),
    ("EQUIP", "Equipment", Method.AVERAGE, "7180"),
    ("SERV", "Services", Method.AVERAGE, "7160"),
]
THINGS = {
    "HOME": (
        "Chopping board|Mixing bowl|Colander|Bread bin|Dish rack|Kettle|Storage jar|Draining mat|Oven glove|Apron"
        "|Tea towel|Laundry basket|Door mat|Candle holder|Picture frame|Waste bin"
    ),
    "TABLE": "Dinner plate|Side plate|Cereal bowl|Mug|Espresso cup|Serving dish|Tumbler|Wine glass|Carafe|Salad bowl",
    "PARTS": "Castor|Hinge|Handle|Lid seal|Filter",
}
LOOKS = ["oak", "beech", "slate", "cream", "navy", "sage"]
SIZES = ["small", "medium", "large"]
# code, name, cost of one
PACKAGING = [
    ("MBX-40", "Mailing box 400×300×150", "14.34"),
    ("MBX-60", "Mailing box 600×400×300", "14.20"),
    ("PTP-48", "Paper tape, 48 mm", "3.60"),
    ("VDF-10", "Void fill, 10 kg", "12.04"),
    ("LBL-A6", "Label roll A6", "8.15"),
    ("PAL-EU", "Euro pallet", "11.50"),
]
# code, name, becomes equipment
OTHERS = [
    ("LAP-14", "Laptop 14 inch, 32 GB", "EQUIP", True),
    ("MON-27", "Monitor 27 inch", "EQUIP", True),
    ("PRN-ZD", "Label printer", "EQUIP", True),
    ("PHN-01", "Mobile phone", "EQUIP", True),
    ("SRV-HR", "Consulting hour", "SERV", False),
]


def load(world: World) -> None:
    """Categories, some 250 items with barcodes, packs for packaging."""
    account = world.things["account"]
    units = {unit.code: unit for unit in Unit.objects.all()}
    groups = {
        code: Category.objects.create(
            company=world.company,
            code=code,
            name=name,
            cost_method=method,
            cost_account=account[cost],
            capitalise_from=D("150" if code == "EQUIP" else "0"),
        )
        for code, name, method, cost in CATEGORIES
    }
    items = [
        Item(company=world.company, code=code, name=name, category=groups[group], unit=units["C62"], standard_cost=cost)
        for code, name, group, cost in _goods(world)
    ]
    items += [
        Item(
            company=world.company,
            code=code,
            name=name,
            category=groups[group],
            unit=units["HUR" if group == "SERV" else "C62"],
            kind=Item.Kind.SERVICE if group == "SERV" else Item.Kind.EXPENSE,
            is_asset=is_asset,
        )
        for code, name, group, is_asset in OTHERS
    ]
    Item.objects.bulk_create(items)
    world.things["items"] = {item.code: item for item in items}
    boxes = [
        ItemUnit(item=world.things["items"][code], name="pack of 25", unit=units["C62"], numerator=25)
        for code in ("MBX-40", "MBX-60")
    ]
    ItemUnit.objects.bulk_create(boxes)
    codes = [Barcode(company=world.company, item=item, code=_gtin(500, n)) for n, item in enumerate(items, 1)]
    codes += [Barcode(company=world.company, item=u.item, item_unit=u, code=_gtin(501, n)) for n, u in enumerate(boxes)]
    Barcode.objects.bulk_create(codes)


def _goods(world: World) -> list[tuple[str, str, str, Decimal]]:
    rows = [(code, name, "PACK", D(cost)) for code, name, cost in PACKAGING]
    for group, words in THINGS.items():
        for word in words.split("|"):
            short = "".join(part[0] for part in word.split()).upper() + word.replace(" ", "")[1:3].upper()
            for look in LOOKS[: 2 if group == "PARTS" else 3]:
                for size in SIZES[: 2 if group == "TABLE" else 3]:
                    code = f"{short}-{look[:2].upper()}{size[0].upper()}"
                    cost = world.between("2.10", "28.00")
                    rows.append((code, f"{word}, {look}, {size}", group, cost))
    return list({row[0]: row for row in rows}.values())


def _gtin(prefix: int, number: int) -> str:
    """A GTIN-13 with its check digit (GS1 General Specifications 7.9)."""
    body = f"{prefix}7654{number:05d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-total % 10}"
