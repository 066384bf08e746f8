"""Equipment of Calder & Wren: what people and places have, worth what the books hold; one leaver still has a laptop."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db.models import Sum

from backoffice.audit.recording import acting
from backoffice.core.rounding import ZERO, shared
from backoffice.core.sample import World
from finance.ledger.models import JournalLine, Role
from hr.people.models import Employment
from inventory.stock import accounting
from itsm.assets import tagging
from itsm.assets.models import Asset, HandOver

# item, how many, what one costs about, beginning of its serial numbers
KINDS = [("LAP-14", 58, 890, "5CG"), ("MON-27", 34, 240, "CNK"), ("PHN-01", 25, 420, "F2L"), ("PRN-ZD", 3, 480, "D8J")]
PRINTERS = [
    ("LPR-014", "Leeds North, packing 1"),
    ("LPR-015", "Leeds North, packing 2"),
    ("LPR-019", "Bristol, goods in"),
]
DESKS = ["FIN", "IT", "SALES", "HR", "BUY"]
SPARE = 5  # of each kind that lie in the cupboard


def load(world: World) -> None:
    """About 120 assets, most of them with people."""
    with acting(world.people["ben"]):
        _load(world)


def _load(world: World) -> None:
    random = Random(2026)  # noqa: S311 (a sample, not a secret)
    assets = _made(world, random)
    _value(world, assets)
    holders = _holders(world)
    given = []
    for code, _n, _cost, _serial in KINDS[:3]:
        kind = [asset for asset in assets if asset.item.code == code]
        for asset, employment in zip(kind[:-SPARE], holders, strict=False):
            asset.state, asset.holder = Asset.State.ASSIGNED, employment
            given.append(_given(world, asset, random, employment=employment))
    printers = [asset for asset in assets if asset.item.code == "PRN-ZD"]
    for asset, (_tag, place) in zip(printers, PRINTERS, strict=True):
        asset.state, asset.place = Asset.State.ASSIGNED, place
        given.append(_given(world, asset, random, place=place))
    spare = [asset for asset in assets if asset.item.code == "LAP-14"][-SPARE:]
    spare[0].state, spare[1].state = Asset.State.RETURNED, Asset.State.IN_REPAIR
    Asset.objects.bulk_create(assets)
    given[-len(PRINTERS) - 1].accepted_at = None  # the last phone waits for its holder
    HandOver.objects.bulk_create(given)
    world.things["assets"] = {asset.number: asset for asset in assets}


def _made(world: World, random: Random) -> list[Asset]:
    by, account = world.people["ben"], accounting.role(accounting.accounts_of(world.company), Role.EQUIPMENT)
    counted = iter(tagging.take(world.company, sum(n for code, n, *_rest in KINDS if code != "PRN-ZD")))
    old = iter(tag for tag, _place in PRINTERS)
    made = []
    for code, n, _cost, serial in KINDS:
        item = world.things["items"][code]
        for _piece in range(n):
            on = world.starts_on - timedelta(days=random.randrange(20, 900))
            made.append(
                Asset(
                    company=world.company, number=next(old) if code == "PRN-ZD" else next(counted), item=item,
                    name="Zebra ZD421" if code == "PRN-ZD" else item.name, account=account, acquired_on=on,
                    serial=f"{serial}{random.randrange(10**7):07d}", entered_by=by, changed_by=by,
                )
            )  # fmt: skip
    return made


def _value(world: World, assets: list[Asset]) -> None:
    """The assets cost what the books hold beyond those that came by the door."""
    lines = JournalLine.objects.filter(entry__company=world.company, account__role=Role.EQUIPMENT)
    sums = lines.aggregate(debit=Sum("debit"), credit=Sum("credit"))
    booked = (sums["debit"] or ZERO) - (sums["credit"] or ZERO)
    known = Asset.objects.filter(company=world.company).aggregate(cost=Sum("cost"))["cost"] or ZERO
    about = {code: Decimal(cost) for code, _n, cost, _serial in KINDS}
    for asset, cost in zip(
        assets, shared(booked - known, [about[a.item.code] - a.acquired_on.month * 7 for a in assets]), strict=True
    ):
        asset.cost = cost


def _holders(world: World) -> list[Employment]:
    """Who signs in, one who left this month and still has things, then those at desks."""
    leaver = world.things.get("employment E-0077")
    active = Employment.objects.filter(company=world.company, state=Employment.State.ACTIVE)
    users = list(active.filter(person__user__isnull=False).order_by("number"))
    desks = active.filter(person__user=None, assignments__department__code__in=DESKS, assignments__valid_to=None)
    others = active.filter(person__user=None).exclude(pk__in=desks.values("pk"))
    first = [*users, *([leaver] if leaver else []), *desks.distinct().order_by("number")[:60]]
    return first + list(others.order_by("number")[: max(0, 60 - len(first))])


def _given(world: World, asset: Asset, random: Random, **to: Any) -> HandOver:
    """Handed over some time in the last two years, and accepted by people within days."""
    begins = to["employment"].starts_on if "employment" in to else asset.acquired_on
    day = max(world.today - timedelta(days=random.randrange(30, 700)), begins)
    at = datetime.combine(day, time(9, 30), world.company.zone)
    accepted = at + timedelta(hours=random.randrange(1, 50)) if "employment" in to else None
    return HandOver(asset=asset, given_at=at, given_by=world.people["ben"], accepted_at=accepted, **to)
