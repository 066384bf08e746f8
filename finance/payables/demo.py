"""Two years of supplier bills for the sample: posted in bulk by the same rules, the latest ones through the verbs."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import prefetch_related_objects

from backoffice.audit.models import Act
from backoffice.core.sample import World
from backoffice.currencies import conversion
from backoffice.documents.models import Attachment
from backoffice.workflow import approvals
from backoffice.workflow.models import ApprovalRequest, ApprovalRule, Decision
from finance.banking import exporting, proposing, releasing
from finance.ledger import periods, posting, settling
from finance.ledger.models import Allocation, OpenItem, Period
from finance.ledger.posting import Posting, credit, debit
from finance.payables import approving, duplicates, entering, entries, totalling
from finance.payables.models import Bill, BillLine, SupplierTerms, normalised
from finance.payables.papers import paper_of
from finance.tax import capturing
from finance.tax.computing import TaxTotal
from finance.tax.models import TaxRow

D = Decimal
# trade: bills a month, account, cost centres, what is bought, unit price from, to, quantity from, to
TRADES: dict[str, tuple[int, str, str, str, str, str, int, int]] = {
    "goods": (45, "5110", "LEEDS BRIS", "Storage jar 1 l|Oak board|Stoneware bowl|Linen towel|Steel pan 24 cm|Glass carafe", "4.20", "19.80", 60, 480),
    "packaging": (10, "5130", "LEEDS BRIS", "Mailing box 600×400×300|Paper tape 48 mm|Void fill 10 kg|Pallet wrap", "1.90", "14.20", 40, 220),
    "carriage": (15, "5120", "LEEDS BRIS", "Carriage Leeds|Carriage Bristol|Pallet surcharge", "180.00", "950.00", 1, 3),
    "cloud": (6, "7160", "IT WEB", "Subscription, month|Storage|Support plan", "240.00", "1400.00", 1, 1),
    "utilities": (8, "7130", "LEEDS BRIS HO", "Electricity|Gas|Water and waste", "160.00", "1150.00", 1, 1),
    "professional": (6, "7320", "HO", "Advice, hours|Company secretarial", "95.00", "180.00", 3, 14),
    "leasing": (4, "7220", "FLEET", "Van lease, month|Car lease, month", "310.00", "540.00", 2, 4),
    "fuel": (7, "7210", "FLEET", "Diesel, litres", "1.18", "1.34", 180, 520),
    "safety": (5, "7360", "LEEDS BRIS", "Safety shoes|Gloves, box|Hi-vis vests", "9.80", "42.00", 3, 14),
    "cleaning": (8, "7140", "LEEDS BRIS HO", "Cleaning, week|Window cleaning|Repair, hours", "85.00", "260.00", 1, 4),
    "print": (8, "7310", "HO TRADE", "Catalogues|Letterheads|Labels, roll", "0.42", "9.50", 30, 160),
    "marketing": (5, "7340", "WEB TRADE", "Campaign|Photo day|Trade fair stand", "380.00", "1900.00", 1, 2),
    "training": (4, "6150", "HO LEEDS", "Course place|Placement fee", "240.00", "980.00", 1, 2),
}  # fmt: skip
VERBS_DAYS = 12  # the bills of so many last days go through the verbs one by one


def load(world: World) -> None:
    """Rules, bills, payments; then the months that finance has closed by now."""
    ApprovalRule.objects.create(company=world.company, kind="payables.bill", from_amount=D(0), approvers=1)
    ApprovalRule.objects.create(company=world.company, kind="payables.bill", from_amount=D(10_000), approvers=2)
    maker = Maker(world)
    recent = world.today - timedelta(days=VERBS_DAYS)
    bills = sorted((maker.bill(day) for day in maker.days()), key=lambda bill: bill.bill_date)
    old = [bill for bill in bills if bill.bill_date <= recent]
    _post_in_bulk(world, old, maker)
    _pay(world, old)
    _move_recent(world, [*maker.named(), *(bill for bill in bills if bill.bill_date > recent)], maker)
    _terms(world)
    _propose_payments(world)
    world.afterwards.append(lambda: _close_months(world))


def _propose_payments(world: World) -> None:
    """What is due this week waits for a second person; last week's run is with the bank."""
    tom, grace, account = world.people["tom"], world.people["grace"], world.things["bank GBP"]
    past = world.today - timedelta(days=6)
    run = proposing.propose(account, source="bills", pay_on=past, due_until=past - timedelta(days=20), by=tom, on=past)
    exporting.export(releasing.release(run, by=grace), by=grace)
    day = world.today + timedelta(days=2)
    proposing.propose(account, source="bills", pay_on=day, due_until=day, by=tom, on=world.today)


def _close_months(world: World) -> None:
    for period in Period.objects.filter(company=world.company, ends_on__lte=world.things["close until"]):
        periods.close(period, by=world.people["grace"])


class Maker:
    """Makes bills in memory, with sums as the verbs would compute them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.account = world.things["account"]
        self.codes = world.things["tax code"]
        self.by_trade: dict[str, list[Any]] = {}
        for party, trade in world.things["suppliers"]:
            self.by_trade.setdefault(trade, []).append(party)
        self.lines: dict[int, list[BillLine]] = {}  # by id() of the bill while it has no key
        self.numbers: dict[int, int] = {}
        self.rate = cache(lambda currency, on: conversion.rate(currency, "GBP", on))
        self.year = cache(lambda on: duplicates.year_of(world.company.pk, on))

    def days(self) -> Iterable[tuple[str, date]]:
        """Trade and date of every bill of the two years."""
        random, first = self.world.random, self.world.starts_on
        while first <= self.world.today:
            after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
            for trade, (count, *_rest) in TRADES.items():
                for _n in range(count * self.world.scale):
                    day = first + timedelta(days=random.randint(0, (after - first).days - 1))
                    if day.weekday() > 4 and random.random() < 0.9:
                        day -= timedelta(days=day.weekday() - 4)
                    if first <= day <= self.world.today:
                        yield trade, day
            first = after

    def bill(self, what: tuple[str, date]) -> Bill:
        """A bill of a trade on a day from one of its suppliers."""
        trade, day = what
        _count, code, centres, texts, low, high, least, most = TRADES[trade]
        random = self.world.random
        party = random.choice(
            self.by_trade[trade][: 6 + 2 * self.world.scale] if random.random() < 0.6 else self.by_trade[trade]
        )
        wanted = random.choices([1, 2, 3, 4, 6], [30, 30, 20, 15, 5])[0]
        chosen = random.sample(texts.split("|"), min(wanted, texts.count("|") + 1))
        centre = self.world.things[f"cost centre {random.choice(centres.split())}"]
        rows = [(text, D(random.randint(least, most)), self.world.between(low, high), code, centre) for text in chosen]
        return self.made(party, day, rows, credit_note=random.random() < 0.02)

    def made(
        self,
        party: Any,
        day: date,
        rows: list[tuple[str, Decimal, Decimal, str, Any]],
        *,
        reference: str = "",
        order: str = "",
        credit_note: bool = False,
    ) -> Bill:
        """A bill with these lines, summed up."""
        world = self.world
        tax = self.codes["S20"] if party.country == "GB" else self.codes["RC20"]
        clerk = world.people["hannah"] if day.day % 5 == 0 else world.people["tom"]
        bill = Bill(
            company=world.company,
            party=party,
            kind=Bill.Kind.CREDIT_NOTE if credit_note else Bill.Kind.BILL,
            source=Bill.Source.SAMPLE,
            reference=reference or self._reference(party, credit_note=credit_note),
            order_reference=order,
            bill_date=day,
            tax_point=day,
            booked_on=day,
            due_on=day + timedelta(days=party.payment_days),
            currency=party.currency,
            rate=self.rate(party.currency, day),
            entered_by=clerk,
            changed_by=clerk,
        )
        lines = [
            BillLine(place=place, text=text, quantity=quantity, unit_price=price, account=self.account[code], cost_centre=centre, tax_code=tax)
            for place, (text, quantity, price, code, centre) in enumerate(rows, start=1)
        ]  # fmt: skip
        bill.reference_key = normalised(bill.reference)
        bill.reference_year = self.year(day)
        self.lines[id(bill)] = lines
        sums = totalling.of(bill, lines, 2)
        for line, result in zip(lines, sums.computed.lines, strict=True):
            line.net = result.net
        sign = -1 if credit_note else 1
        bill.net, bill.tax, bill.total, bill.amount = sums.net, sums.tax, sums.total, sign * sums.total
        bill.amount_company = sign * conversion.converted(sums.total, self.rate(party.currency, day), "GBP")
        return bill

    def _reference(self, party: Any, *, credit_note: bool) -> str:
        number = self.numbers.get(party.pk, self.world.random.randint(1000, 60000)) + self.world.random.randint(1, 9)
        self.numbers[party.pk] = number
        initials = "".join(word[0] for word in party.name.split()[:2] if word[0].isalpha()).upper()
        return f"{'CN' if credit_note else initials}-{number:05}"

    def named(self) -> list[Bill]:
        """The bills of the last days that people of Calder & Wren talk about."""
        parties = {party.name: party for party, _trade in self.world.things["suppliers"]}
        today, leeds = self.world.today, self.world.things["cost centre LEEDS"]
        boxes = [
            ("Mailing box 600×400×300 MBX-60", D(600), D("14.80"), "5130", leeds),
            ("Paper tape 48 mm PTP-48", D(144), D("3.60"), "5130", leeds),
            ("Void fill 10 kg VDF-10", D(40), D("12.04"), "5130", leeds),
            ("Delivery", D(1), D("40.00"), "5120", leeds),
        ]
        kestrel = [("Castor set 80 mm", D(1500), D("12.28"), "5110", self.world.things["cost centre BRIS"])]
        cloud = [("Platform, November", D(1), D("6150.00"), "7160", self.world.things["cost centre IT"])]
        mercer = [("Lease review, hours", D(25), D("160.00"), "7320", self.world.things["cost centre HO"])]
        return [
            self.made(
                parties["Northmoor Packaging Ltd"],
                today - timedelta(days=5),
                boxes,
                reference="NP-88213",
                order="PO-2026-03311",
            ),
            self.made(parties["Kestrel Components GmbH"], today - timedelta(days=6), kestrel, reference="RE-2026-4471"),
            self.made(parties["Sierra Cloud Inc"], today - timedelta(days=8), cloud, reference="INV-0092817"),
            self.made(parties["Larch & Mercer LLP"], today - timedelta(days=11), mercer, reference="10442"),
        ]


def _post_in_bulk(world: World, bills: list[Bill], maker: Maker) -> None:
    """Insert, approve, post and number all bills, a few statements for thousands."""
    for bill in bills:
        bill.state = Bill.State.APPROVED
    Bill.objects.bulk_create(bills, batch_size=1000)
    for bill in bills:
        for line in maker.lines[id(bill)]:
            line.bill = bill
    BillLine.objects.bulk_create((line for bill in bills for line in maker.lines[id(bill)]), batch_size=2000)
    roles = entries.roles_of(bills[0])
    sums = [totalling.of(bill, maker.lines[id(bill)], 2) for bill in bills]
    postings = [
        Posting(
            journal=bill.journal_code,
            on=bill.booked_on,
            document_on=bill.bill_date,
            lines=entries.build(bill, maker.lines[id(bill)], total, roles).lines,
            text=f"{bill.party}, {bill.reference}"[:200],
            origin=bill,
        )
        for bill, total in zip(bills, sums, strict=True)
    ]
    numbered = posting.post_batch(world.company, postings, by=world.people["grace"])
    rows = [
        row
        for bill, total, written in zip(bills, sums, numbered, strict=True)
        for row in capturing.rows(
            written.id, world.company, _signed(bill, entries.recoverable(total, 2)), total.codes,
            tax_point=bill.tax_point, currency=bill.currency, rate=maker.rate(bill.currency, bill.bill_date),
        )
    ]  # fmt: skip
    TaxRow.objects.bulk_create(rows, batch_size=2000)
    _attach_papers(bills, maker)
    _write_approvals(world, bills)
    _mark_posted(bills, numbered)


def _signed(bill: Bill, taxes: list[TaxTotal]) -> list[TaxTotal]:
    sign = -1 if bill.kind == Bill.Kind.CREDIT_NOTE else 1
    return [TaxTotal(t.key, sign * t.base, sign * t.amount) for t in taxes]


def _mark_posted(bills: list[Bill], numbered: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payables_bill b SET state = 'posted', number = n.number, entry_id = n.entry"
            " FROM unnest(%s::bigint[], %s::text[], %s::bigint[]) AS n(id, number, entry) WHERE b.id = n.id",
            [[bill.pk for bill in bills], [n.number for n in numbered], [n.id for n in numbered]],
        )
    for bill, written in zip(bills, numbered, strict=True):
        bill.state, bill.number, bill.entry_id = Bill.State.POSTED, written.number, written.id


def _attach_papers(bills: list[Bill], maker: Maker) -> None:
    kind = ContentType.objects.get_for_model(Bill)
    made = []
    for bill in bills:
        content = paper_of(bill, maker.lines[id(bill)])
        made.append(
            Attachment(
                content_type=kind,
                object_id=bill.pk,
                name=f"{bill.reference}.xml",
                media_type="application/xml",
                content=content,
                size=len(content),
                digest=sha256(content).hexdigest(),
                is_original=True,
                added_by=bill.entered_by,
            )
        )
    Attachment.objects.bulk_create(made, batch_size=500)


def _write_approvals(world: World, bills: list[Bill]) -> None:
    """Who approved and posted what, with the fingerprint of the content, a day or two after the bill came."""
    kind = ContentType.objects.get_for_model(Bill)
    priya, grace = world.people["priya"], world.people["grace"]
    requests, decisions, acts = [], [], []
    prefetch_related_objects(bills, "lines")
    for bill in bills:
        came = datetime.combine(bill.bill_date, time(9, 14), tzinfo=world.company.zone)
        request = ApprovalRequest(
            company=world.company, content_type=kind, object_id=bill.pk, state=ApprovalRequest.State.GRANTED,
            amount=bill.amount_company, required=2 if abs(bill.amount_company) > 10_000 else 1, digest=approvals.digest(bill),
            version=1, entered_by=bill.entered_by, changed_by=bill.changed_by, opened_by=bill.entered_by, opened_at=came,
            closed_at=came + timedelta(hours=27),
        )  # fmt: skip
        requests.append(request)
        approvers = [priya, grace][: request.required]
        for place, person in enumerate(approvers):
            decisions.append(
                Decision(
                    request=request, by=person, at=came + timedelta(hours=3 + 23 * place), version=1, digest=request.digest,
                    outcome=Decision.Outcome.APPROVED, within_limit=person is grace or abs(bill.amount_company) <= 25_000,
                    entered_by=bill.entered_by, changed_by=bill.changed_by,
                )
            )  # fmt: skip
        story = [("enter", bill.entered_by, 0), ("submit", bill.entered_by, 1)]
        story += [("approve", person, 3 + 23 * place) for place, person in enumerate(approvers)]
        story.append(("post", approvers[-1], story[-1][2]))
        acts += [
            Act(content_type=kind, object_id=bill.pk, verb=verb, by=by, at=came + timedelta(hours=hours))
            for verb, by, hours in story
        ]
    ApprovalRequest.objects.bulk_create(requests, batch_size=1000)
    Decision.objects.bulk_create(decisions, batch_size=1000)
    Act.objects.bulk_create(acts, batch_size=2000)


def _pay(world: World, bills: list[Bill]) -> None:
    """Most bills are paid, and credit notes refunded, around their due day; foreign ones leave an exchange difference."""
    chart, by = world.things["account"], world.people["grace"]
    paid = []
    for bill in bills:
        on = bill.due_on + timedelta(days=world.random.randint(-2, 6))
        fresh = on > world.today - timedelta(days=40)
        if on <= world.today and world.random.random() > (0.15 if fresh else 0.003):
            paid.append((bill, on))
    postings = [_payment(world, bill, on, chart) for bill, on in paid]
    numbered = posting.post_batch(world.company, postings, by=by)
    bill_items = _items(int(bill.entry_id or 0) for bill, _on in paid)
    payment_items = _items(n.id for n in numbered)
    plain: list[tuple[OpenItem, OpenItem, date]] = []
    foreign: list[tuple[OpenItem, OpenItem, date]] = []
    for (bill, on), written in zip(paid, numbered, strict=True):
        debit_item, credit_item = sorted(
            [payment_items[written.id], bill_items[int(bill.entry_id or 0)]], key=lambda i: -i.amount
        )
        (foreign if bill.is_foreign else plain).append((debit_item, credit_item, on))
    Allocation.objects.bulk_create(
        Allocation(
            debit_item=debit_item, credit_item=credit_item, on=on, amount=debit_item.amount,
            debit_company=debit_item.amount_company, credit_company=-credit_item.amount_company, by=by,
        )
        for debit_item, credit_item, on in plain
    )  # fmt: skip
    for debit_item, credit_item, on in foreign:
        settling.allocate(debit_item, credit_item, debit_item.amount, on=on, by=by)


def _payment(world: World, bill: Bill, on: date, chart: dict[str, Any]) -> Posting:
    bank = chart["1215"] if bill.currency == "EUR" else chart["1210"]
    text = f"Paid {bill.party}, {bill.reference} (sample)"[:200]
    more: dict[str, Any] = {}
    if bill.is_foreign:
        rate = conversion.rate(bill.currency, "GBP", on)
        more = {"currency": bill.currency, "company_amount": conversion.converted(bill.amount, rate, "GBP")}
    control = next(a for a in chart.values() if a.role == "ap")
    lines = [
        debit(control, bill.amount, party=bill.party, text=bill.reference, **more),
        credit(bank, bill.amount, **more),
    ]
    return Posting(on=on, journal="SYS", text=text, lines=lines, origin=bill, event="pay", document_on=on)


def _items(entry_ids: Iterable[int]) -> dict[int, OpenItem]:
    items = OpenItem.objects.filter(line__entry__in=list(entry_ids)).select_related("line", "company")
    return {item.line.entry_id: item for item in items}


def _move_recent(world: World, bills: list[Bill], maker: Maker) -> None:
    """The last days through the verbs: some drafts, some waiting, some half approved, most posted."""
    priya, grace = world.people["priya"], world.people["grace"]
    for place, bill in enumerate(bills):
        lines, clerk = maker.lines[id(bill)], bill.entered_by
        entering.enter(bill, by=clerk, lines=lines)
        _attach_papers([bill], maker)
        if place >= 4 and place % 9 == 0:
            continue
        approving.submit(bill, by=clerk)
        if place == 3:
            approving.send_back(bill, by=priya, reason="Please add the matter number that the partner gave us.")
        elif place >= 4 and place % 3:
            _approve(bill, priya, grace)


def _approve(bill: Bill, *people: Any) -> None:
    """Approve as often as the rule asks."""
    for person in people:
        if bill.state == Bill.State.SUBMITTED:
            approving.approve(bill, by=person)


def _terms(world: World) -> None:
    """What each supplier is usually booked to, proposed on the next bill."""
    known = set(SupplierTerms.objects.values_list("party_id", flat=True))
    last: dict[int, BillLine] = {}
    for line in BillLine.objects.filter(bill__company=world.company).order_by("bill__bill_date").select_related("bill"):
        last[line.bill.party_id] = line
    SupplierTerms.objects.bulk_create(
        SupplierTerms(
            party_id=party, account_id=line.account_id, cost_centre_id=line.cost_centre_id, tax_code_id=line.tax_code_id
        )
        for party, line in last.items()
        if party not in known
    )
