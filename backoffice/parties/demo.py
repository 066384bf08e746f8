"""Suppliers and customers of the sample, each with a valid VAT number and bank account."""

from datetime import datetime, time
from typing import Any

from schwifty import IBAN
from stdnum.gb import vat

from backoffice.core.encryption import fingerprint
from backoffice.core.sample import World
from backoffice.parties.models import Party, PartyBankAccount

# name, country, currency, payment days, what they bill (a key of finance.payables.demo.TRADES)
NAMED = [
    ("Northmoor Packaging Ltd", "GB", "GBP", 30, "packaging"),
    ("Kestrel Components GmbH", "DE", "EUR", 14, "goods"),
    ("Pennine Freight Services", "GB", "GBP", 7, "carriage"),
    ("Sierra Cloud Inc", "US", "USD", 15, "cloud"),
    ("Aldgate Print Co", "GB", "GBP", 30, "print"),
    ("Brightwater Utilities", "GB", "GBP", 14, "utilities"),
    ("Larch & Mercer LLP", "GB", "GBP", 14, "professional"),
    ("Halden Papir AS", "NO", "EUR", 30, "packaging"),
    ("Ostler Fleet Leasing", "GB", "GBP", 14, "leasing"),
    ("Tyne Safety Supplies", "GB", "GBP", 30, "safety"),
    ("Beacon Cleaning Ltd", "GB", "GBP", 14, "cleaning"),
    ("Redcar Metals Ltd", "GB", "GBP", 30, "goods"),
]
FIRST = [
    "Aire",
    "Calder",
    "Kirk",
    "Holme",
    "Thorn",
    "Ash",
    "Beck",
    "Fell",
    "Moor",
    "Dale",
    "Ridge",
    "Stan",
    "Whit",
    "Black",
    "Green",
    "North",
    "South",
    "East",
    "West",
    "Lower",
    "Upper",
    "Mill",
    "Bridge",
    "Stone",
    "Wharf",
    "Abbey",
    "Castle",
    "Harrow",
    "Linden",
    "Rowan",
    "Alder",
    "Hazel",
    "Elm",
    "Birch",
    "Oak",
    "Maple",
    "Heron",
    "Swift",
    "Lark",
    "Merlin",
    "Plover",
    "Falcon",
    "Osprey",
    "Teal",
    "Curlew",
    "Dunlin",
    "Wick",
    "Thorpe",
    "Garth",
]
SECOND = [
    "field",
    "brook",
    "dale",
    "ford",
    "gate",
    "ley",
    "worth",
    "ton",
    "wood",
    "moor",
    "well",
    "bury",
    "stead",
    "combe",
    "ridge",
    "bank",
    "side",
    "croft",
    "low",
    "head",
]
TRADE_NAMES = {
    "goods": ["Homeware", "Kitchenware", "Ceramics", "Glass", "Textiles", "Metals", "Timber Goods", "Cutlery"],
    "packaging": ["Packaging", "Cartons", "Paper"],
    "carriage": ["Freight", "Haulage", "Couriers", "Logistics"],
    "cloud": ["Software", "Systems", "Hosting"],
    "utilities": ["Energy", "Water", "Telecom"],
    "professional": ["Associates LLP", "Consulting", "Legal"],
    "leasing": ["Vehicle Leasing", "Fleet"],
    "fuel": ["Fuels", "Garages"],
    "safety": ["Safety Supplies", "Workwear"],
    "cleaning": ["Cleaning", "Maintenance", "Facilities"],
    "print": ["Print", "Stationery"],
    "marketing": ["Media", "Events", "Design"],
    "training": ["Training", "Recruitment"],
}
WEIGHTS = [10, 3, 3, 2, 2, 2, 1, 2, 1, 2, 2, 2, 1]
TOWNS = [("LS", "Leeds"), ("BD", "Bradford"), ("S", "Sheffield"), ("M", "Manchester"), ("YO", "York"), ("HU", "Hull")]
SUPPLIERS = 400
CUSTOMERS = [
    "Marlow & Finch",
    "Harbour Living",
    "The Larder Group",
    "Fenwick Home",
    "Copperpot Stores",
    "Northern Table",
]


def load(world: World) -> None:
    """400 suppliers and a handful of trade customers."""
    taken: set[str] = set()
    rows = list(NAMED)
    while len(rows) < SUPPLIERS:
        trade = world.random.choices(list(TRADE_NAMES), WEIGHTS)[0]
        stem = world.random.choice(FIRST) + world.random.choice(SECOND)
        name = f"{stem} {world.random.choice(TRADE_NAMES[trade])}"
        name += "" if name.endswith("LLP") else " Ltd"
        if name not in taken:
            taken.add(name)
            abroad = world.random.random()
            country, currency = ("DE", "EUR") if abroad < 0.06 else ("US", "USD") if abroad > 0.97 else ("GB", "GBP")
            rows.append((name, country, currency, world.random.choice([14, 30, 30, 30, 45, 60]), trade))
    parties = [_party(world, name, country, currency, days) for name, country, currency, days, _trade in rows]
    customers = [_party(world, f"{name} Ltd", "GB", "GBP", 30) for name in CUSTOMERS]
    Party.objects.bulk_create([*parties, *customers])
    PartyBankAccount.objects.bulk_create(_account(world, party) for party in parties)
    world.things["suppliers"] = [(party, row[4]) for party, row in zip(parties, rows, strict=True)]
    world.things["customers"] = customers


def _party(world: World, name: str, country: str, currency: str, days: int) -> Party:
    code, city = world.random.choice(TOWNS)
    british = country == "GB"
    return Party(
        company=world.company,
        name=name,
        vat_number=_vat_number(world) if british else "",
        country=country,
        currency=currency,
        payment_days=days,
        street=f"{world.random.randint(1, 120)} {world.random.choice(FIRST)} Road",
        postcode=f"{code}{world.random.randint(1, 19)} {world.random.randint(1, 9)}AB" if british else "",
        city=city if british else {"DE": "Hagen", "NO": "Halden", "US": "Reno"}[country],
        email=f"accounts@{name.split(maxsplit=1)[0].lower()}.example",
    )


def _vat_number(world: World) -> str:
    """A number whose check digits agree (HMRC's modulus 97), so that what checks numbers has something to check."""
    stem = f"{world.random.randint(1_000_000, 9_999_999)}"
    return next(f"GB{stem}{n:02}" for n in range(97) if vat.is_valid(f"GB{stem}{n:02}"))


def _account(world: World, party: Party) -> Any:
    digits = f"{world.random.randint(10_000_000, 99_999_999)}"
    code, branch = ("NWBK", "601613") if party.country != "DE" else ("37040044", "")
    if party.country == "DE":
        number = str(IBAN.generate("DE", bank_code=code, account_code=digits.rjust(10, "0")))
    else:
        number = str(IBAN.generate("GB", bank_code=code, branch_code=branch, account_code=digits))
    return PartyBankAccount(
        party=party,
        number=number,
        ending=number[-4:],
        fingerprint=fingerprint(number),
        is_iban=True,
        holder=party.name,
        currency=party.currency,
        entered_at=datetime.combine(world.starts_on, time(9), tzinfo=world.company.zone),
    )
