"""From draft to approved: submitting, approving, returning, withdrawing."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.workflow import approvals
from backoffice.workflow.slots import Described, Subject, subjects
from finance.payables import blocking, booking, coding, duplicates, entries, slots
from finance.payables.models import Bill


@Bill.flow.guard("submit")
def complete(bill: Bill, user: Any) -> Refused | None:
    """A bill is submitted when it could be posted: coded, adding up, with the VAT that its paper states."""
    return booking.why_not_postable(bill)


@Bill.flow.verb
def submit(bill: Bill, *, by: Any) -> None:
    """Ask for approval of the bill as it stands; its coding becomes the supplier's usual one."""
    duplicates.demand_first(bill)
    bill.post_refusal = ""
    slots.prepare(bill, by=by)
    coding.remember(bill, entries.lines_of(bill))
    bill.__dict__["_prepared"] = is_touchless(bill)
    if not bill.__dict__["_prepared"]:
        booking.demand_postable(bill)
        approvals.open(bill, amount=bill.amount_company, by=by)


@Bill.flow.finishing("submit")
def settle(bill: Bill, *, by: Any) -> None:
    """A bill that is what was ordered and received needs nobody: the rule approves it and it is posted at once.

    Whether it is so was judged a moment ago under the same lock: then nobody was asked.
    """
    if not bill.__dict__.get("_prepared"):
        return
    rule = " ".join(f"{verdict.step}: {verdict.note}" for verdict in slots.verdicts(bill))
    approvals.pass_by_rule(bill, amount=bill.amount_company, by=by)
    pass_by_rule(bill, by=by, rule=rule[:300])
    try:
        booking.book(bill, by=by)
    except (Refused, PermissionDenied) as reason:
        _keep_refusal(bill, reason)


def is_touchless(bill: Bill) -> bool:
    """Whether checks alone approve the bill (decision 034): one says so, none found anything, nothing blocks it.

    That it looks like another bill does not count here: what is matched was received and not billed before.
    """
    said = slots.verdicts(bill)
    return (
        any(verdict.is_touchless for verdict in said)
        and not any(verdict.findings for verdict in said)
        and not blocking.open_blocks(bill).exists()
    )


@Bill.flow.verb
def pass_by_rule(bill: Bill, *, by: Any, rule: str) -> None:
    """A rule approves the bill; `rule` stands in the history with what it was judged by."""


@Bill.flow.guard("approve")
def may_approve(bill: Bill, user: Any) -> Refused | None:
    """Nobody approves twice, and the last approval must lie within a limit."""
    return approvals.why_not(bill, user)


@Bill.flow.verb
def approve(bill: Bill, *, by: Any) -> None:
    """Give one approval; the last one that is needed also posts the bill.

    Where posting is refused (a closed period) the bill stays approved and says why.
    """
    if not approvals.approve(bill, by=by):
        return
    accept(bill, by=by)
    try:
        booking.post(bill, by=by)
    except (Refused, PermissionDenied) as reason:
        bill.post_refusal = str(reason)[:300]


def _keep_refusal(bill: Bill, reason: Exception) -> None:
    """Write down why an approved bill was not posted; the verb that did it is over."""
    bill.__dict__.pop("_prepared", None)
    bill.post_refusal = str(reason)[:300]
    bill.save(update_fields=["post_refusal"])


@Bill.flow.explaining("post")
def when_it_posts(bill: Bill) -> str:
    """A bill that waits is posted by its last approval."""
    if bill.pk is None or bill.state != Bill.State.SUBMITTED:
        return ""
    now = approvals.standing_seen(bill)
    if now.request is None:
        return ""
    return _(
        "opens after the last approval: %(given)s of %(required)s are in. The last one posts the bill by itself."
    ) % {
        "given": len(now.given),
        "required": now.request.required,
    }


@Bill.flow.verb
def accept(bill: Bill, *, by: Any) -> None:
    """All approvals are in; called by the last one."""


@Bill.flow.verb
def send_back(bill: Bill, *, by: Any, reason: str) -> None:
    """Return the bill to whoever entered it; one "no" stops all approvals."""
    approvals.send_back(bill, by=by, reason=reason)


@Bill.flow.verb
def withdraw(bill: Bill, *, by: Any) -> None:
    """Take the bill back into draft; what was approved is void."""
    approvals.withdraw(bill)
    bill.post_refusal = ""


def content(bill: Bill) -> dict[str, Any]:
    """Everything that an approval is about, from the database: who is paid what, when, and where it is booked."""
    fields = [
        "kind",
        "party_id",
        "bank_account_id",
        "reference",
        "order_reference",
        "bill_date",
        "tax_point",
        "due_on",
        "booked_on",
        "currency",
        "rate",
        "net",
        "tax",
        "total",
        "stated_tax",
        "tax_rounding",
        "replaces_id",
    ]
    line_fields = (
        "place", "text", "article", "order_place", "quantity", "unit_price", "price_per", "discount", "net", "account_id", "cost_centre_id", "tax_code_id"
    )  # fmt: skip
    lines = entries.lines_of(bill) if entries.knows_lines(bill) else bill.lines.order_by("place")
    return {
        **{name: _plain(getattr(bill, name)) for name in fields},
        "lines": [{name: _plain(getattr(line, name)) for name in line_fields} for line in lines],
    }


def _plain(value: Any) -> str:
    """One spelling for a value, whether it was typed or read: 10 and 10.0000 are the same amount."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return "" if value is None else str(value)


def describe(bill: Bill) -> Described:
    """The bill in an approver's list and mail."""
    is_twin = bill.has_look_alike if hasattr(bill, "has_look_alike") else bool(duplicates.look_alikes(bill))
    flag = (str(_("Perhaps entered twice")), "wait", "triangle-alert") if is_twin else ("", "idle", "")
    return Described(
        label=str(bill),
        sub=bill.party.name,
        detail=str(_("due %s")) % date_format(bill.due_on, "j M Y"),
        amount=bill.amount,
        currency=bill.currency,
        flag=flag[0],
        tone=flag[1],
        flag_icon=flag[2],
    )


def prepare(bills: Any) -> Any:
    """Bills with what `describe` reads, in one query."""
    return duplicates.with_look_alikes(bills.select_related("party", "company"))


subjects.fill("payables.bill", Subject(content, describe, icon="receipt", prepare=prepare))
