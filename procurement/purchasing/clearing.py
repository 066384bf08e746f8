"""What a matched bill posts: goods received not invoiced at what the receipt owed, the difference by the cost rule.

Operations B4, B14, B0.15: a line with a receipt clears what that receipt owed; what the bill says more (or less) is a
cost learnt later, part to stock and part to what is gone; where the order is in another currency, the rate's part is
an exchange difference. A line before its receipt waits as a debit for the receipt to come.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from backoffice.access.models import User
from backoffice.core import events
from backoffice.core.flow import held, is_held
from backoffice.core.rounding import ZERO, rounded
from backoffice.currencies import conversion
from backoffice.parties.models import Party
from finance.ledger import posting
from finance.ledger.models import Account, JournalEntry, Role
from finance.ledger.posting import Line, debit
from finance.payables import blocking, entries
from finance.payables.entries import spread
from finance.payables.events import BillPosted, BillReversed
from finance.payables.models import Bill, BillLine
from finance.payables.slots import Explained
from inventory.stock import accounting, costing, holding, unlearning
from inventory.stock.costing import LateCost
from inventory.stock.events import GoodsReceived
from inventory.stock.models import GoodsReceipt, ReceiptLine
from procurement.purchasing import judging, matching, standing
from procurement.purchasing.models import MatchRow, PurchaseOrder
from procurement.purchasing.standing import Ordered

KEY = "purchasing.match"  # under which this app books lines of bills


@dataclass
class Plan:
    """How a bill's matched lines are booked: debits of goods received, the costs learnt, the exchange difference."""

    bill: Bill
    rows: list[MatchRow]

    @property
    def lates(self) -> list[LateCost]:
        """What receipts cost more than was known; one for each receipt line."""
        return _lates(self.rows)

    def front(self, accounts: Mapping[str, Account]) -> list[Line]:
        """The debits of goods received, one for each line of the bill."""
        sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for row in self.rows:
            sums[row.bill_line.text[:200]] += row.cleared
        grni = accounting.role(dict(accounts), Role.GRNI) if self.rows else None
        party = self.bill.party
        return [debit(grni, amount, text=text, party=party) for text, amount in sums.items() if grni and amount]

    def back(self, accounts: Mapping[str, Account]) -> list[Line]:
        """The exchange difference."""
        exchange = sum((row.exchange for row in self.rows), ZERO)
        return [debit(accounting.role(dict(accounts), Role.FX_REALISED), exchange)] if exchange else []


@dataclass
class Facts:
    """What planning reads, in a fixed number of queries."""

    bill: Bill
    rows: dict[int, list[MatchRow]]
    ordered: dict[int, Ordered]
    accounts: dict[str, Account]
    cleared: dict[int, list[Decimal]] = field(default_factory=dict)  # by receipt line: billed and cleared so far


def explain(bill: Bill, lines: Sequence[BillLine]) -> Explained | None:
    """Where the matched lines of a bill are booked instead of their own accounts; fills `payables.line_postings`."""
    rows = _rows(bill) if bill.state in matching.UNPOSTED else _booked(bill)
    if not rows:
        return None
    accounts = entries.roles_of(bill)
    grni = accounts.get(Role.GRNI)
    words = f"{grni.code} {grni.name}" if grni else ""
    received = _received(bill, {row.order_line_id for each in rows.values() for row in each})
    claimed = {line.pk: words for line in lines if _is_received(rows.get(line.pk, []), received)}

    def post(amounts: Mapping[int, Decimal]) -> list[Line]:
        facts = _facts(bill)
        plan = plan_of(facts, amounts)
        middle = costing.shares(bill.company, plan.lates, facts=_costs(facts), accounts=accounts) if plan.lates else []
        return [*plan.front(accounts), *middle, *plan.back(accounts)]

    def outline(amounts: Mapping[int, Decimal]) -> list[Line]:
        owed = accounting.role(accounts, Role.GRNI)
        return [debit(owed, amount, party=bill.party) for amount in amounts.values() if amount]

    return Explained(claimed, post, outline)


def _received(bill: Bill, keys: set[int]) -> set[int]:
    """Which of these order lines are things that are received; what is read of them anyway says so."""
    if not is_held(bill):
        return standing.received(keys)
    return {key for key, each in standing.seen(bill, keys).items() if each.is_received}


def _is_received(rows: Sequence[MatchRow], received: set[int]) -> bool:
    """Whether all of the line is a thing that is received; a service that is not is booked to its own account."""
    return bool(rows) and all(row.order_line_id in received for row in rows)


def _rows(bill: Bill) -> dict[int, list[MatchRow]]:
    """What is proposed, by line of the bill."""
    rows: dict[int, list[MatchRow]] = defaultdict(list)
    for row in matching.proposal(bill) if bill.pk else ():
        rows[row.bill_line_id].append(row)
    return rows


def _booked(bill: Bill) -> dict[int, list[MatchRow]]:
    """What a posted bill booked, by line."""
    rows: dict[int, list[MatchRow]] = defaultdict(list)
    for row in matching.rows_of(bill):
        if row.entry_id is not None:
            rows[row.bill_line_id].append(row)
    return rows


def _facts(bill: Bill) -> Facts:
    rows = _rows(bill)
    ordered = standing.seen(bill, {row.order_line_id for each in rows.values() for row in each})
    facts = Facts(bill, rows, ordered, entries.roles_of(bill))
    for each in ordered.values():
        for receipt in each.receipts:
            facts.cleared[receipt.line.pk] = [receipt.billed, receipt.cleared]
    return facts


def _costs(facts: Facts) -> costing.Facts:
    """What the cost rule reads of the receipts that the bill bills; once while a verb holds the bill and the items."""
    keys = {row.receipt_line_id for each in facts.rows.values() for row in each if row.receipt_line_id}
    known = [receipt.line for each in facts.ordered.values() for receipt in each.receipts]
    return held(facts.bill, "match.costs", lambda: costing.read(keys, known=known))


def plan_of(facts: Facts, amounts: Mapping[int, Decimal]) -> Plan:
    """Split what the bill's lines come to (company currency, signed) over their rows, and each row into its parts."""
    digits = conversion.digits(facts.bill.company.currency)
    plan = Plan(facts.bill, [])
    for line, amount in amounts.items():
        rows = facts.rows[line]
        net = sum((row.value for row in rows), ZERO)
        exact = [amount * row.value / net if net else ZERO for row in rows]
        for row, share in zip(rows, spread(exact, amount, digits), strict=True):
            _split(facts, row, share, digits)
            plan.rows.append(row)
    return plan


def _split(facts: Facts, row: MatchRow, amount: Decimal, digits: int) -> None:
    """Set what a row books: a waiting one all of it against goods received, others what their receipt owes."""
    row.cleared, row.late, row.exchange = amount, ZERO, ZERO
    if row.receipt_line_id is None:
        return
    ordered = facts.ordered[row.order_line_id]
    receipt = next(each for each in ordered.receipts if each.line.pk == row.receipt_line_id)
    so_far = facts.cleared[receipt.line.pk]
    so_far[0] += row.quantity
    row.cleared = rounded(receipt.worth(so_far[0]), digits) - so_far[1] if row.quantity else ZERO
    so_far[1] += row.cleared
    row.exchange = _exchange(facts.bill, ordered.order, row.value, digits)
    row.late = amount - row.cleared - row.exchange


def _exchange(bill: Bill, order: PurchaseOrder, value: Decimal, digits: int) -> Decimal:
    """The rate's part: what the bill's value is worth more at the bill's rate than at the receipt's, which is the order's."""
    if not bill.is_foreign or order.rate is None:
        return ZERO
    return rounded(value * (bill.known_rate - order.rate), digits)


@events.subscribe(BillPosted)
def book(event: BillPosted) -> None:
    """Write down what the entry of a bill did with its match, and teach stock what the goods cost."""
    bill = Bill.flow.at_hand(event.bill_id) or Bill.objects.select_related("company", "party", "changed_by").get(
        pk=event.bill_id
    )
    facts = _facts(bill)
    if not facts.rows:
        return
    for by, place, amounts in event.groups:
        if by == KEY:
            plan = plan_of(facts, dict(amounts))
            if plan.lates:
                first = place + len(plan.front(facts.accounts))
                costing.learn(
                    bill.company,
                    plan.lates,
                    on=event.on,
                    entry_id=event.entry_id,
                    first_place=first,
                    by=bill.changed_by,
                    facts=_costs(facts) if is_held(bill) else None,
                    accounts=facts.accounts,
                )
    rows = [row for each in facts.rows.values() for row in each]
    for row in rows:
        row.entry_id = event.entry_id
    MatchRow.objects.bulk_update(rows, ["entry", "cleared", "late", "exchange"])


@events.subscribe(GoodsReceived)
def receive(event: GoodsReceived) -> None:
    """What was billed before it came now has its receipt: the rest of the difference is learnt, blocks may go."""
    kind = _order_kind()
    lines = {line.receipt_line_id: line for line in event.lines if line.origin_type == kind and line.quantity}
    if not lines:
        return
    keys = {line.origin_line for line in lines.values() if line.origin_line}
    waiting, blocked = _waiting(keys), _blocked(keys)
    if not waiting and not blocked:
        return
    receipt = GoodsReceipt.objects.select_related("company", "party").get(pk=event.receipt_id)
    by = User.objects.get(pk=event.by_id)
    made: list[tuple[MatchRow, MatchRow, Bill]] = []
    for came in lines.values():
        if came.origin_line in waiting:
            made += _settle(waiting[came.origin_line], came.receipt_line_id)
    if made:
        _book_differences(receipt, made, by=by)
    _release(blocked, receipt, by=by)


def _order_kind() -> int:
    return ContentType.objects.get_for_model(PurchaseOrder).pk


def _waiting(keys: set[int]) -> dict[int, list[MatchRow]]:
    """Rows in the books that still wait for a receipt, by order line, the earliest first; what was taken back is off."""
    found: dict[int, dict[int, MatchRow]] = defaultdict(dict)
    rows = MatchRow.objects.filter(order_line__in=keys, receipt_line=None, entry__isnull=False)
    for row in rows.select_related("bill_line__bill__company", "bill_line__bill__party", "order_line__order").order_by(
        "pk"
    ):
        known = found[row.order_line_id].setdefault(row.bill_line_id, row)
        if known is not row:
            known.quantity += row.quantity
            known.value += row.value
            known.cleared += row.cleared
    return {key: [row for row in rows.values() if row.quantity > 0] for key, rows in found.items()}


def _settle(waiting: list[MatchRow], receipt_line_id: int) -> list[tuple[MatchRow, MatchRow, Bill]]:
    """Pairs of rows: one that takes back what waited, one that lays it on the receipt."""
    line = ReceiptLine.objects.get(pk=receipt_line_id)
    pairs = []
    left: Decimal | None = None
    for row in waiting:
        order_line = row.order_line
        if left is None:
            left = line.quantity * order_line.denominator / order_line.numerator
        some = min(left, row.quantity)
        if not some:
            break
        bill = row.bill_line.bill
        digits = conversion.digits(bill.company.currency)
        value = rounded(row.value * some / row.quantity, conversion.digits(bill.currency))
        waited = rounded(row.cleared * some / row.quantity, digits)
        owed = rounded(line.unit_cost * some * order_line.numerator / order_line.denominator, digits)
        exchange = _exchange(bill, order_line.order, value, digits)
        same = {"bill_line": row.bill_line, "order_line": order_line}
        back = MatchRow(**same, receipt_line=None, quantity=-some, value=-value, cleared=-waited)
        onto = MatchRow(
            **same,
            receipt_line=line,
            quantity=some,
            value=value,
            cleared=owed,
            late=waited - owed - exchange,
            exchange=exchange,
        )
        pairs.append((back, onto, bill))
        left -= some
    return pairs


def _book_differences(receipt: GoodsReceipt, made: list[tuple[MatchRow, MatchRow, Bill]], *, by: Any) -> None:
    """One entry for what bills said more than their receipt owes; the rows point to it, or to the bill's own entry."""
    onto = [row for _back, row, _bill in made]
    lates, exchange = _lates(onto), sum((row.exchange for row in onto), ZERO)
    entry_id = None
    if lates or exchange:
        on = receipt.received_on
        entry_id = _write_difference(receipt, receipt.party, on, lates, exchange, event="differ", by=by)
    for back, row, bill in made:
        back.entry_id = row.entry_id = entry_id or bill.entry_id
    MatchRow.objects.bulk_create([row for back, onto_row, _bill in made for row in (back, onto_row)])


def _write_difference(
    origin: Any, party: Party, on: date, lates: list[LateCost], exchange: Decimal, *, event: str, by: Any
) -> int:
    """An entry that moves a difference out of goods received: by the cost rule, and the rate's part to exchange."""
    company = origin.company
    accounts = accounting.accounts_of(company)
    holding.hold(company.pk, _items(lates))
    lines = costing.shares(company, lates) if lates else []
    if exchange:
        lines = [*lines, debit(accounting.role(accounts, Role.FX_REALISED), exchange)]
    if surplus := exchange + sum((late.amount for late in lates), ZERO):
        lines = [*lines, posting.credit(accounting.role(accounts, Role.GRNI), surplus, party=party)]
    text = _("%(party)s: what the bill differs from the receipt") % {"party": party}
    entry = posting.write_now(
        company, posting.Posting(on=on, lines=lines, text=text[:200], origin=origin, event=event), by=by
    )
    if lates:
        costing.learn(company, lates, on=entry.on, entry_id=entry.pk, first_place=1, by=by)
    return int(entry.pk)


def _items(lates: Sequence[LateCost]) -> list[Any]:
    rows = ReceiptLine.objects.filter(pk__in=[late.receipt_line for late in lates], item__isnull=False)
    return [row.item for row in rows.select_related("item__category") if row.item is not None]


def _blocked(keys: set[int]) -> list[Bill]:
    """Posted bills of these order lines that a check blocked."""
    bills = Bill.objects.filter(
        lines__matches__order_line__in=keys,
        blocks__released_at=None,
        blocks__is_automatic=True,
        state=Bill.State.POSTED,
    )
    return list(bills.distinct())


def _release(bills: Sequence[Bill], receipt: GoodsReceipt, *, by: Any) -> None:
    """Blocks that a check set for goods that had not come end when the check finds nothing of that kind any more."""
    note = _("By rule: what was missing has come (%s).") % (receipt.delivery_note or receipt.party)
    for bill in bills:
        comparison = judging.compare(bill, arriving=receipt.pk)
        left = {finding.reason for finding in comparison.findings} if comparison else set()
        over = blocking.open_blocks(bill).filter(is_automatic=True, reason__in=["no_receipt", "quantity"])
        blocking.release(over.exclude(reason__in=left), by=by, note=note)


@events.subscribe(BillReversed)
def undo(event: BillReversed) -> None:
    """A reversed bill bills nothing: its rows are taken back, and what stock learnt from it is unlearnt."""
    bill = Bill.objects.select_related("company", "party").get(pk=event.bill_id)
    mirror = JournalEntry.objects.get(pk=event.mirror_id)
    rows = list(judging.rows_in_books(bill).select_related("bill_line"))
    by = mirror.posted_by
    own = [row for row in rows if row.entry_id == event.entry_id]
    later = [row for row in rows if row.entry_id != event.entry_id]
    lates = _lates(own)
    if lates:
        unlearning.unlearn(
            bill.company, lates, entry_id=event.entry_id, mirror=mirror, origin=bill, on=mirror.on, by=by
        )
    entry_id = _take_back(bill, later, mirror.on, by) or mirror.pk
    MatchRow.objects.bulk_create(
        [*(_negated(row, mirror.pk) for row in own), *(_negated(row, entry_id) for row in later)]
    )


def _lates(rows: Sequence[MatchRow]) -> list[LateCost]:
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for row in rows:
        sums[row.receipt_line_id or 0] += row.late
    return [LateCost(key, amount) for key, amount in sorted(sums.items()) if key and amount]


def _take_back(bill: Bill, rows: Sequence[MatchRow], on: date, by: Any) -> int | None:
    """Differences that were booked when goods came after the bill are no part of its mirror: an entry of their own."""
    lates = [LateCost(late.receipt_line, -late.amount) for late in _lates(rows)]
    exchange = -sum((row.exchange for row in rows), ZERO)
    if not lates and not exchange:
        return None
    return _write_difference(bill, bill.party, on, lates, exchange, event="undiffer", by=by)


def _negated(row: MatchRow, entry_id: int) -> MatchRow:
    return MatchRow(
        bill_line_id=row.bill_line_id,
        order_line_id=row.order_line_id,
        receipt_line_id=row.receipt_line_id,
        quantity=-row.quantity,
        value=-row.value,
        cleared=-row.cleared,
        late=-row.late,
        exchange=-row.exchange,
        entry_id=entry_id,
    )
