"""Issuing to a cost centre, valued once, in the order of posting; and taking all of an issue back.

What is taken back costs what it was issued at and lies in stock as if it had just come: a cost learnt after that
goes with it (`costing`), one learnt before stays with the cost centre. History is never valued anew.
"""

from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from finance.ledger import periods, posting, reversing
from finance.ledger.models import Account
from finance.ledger.posting import Line
from finance.ledger.previews import previews
from inventory.stock import accounting, moving
from inventory.stock.models import GoodsIssue, IssueCost, IssueLine, StockMove
from inventory.stock.moving import Movement

ITEM = ("item__category__stock_account", "item__category__cost_account")


def issue_lines(issue: GoodsIssue) -> list[IssueLine]:
    """The lines with all that posting reads."""
    return list(issue.lines.select_related(*ITEM, "bin__warehouse").order_by("place"))


def entry_for(issue: GoodsIssue) -> list[Line]:
    """What issuing would post now: the cost, by the method of each item, against stock."""
    accounts = accounting.accounts_of(issue.company)
    return moving.preview(issue.company, _out(issue, issue_lines(issue), accounts), accounts).lines


previews.fill("stock.goodsissue", entry_for)
GoodsIssue.flow.preparing("post")(posting.lock_period)


@GoodsIssue.flow.guard("post")
def something_to_issue(issue: GoodsIssue, user: Any) -> Refused | None:
    """An issue has lines, all from bins of its warehouse."""
    places = list(issue.lines.values_list("bin__warehouse_id", flat=True))
    if not places:
        return Refused(_("Nothing is taken yet."), code="empty")
    if any(place != issue.warehouse_id for place in places):
        return Refused(_("A bin lies in another warehouse."), code="bin")
    return None


@GoodsIssue.flow.verb
def post(issue: GoodsIssue, *, by: Any) -> None:
    """Take the goods out and charge the cost centre. Raises `Refused` when a bin does not hold so much."""
    accounts, lines = accounting.accounts_of(issue.company), issue_lines(issue)
    moved = moving.move(
        issue.company,
        _out(issue, lines, accounts),
        on=posting.day(issue, issue.issued_on),
        origin=issue,
        name=issue.text or str(issue.cost_centre),
        entry_id=posting.entry_id(issue),
        accounts=accounts,
    )
    for line, valued in zip(lines, moved.valued, strict=True):
        line.value = -valued.amount
    IssueLine.objects.bulk_update(lines, ["value"])
    issue.posting = posting.Posting(
        journal=issue.journal_code, on=issue.issued_on, lines=moved.lines, text=issue.text or str(issue.cost_centre)
    )


GoodsIssue.flow.finishing("post")(posting.write)


@GoodsIssue.flow.verb
def take_back(issue: GoodsIssue, *, by: Any, reason: str, on: date | None = None) -> None:
    """Put all of an issue back into its bins and take its cost from the cost centre; for a new issue if need be.

    Without a day: the day of the issue while its period is open, else the first open day. Raises `Refused` without
    a reason, or when the period of the day is closed.
    """
    if not reason.strip():
        raise Refused(_("Taking goods back needs a reason."), code="reason")
    day = on or (reversing.default_day(issue.entry) if issue.entry else issue.issued_on)
    locked = periods.lock(issue.company, day, journal=issue.journal_code)
    moved = moving.move(
        issue.company,
        _back(issue),
        on=locked.day(day),
        origin=issue,
        name=reason,
        entry_id=locked.entry_ids[0],
        accounts=accounting.accounts_of(issue.company),
    )
    if moved.lines:
        text = _("%(issue)s taken back: %(reason)s") % {"issue": issue, "reason": reason}
        back = posting.Posting(
            on=day, journal=issue.journal_code, lines=moved.lines, text=text[:200], origin=issue, event="take_back"
        )
        posting.write_held(issue.company, back, locked, by=by)


@GoodsIssue.flow.verb
def void(issue: GoodsIssue, *, by: Any) -> None:
    """Drop an issue that was never posted."""


def _out(issue: GoodsIssue, lines: list[IssueLine], accounts: dict[str, Account]) -> list[Movement]:
    return [
        Movement(
            line.item,
            line.bin,
            -line.quantity,
            StockMove.Kind.ISSUE,
            accounting.cost_account(line.item, accounts),
            cost_centre=issue.cost_centre,
            line=line.pk,
        )
        for line in lines
    ]


def _back(issue: GoodsIssue) -> list[Movement]:
    taken = IssueCost.objects.filter(
        move__origin_type=ContentType.objects.get_for_model(GoodsIssue), move__origin_id=issue.pk
    )
    paid = {cost.move.origin_line: cost.account for cost in taken.select_related("move", "account")}
    return [
        Movement(
            line.item,
            line.bin,
            line.quantity,
            StockMove.Kind.BACK,
            paid[line.pk],
            unit_cost=line.value / line.quantity,
            cost_centre=issue.cost_centre,
            line=line.pk,
        )
        for line in issue_lines(issue)
    ]
