"""Requisitions from the first wish to the approval: asked by anybody, also by other parts of the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO, rounded
from backoffice.currencies import conversion
from backoffice.documents import keeping
from backoffice.organisation.models import Company, CostCentre, Department
from backoffice.workflow import approvals
from backoffice.workflow.slots import Described, Subject, subjects
from inventory.catalogue.models import Category, Item, ItemUnit
from procurement.purchasing import covering, numbering
from procurement.purchasing.models import Requisition, RequisitionLine
from procurement.suppliers import prices
from procurement.suppliers.models import Supplier

State = Requisition.State


@dataclass(frozen=True)
class Need:
    """One thing that is needed: an item, or words with a category; `price` is the estimate in company currency."""

    quantity: Decimal
    item: Item | None = None
    text: str = ""
    category: Category | None = None
    unit: ItemUnit | None = None
    price: Decimal | None = None
    supplier: Supplier | None = None


def request(
    company: Company,
    lines: Sequence[Need],
    *,
    requester: Any,
    by: Any,
    department: Department,
    purpose: str,
    needed_on: date,
    cost_centre: CostCentre | None = None,
    submit: bool = True,
) -> Requisition:
    """Ask for things on behalf of `requester`, and send it for approval unless `submit` is false.

    `by` acts and needs the right to add requisitions. Raises `Refused` where a line names nothing, or without lines.
    """
    requisition = Requisition(
        company=company,
        requester=requester,
        department=department,
        cost_centre=cost_centre,
        purpose=purpose,
        needed_on=needed_on,
    )
    rows = [
        RequisitionLine(
            item=need.item,
            text=need.text,
            category=need.category,
            quantity=need.quantity,
            unit=need.unit,
            price=need.price,
            supplier=need.supplier,
        )
        for need in lines
    ]
    enter(requisition, by=by, lines=rows)
    return submit_now(requisition, by=by) if submit else requisition


def submit_now(requisition: Requisition, *, by: Any) -> Requisition:
    """Send what was just entered for approval."""
    return submit(Requisition.objects.get(pk=requisition.pk), by=by)


def enter(requisition: Requisition, *, by: Any, lines: Sequence[RequisitionLine] = ()) -> Requisition:
    """Save a new draft; whoever enters it is the requester unless another was named."""
    if not requisition.requester_id:
        requisition.requester = by
    prepare(requisition, lines)
    return keeping.enter(requisition, by=by, lines=lines)


def change(
    requisition: Requisition, *, by: Any, version: int, lines: Sequence[RequisitionLine] | None = None
) -> Requisition:
    """Save the changes of a draft; without `lines` they stay as they are."""
    demand_draft(requisition)
    prepare(requisition, list(requisition.lines.select_related("item")) if lines is None else lines)
    return keeping.change(requisition, by=by, version=version, lines=lines)


def stored(
    requisition: Requisition, lines: Sequence[RequisitionLine], removed: Sequence[RequisitionLine], *, by: Any
) -> Requisition:
    """Write what the form holds: it has asked for the right to the screen, locked and stamped the row."""
    action = "add" if requisition.pk is None else "change"
    if denied := authority.only.refusal(by, f"purchasing.{action}_requisition", requisition):
        raise denied
    demand_draft(requisition)
    if not requisition.requester_id:
        requisition.requester = by
    prepare(requisition, lines)
    requisition.save()
    for line in removed:
        line.delete()
    for place, line in enumerate(lines, start=1):
        line.requisition, line.place = requisition, place
        line.save()
    return requisition


def prepare(requisition: Requisition, lines: Sequence[RequisitionLine]) -> None:
    """Fill in what follows from the items, and sum up the estimate.

    Raises `Refused` for a line that names nothing or asks for nothing.
    """
    centre = requisition.cost_centre
    if centre is not None and centre.department_id not in (None, requisition.department_id):
        raise Refused(
            _("%(centre)s is not of %(department)s.") % {"centre": centre, "department": requisition.department},
            code="cost_centre",
        )
    today = timezone.localdate()
    offered = prices.offers([line.item_id for line in lines if line.item_id and line.price is None], on=today)
    for line in lines:
        _complete(line, offered, today)
    digits = conversion.digits(requisition.company.currency)
    requisition.total = sum((rounded(line.quantity * (line.price or ZERO), digits) for line in lines), ZERO)


def _complete(line: RequisitionLine, offered: dict[int, list[Any]], today: date) -> None:
    """What an item tells of itself; the estimate is the best offer, else what it costs by our standard."""
    if line.item is None and not line.text.strip():
        raise Refused(_("Say what is needed: an item, or words."), code="line")
    if line.quantity is None or line.quantity <= 0:
        raise Refused(_("Say how many are needed."), code="line")
    if line.item is None:
        return
    if line.unit is not None and line.unit.item_id != line.item.pk:
        raise Refused(_("“%(unit)s” is not a unit of %(item)s.") % {"unit": line.unit, "item": line.item}, code="unit")
    line.category = line.item.category
    if line.price is None:
        up, down = prices.ratio(line.unit)
        best = next(iter(offered.get(line.item.pk, [])), None)
        base = prices.base_cost(best, today) if best else Decimal(line.item.standard_cost)
        line.price = rounded(base * up / down, 6) if base else None


def demand_draft(requisition: Requisition) -> None:
    """Raise `Refused` when the requisition has left its draft: whoever wants to change it withdraws it first."""
    if requisition.state != State.DRAFT:
        raise Refused(
            _("%(requisition)s is %(state)s: withdraw it before you change it.")
            % {"requisition": requisition, "state": requisition.get_state_display().lower()},
            code="state",
        )


@Requisition.flow.guard("submit", "withdraw")
def own(requisition: Requisition, user: Any) -> Refused | None:
    """Colleagues send and take back what they asked for themselves, or entered for somebody."""
    if user.pk in (requisition.requester_id, requisition.entered_by_id):
        return None
    return Refused(_("This is %s's: only they can do that.") % requisition.requester, code="duty")


@Requisition.flow.guard("submit")
def complete(requisition: Requisition, user: Any) -> Refused | None:
    """Words without an item need a category, otherwise nobody knows later what the money was spent on (B11)."""
    rows = list(requisition.lines.order_by("place"))
    if not rows:
        return Refused(_("There is nothing on it."), code="line")
    nameless = [line for line in rows if line.category_id is None]
    if nameless:
        return Refused(_("Choose a category for “%s”.") % nameless[0], code="category")
    return None


@Requisition.flow.verb
def submit(requisition: Requisition, *, by: Any) -> None:
    """Ask for approval by the department's rules; the estimate counts."""
    approvals.open(requisition, amount=requisition.total, by=by, department_id=requisition.department_id)


Requisition.flow.finishing("submit")(numbering.number)


@Requisition.flow.guard("approve")
def may_approve(requisition: Requisition, user: Any) -> Refused | None:
    """Nobody approves twice, and the last approval must lie within a limit."""
    return approvals.why_not(requisition, user)


@Requisition.flow.verb
def approve(requisition: Requisition, *, by: Any) -> None:
    """Give one approval; after the last one the lines wait for a buyer."""
    if approvals.approve(requisition, by=by):
        accept(requisition, by=by)


@Requisition.flow.verb
def accept(requisition: Requisition, *, by: Any) -> None:
    """All approvals are in; called by the last one."""


@Requisition.flow.verb
def send_back(requisition: Requisition, *, by: Any, reason: str) -> None:
    """Return it to the requester; one "no" stops all approvals."""
    approvals.send_back(requisition, by=by, reason=reason)


@Requisition.flow.verb
def withdraw(requisition: Requisition, *, by: Any) -> None:
    """Take it back into draft; what was approved is void."""
    approvals.withdraw(requisition)


@Requisition.flow.verb
def cover(requisition: Requisition, *, by: Any) -> None:
    """Nothing is left to order; called by the order that covers the last of it."""


@Requisition.flow.verb
def uncover(requisition: Requisition, *, by: Any) -> None:
    """An order that covered it was cancelled."""


@Requisition.flow.verb
def close(requisition: Requisition, *, by: Any) -> None:
    """Give up what is not ordered; what is ordered comes all the same."""


@Requisition.flow.guard("cancel")
def nothing_ordered(requisition: Requisition, user: Any) -> Refused | None:
    """What is ordered cannot be un-asked: close the rest instead."""
    if covering.is_covered(requisition):
        return Refused(_("Something of it is ordered: close the rest instead."), code="ordered")
    return None


@Requisition.flow.verb
def cancel(requisition: Requisition, *, by: Any) -> None:
    """Nobody needs it any more."""
    approvals.withdraw(requisition)


def content(requisition: Requisition) -> dict[str, Any]:
    """Everything that an approval is about: who needs what, for which department, at which estimate."""
    names = ("requester_id", "department_id", "cost_centre_id", "needed_on", "purpose", "total")
    fields = ("place", "item_id", "text", "category_id", "quantity", "unit_id", "price", "supplier_id")
    rows = RequisitionLine.objects.filter(requisition=requisition.pk).order_by("place").values(*fields)
    return {
        **{name: plain(getattr(requisition, name)) for name in names},
        "lines": [{name: plain(value) for name, value in row.items()} for row in rows],
    }


def plain(value: Any) -> str:
    """One spelling for a value, whether it was typed or read: 10 and 10.0000 are the same amount."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return "" if value is None else str(value)


def describe(requisition: Requisition) -> Described:
    """The requisition in an approver's list; a colleague who splits a wish to stay below a limit shows here."""
    rows = covering.with_split_hint(Requisition.objects.filter(pk=requisition.pk))
    split = (
        requisition.is_split if hasattr(requisition, "is_split") else rows.values_list("is_split", flat=True).first()
    )
    return Described(
        label=requisition.number or str(requisition),
        sub=str(requisition.requester),
        amount=requisition.total,
        currency=requisition.company.currency,
        detail=f"{requisition.purpose}, " + _("needed by %s") % date_format(requisition.needed_on, "j M Y"),
        flag=str(_("Perhaps split")) if split else "",
        tone="wait" if split else "idle",
        flag_icon="triangle-alert" if split else "",
    )


subjects.fill(
    "purchasing.requisition",
    Subject(
        content,
        describe,
        icon="shopping-cart",
        prepare=lambda rows: covering.with_split_hint(rows.select_related("requester", "company", "department")),
    ),
)
