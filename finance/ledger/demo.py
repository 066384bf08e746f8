"""The books of the sample that have no document yet: opening balances, sales, receipts, wages, depreciation."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from backoffice.core.sample import World
from finance.ledger import accounts, charts, periods, posting
from finance.ledger.models import Allocation, OpenItem
from finance.ledger.posting import Line, Posting, credit, debit

D = Decimal
OPENING = {
    "0110": "412000.00", "0115": "-168400.00", "0120": "96500.00", "0125": "-51200.00", "0130": "74300.00",
    "0135": "-39800.00", "1210": "1092400.00", "1160": "21300.00", "2220": "-31800.00",
    "2510": "-480000.00", "3110": "-250000.00", "3210": "-675300.00",
}  # fmt: skip


# The size of a house of 428 people: what the drawn amounts are multiplied by.
STAFF, TRADE = D("10.7"), D("2.75")


def load(world: World) -> None:
    """Chart, years and the system entries of two years; their origin names the sample."""
    charts.install(world.company, "uk")
    for year in range(world.starts_on.year, world.today.year + 2):
        periods.open_year(world.company, date(year, 1, 1))
    world.things["account"] = {a.code: a for a in world.company.accounts.all()}
    by = world.people["grace"]
    posting.post_batch(world.company, list(_entries(world)), by=by)
    _settle_receipts(world, by)
    last_open = world.today.replace(day=1) - timedelta(days=1)
    world.things["close until"] = last_open.replace(day=1) - timedelta(days=1)


def _entries(world: World) -> Iterator[Posting]:
    yield _posting(world, world.starts_on, "open", "Opening balances (sample)", _opening(world), "OPEN")
    first = world.starts_on
    while first <= world.today:
        last = first.replace(day=monthrange(first.year, first.month)[1])
        yield from _sales(world, first, last)
        if last <= world.today:
            wages = _wages(world)
            if last < _paid_from(world):
                yield _posting(world, last, "wages", f"Wages {first:%B %Y} (sample)", wages)
            yield _posting(world, last, "wear", f"Depreciation {first:%B %Y} (sample)", _depreciation(world))
        first = last + timedelta(days=1)


def _posting(world: World, on: date, event: str, text: str, lines: list[Line], journal: str = "SYS") -> Posting:
    return Posting(
        on=on,
        journal=journal,
        text=text,
        lines=lines,
        origin=world.company,
        event=f"{event} {on:%y%m%d}",
        document_on=on,
    )


def _opening(world: World) -> list[Line]:
    chart = world.things["account"]
    return [debit(chart[code], D(amount)) for code, amount in OPENING.items()]


def _sales(world: World, first: date, last: date) -> Iterator[Posting]:
    """Trade sales on account, one entry a customer; web sales paid at once, one entry a week; receipts a month later."""
    chart = world.things["account"]
    season = D("1.18") if first.month in (10, 11, 12) else D("0.94") if first.month in (1, 2) else D(1)
    for customer in world.things["customers"]:
        net = (world.between("62000", "82000") * season * TRADE).quantize(D("0.01"))
        tax = (net * D("0.2")).quantize(D("0.01"))
        on = first + timedelta(days=world.random.randint(2, 20))
        if on > world.today:
            continue
        due = on + timedelta(days=customer.payment_days)
        name = f"{customer.pk}"
        lines = [
            debit(chart["1110"], net + tax, party=customer, due_on=due, text=customer.name),
            credit(chart["4110"], net),
            credit(chart["2210"], tax),
        ]
        yield _posting(world, on, f"s{name}", f"Trade sales to {customer} (sample)", lines)
        paid = due + timedelta(days=world.random.randint(-3, 12))
        if paid <= world.today:
            received = [
                debit(chart["1210"], net + tax),
                credit(chart["1110"], net + tax, party=customer, text=customer.name),
            ]
            yield _posting(world, paid, f"r{name}", f"Received from {customer} (sample)", received)
    for week in range(4):
        on = first + timedelta(days=6 + 7 * week)
        if on > min(last, world.today):
            continue
        web = (world.between("31000", "43000") * season * TRADE).quantize(D("0.01"))
        service = (world.between("2600", "3600") * TRADE).quantize(D("0.01"))
        tax = ((web + service) * D("0.2")).quantize(D("0.01"))
        lines = [debit(chart["1210"], web + service + tax), credit(chart["4120"], web), credit(chart["4130"], service)]
        yield _posting(
            world, on, "web", "Web sales and services of the week (sample)", [*lines, credit(chart["2210"], tax)]
        )


def _paid_from(world: World) -> date:
    """From the month before this one on, wages have payroll runs."""
    return (world.today.replace(day=1) - timedelta(days=1)).replace(day=1)


def _wages(world: World) -> list[Line]:
    chart = world.things["account"]
    gross = world.between("94000", "99500") * STAFF
    employer, pension = (gross * D("0.125")).quantize(D("0.01")), (gross * D("0.081")).quantize(D("0.01"))
    deducted = (gross * D("0.24")).quantize(D("0.01"))
    return [
        debit(chart["6110"], gross),
        debit(chart["6120"], employer),
        debit(chart["6130"], pension),
        credit(chart["2220"], employer + deducted),
        credit(chart["2320"], pension),
        credit(chart["1210"], gross - deducted),
    ]


def _depreciation(world: World) -> list[Line]:
    chart = world.things["account"]
    parts = {"0115": D("3430.00"), "0125": D("1610.00"), "0135": D("2060.00")}
    return [
        debit(chart["7410"], sum(parts.values(), D(0))),
        *(credit(chart[code], amount) for code, amount in parts.items()),
    ]


def _settle_receipts(world: World, by: Any) -> None:
    """Receipts settle the sale of the same customer and amount."""
    control = accounts.by_role(world.company, "ar")
    owed = {(i.party_id, i.amount): i for i in OpenItem.objects.filter(account=control, amount__gt=0)}
    Allocation.objects.bulk_create(
        Allocation(
            debit_item=owed[item.party_id, -item.amount],
            credit_item=item,
            on=item.on,
            amount=-item.amount,
            debit_company=-item.amount_company,
            credit_company=-item.amount_company,
            by=by,
        )
        for item in OpenItem.objects.filter(account=control, amount__lt=0)
    )
