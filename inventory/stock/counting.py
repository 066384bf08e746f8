"""Counting: what is there against what the books held at that moment, posted when another person approved it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.audit.recording import acting
from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO
from backoffice.workflow import approvals
from backoffice.workflow.slots import Described, Subject, subjects
from finance.ledger import posting
from finance.ledger.models import Account, Role
from finance.ledger.posting import Line
from finance.ledger.previews import previews
from inventory.catalogue.models import Category
from inventory.stock import accounting, holding, moving
from inventory.stock.models import CountLine, OnHand, StockCount, StockMove
from inventory.stock.moving import Movement


def lines_of(count: StockCount) -> list[CountLine]:
    """The lines with all that posting reads."""
    return list(
        count.lines.select_related(
            "item__category__stock_account", "item__category__cost_account", "bin__warehouse"
        ).order_by("place")
    )


def entry_for(count: StockCount) -> list[Line]:
    """What the differences would post now: stock against stock found or lost."""
    accounts = accounting.accounts_of(count.company)
    return moving.preview(count.company, _movements(lines_of(count), accounts), accounts).lines


previews.fill("stock.stockcount", entry_for)


def begin(count: StockCount, places: Sequence[tuple[Any, Any]], *, by: Any) -> None:
    """Put these pairs of item and bin on the list of a count that is not submitted yet."""
    last = count.lines.count()
    CountLine.objects.bulk_create(
        [
            CountLine(count=count, place=last + number, item=item, bin=place)
            for number, (item, place) in enumerate(places, start=1)
        ],
        ignore_conflicts=True,
    )


def list_all(count: StockCount, *, category: Category | None = None, by: Any) -> None:
    """Put all that lies in the warehouse, or what of it is of one category, on the list of a new count."""
    held = OnHand.objects.filter(bin__warehouse=count.warehouse).exclude(quantity=0)
    if category is not None:
        held = held.filter(item__category=category)
    rows = held.select_related("item", "bin").order_by("bin__code", "item__code")
    begin(count, [(row.item, row.bin) for row in rows], by=by)


def write_down(line: CountLine, counted: Decimal, *, reason: str = "", by: Any) -> CountLine:
    """Note what was counted, and what the books hold at this moment. Raises `Refused` once it is submitted."""
    if line.count.state != StockCount.State.COUNTING:
        raise Refused(_("This count is submitted already."), code="state")
    if counted < 0:
        raise Refused(_("Count nought or more."), code="quantity")
    booked = OnHand.objects.filter(item=line.item_id, bin=line.bin_id).values_list("quantity", flat=True).first()
    line.counted, line.booked, line.reason = counted, booked or ZERO, reason or line.reason
    with acting(by):
        line.save(update_fields=["counted", "booked", "reason"])
        OnHand.objects.filter(item=line.item_id, bin=line.bin_id).update(counted_on=line.count.counted_on)
    return line


@StockCount.flow.guard("submit")
def counted_through(count: StockCount, user: Any) -> Refused | None:
    """Every line is counted, and each difference says why."""
    rows = list(count.lines.values_list("place", "counted", "booked", "reason"))
    if not rows:
        return Refused(_("Nothing is on the list."), code="empty")
    open_lines = [place for place, counted, _b, _r in rows if counted is None]
    if open_lines:
        return Refused(
            ngettext("%(n)d line is not counted yet.", "%(n)d lines are not counted yet.", len(open_lines))
            % {"n": len(open_lines)},
            code="open",
        )
    return None


@StockCount.flow.verb
def submit(count: StockCount, *, by: Any) -> None:
    """Hand the count to whoever approves differences; a difference without a reason is a miscount."""
    count.lines.exclude(counted=F("booked")).filter(reason="").update(reason=CountLine.Reason.MISCOUNT)
    department = count.warehouse.department_id
    approvals.open(count, amount=abs(_worth(count)), by=by, department_id=department)


@StockCount.flow.verb
def approve(count: StockCount, *, by: Any) -> None:
    """Give one approval; the last one that is needed posts the differences."""
    if approvals.approve(count, by=by):
        post(count, by=by)


@StockCount.flow.verb
def send_back(count: StockCount, *, by: Any, reason: str) -> None:
    """Have it counted again."""
    approvals.send_back(count, by=by, reason=reason)


StockCount.flow.preparing("post")(posting.lock_period)


@StockCount.flow.verb
def post(count: StockCount, *, by: Any) -> None:
    """Book what was found and what is missing, at the cost of today; a count never changes a unit cost."""
    accounts, lines = accounting.accounts_of(count.company), lines_of(count)
    differing = [line for line in lines if line.counted != line.booked]
    count.posting = None
    if not differing:
        return
    moved = moving.move(
        count.company,
        _movements(lines, accounts),
        on=posting.day(count, count.counted_on),
        origin=count,
        name=count.text or str(count.warehouse),
        entry_id=posting.entry_id(count),
        accounts=accounts,
    )
    for line, valued in zip(differing, moved.valued, strict=True):
        line.value = valued.amount
    CountLine.objects.bulk_update(differing, ["value"])
    if moved.lines:
        count.posting = posting.Posting(
            journal=count.journal_code,
            on=count.counted_on,
            lines=moved.lines,
            text=count.text or str(count.warehouse),
        )


@StockCount.flow.finishing("post")
def write(count: StockCount, *, by: Any) -> None:
    """Number and entry, where there was a difference worth something."""
    if count.posting is not None:
        posting.write(count, by=by)


@StockCount.flow.verb
def void(count: StockCount, *, by: Any) -> None:
    """Drop a count that was not submitted."""


def _worth(count: StockCount) -> Decimal:
    lines = lines_of(count)
    states = holding.look([line.item for line in lines])
    return sum(
        (((line.counted or ZERO) - (line.booked or ZERO)) * states[line.item_id].unit_cost for line in lines), ZERO
    )


def _movements(lines: list[CountLine], accounts: dict[str, Account]) -> list[Movement]:
    gain, loss = accounting.role(accounts, Role.STOCK_GAIN), accounting.role(accounts, Role.STOCK_LOSS)
    found = []
    for line in lines:
        difference = (line.counted or ZERO) - (line.booked or ZERO)
        if difference:
            account = gain if difference > 0 else loss
            found.append(Movement(line.item, line.bin, difference, StockMove.Kind.COUNT, account, line=line.pk))
    return found


def content(count: StockCount) -> dict[str, Any]:
    """What an approval is about."""
    rows = count.lines.order_by("place").values_list("item", "bin", "counted", "booked", "reason")
    return {"on": str(count.counted_on), "lines": [[*map(str, row)] for row in rows]}


def described(count: StockCount) -> Described:
    """A count as the approver's list shows it."""
    return Described(str(count), str(count.warehouse), abs(_worth(count)), count.company.currency)


subjects.fill(
    "stock.stockcount",
    Subject(
        content=content, describe=described, icon="list-checks", prepare=lambda rows: rows.select_related("warehouse")
    ),
)
