"""Reading about bills: what is open of them, and which wait for whom."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum

from backoffice.core.flow import held
from backoffice.workflow import approvals
from finance.ledger.models import JournalEntry, OpenItem
from finance.payables.models import Bill, PaymentBlock


@dataclass(frozen=True)
class Payment:
    """What was owed by a bill and what is left of it, in its currency, signed as `Bill.amount`."""

    amount: Decimal
    rest: Decimal

    @property
    def is_settled(self) -> bool:
        return not self.rest

    @property
    def is_part(self) -> bool:
        return bool(self.rest) and self.rest != self.amount


def with_progress(bills: Any) -> Any:
    """Bills with what is derived and never stored: `opened` (what was owed) and `rest` (still open), both positive for
    bills, `is_reversed`, and `blocked_at`, since when their payment is blocked.
    """
    blocks = PaymentBlock.objects.filter(bill=OuterRef("pk"), released_at=None).order_by("blocked_at")
    item = OpenItem.objects.filter(line__entry=OuterRef("entry")).order_by("pk")
    return bills.annotate(
        opened=-Subquery(item.values("amount")[:1]),
        rest=-Subquery(item.values("rest")[:1]),
        is_reversed=Exists(JournalEntry.objects.filter(reversal_of=OuterRef("entry"))),
        blocked_at=Subquery(blocks.values("blocked_at")[:1]),
    )


def mirror_of(bill: Bill) -> JournalEntry | None:
    """The entry that reversed a bill's own; read once while a verb holds the bill or a page draws it."""
    if bill.entry_id is None:
        return None
    return held(bill, "mirror", lambda: JournalEntry.objects.filter(reversal_of=bill.entry_id).first())


def payment_of(bill: Bill) -> Payment | None:
    """How far a posted bill is settled; None before it is posted."""
    if bill.entry_id is None:
        return None
    return held(bill, "payment", lambda: _payment(bill))


def _payment(bill: Bill) -> Payment:
    item = OpenItem.objects.filter(line__entry=bill.entry_id).order_by("pk").first()
    return Payment(-item.amount, -item.rest) if item else Payment(bill.amount, Decimal(0))


UNFINISHED = [Bill.State.DRAFT, Bill.State.SUBMITTED, Bill.State.APPROVED]
# Asked from the open items, of which there are few, and not of each bill: most bills are paid.
UNPAID = Q(state=Bill.State.POSTED, entry__in=OpenItem.objects.exclude(rest=0).values("line__entry"), is_reversed=False)
OPEN = Q(state__in=UNFINISHED) | UNPAID
BLOCKED = OPEN & Q(pk__in=PaymentBlock.objects.filter(released_at=None).values("bill"))


def blocking_now(user: Any) -> Any:
    """The blocks that stand on open bills which this person may see, the oldest first."""
    bills = with_progress(Bill.objects.visible_to(user)).filter(BLOCKED)
    return PaymentBlock.objects.filter(bill__in=bills.values("pk"), released_at=None)


def falls_due_this_week(today: date) -> Q:
    """Bills due from today to the end of the week (Sunday)."""
    return Q(kind=Bill.Kind.BILL, due_on__range=(today, today + timedelta(days=6 - today.weekday())))


def was_due(today: date) -> Q:
    """Bills whose day has passed."""
    return Q(kind=Bill.Kind.BILL, due_on__lt=today)


def due_this_week(today: date) -> Q:
    """Open bills due from today to the end of the week (Sunday)."""
    return OPEN & falls_due_this_week(today)


def overdue(today: date) -> Q:
    """Open bills whose day has passed."""
    return OPEN & was_due(today)


def waiting_ids(user: Any) -> list[int]:
    """Keys of the bills that wait for this person, read once a request."""
    kept = getattr(user, "_bills_waiting", None)
    if kept is None:
        kept = user._bills_waiting = list(approvals.waiting_ids(user, Bill))
    return kept


def to_pay(bills: Any) -> dict[str, tuple[Decimal, int]]:
    """What is open of posted bills and of how many, by the currency of their companies, never added over currencies."""
    mirrors = JournalEntry.objects.filter(reversal_of=OuterRef("line__entry"))
    items = OpenItem.objects.exclude(rest=0).filter(~Exists(mirrors), line__entry__in=bills.values("entry"))
    sums = items.order_by("company__currency").values_list("company__currency")
    found = sums.annotate(sum=Sum("rest_company"), bills=Count("line__entry", distinct=True))
    return {currency: (-rest, number) for currency, rest, number in found}
