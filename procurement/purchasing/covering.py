"""What of the requisitions is ordered: read from the orders' coverage, never stored.

A requisition's line is covered by the lines of orders that are not cancelled; an order line that was cancelled whole
covers nothing.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO
from backoffice.workflow.models import ApprovalRule
from procurement.purchasing.models import Coverage, PurchaseOrder, Requisition, RequisitionLine

State = Requisition.State
LIVE = ~Q(order_line__order__state=PurchaseOrder.State.CANCELLED) & Q(
    order_line__quantity__gt=F("order_line__cancelled")
)
NUMBER = DecimalField(max_digits=38, decimal_places=6)
SPLIT_DAYS = 30  # how far back a colleague's wishes are added up (operations B11)


def with_open(lines: Any) -> Any:
    """Requisition lines with `ordered` and `open`, in their unit."""
    covered = Coverage.objects.filter(LIVE, requisition_line=OuterRef("pk")).values("requisition_line")
    summed = Subquery(covered.annotate(sum=Sum("quantity")).values("sum"), output_field=NUMBER)
    return lines.annotate(ordered=Coalesce(summed, ZERO, output_field=NUMBER)).annotate(
        open=F("quantity") - F("ordered")
    )


def to_order(user: Any) -> Any:
    """The lines that wait for a buyer: of approved requisitions that this person may see, not all ordered."""
    seen = Requisition.objects.visible_to(user).filter(state=State.APPROVED)
    return with_open(RequisitionLine.objects.filter(requisition__in=seen)).filter(open__gt=0)


def demand_to_order(keys: Collection[int], user: Any) -> None:
    """Raise `Refused` unless each of these lines waits for a buyer and this person may see it."""
    if to_order(user).filter(pk__in=keys).count() != len(keys):
        raise Refused(_("Choose lines that are left to order."), code="open")


def locked(lines: Sequence[int]) -> dict[int, RequisitionLine]:
    """Requisition lines by key with what is open of them, locked in the order of their keys.

    Locked, since two buyers may order the same wish at once.
    """
    rows = RequisitionLine.objects.select_for_update(of=("self",)).filter(pk__in=lines).order_by("pk")
    keys = [row.pk for row in rows]
    found = with_open(RequisitionLine.objects.filter(pk__in=keys)).select_related(
        "requisition__company",
        "requisition__cost_centre",
        "item__category",
        "item__tax_code",
        "item__account",
        "unit",
        "category",
        "supplier",
    )
    return {row.pk: row for row in found}


def demand_open(row: RequisitionLine, quantity: Decimal) -> None:
    """Raise `Refused` unless that much of the line is approved and not yet ordered."""
    if row.requisition.state not in (State.APPROVED, State.ORDERED):
        raise Refused(
            _("%(requisition)s is %(state)s: nothing of it can be ordered.")
            % {"requisition": row.requisition, "state": row.requisition.get_state_display().lower()},
            code="state",
        )
    if quantity <= 0 or quantity > row.open:  # type: ignore[attr-defined]
        raise Refused(
            _("%(open)s of “%(line)s” are left to order, %(asked)s are asked.")
            % {"open": _figure(row.open), "line": row, "asked": _figure(quantity)},  # type: ignore[attr-defined]
            code="open",
        )


def settle(requisition_ids: Sequence[int], *, by: Any) -> None:
    """Move requisitions to ordered or back, as their lines now stand; called by whatever covers or uncovers them.

    These are moves of the system: what a person may do was asked of the order.
    """
    rows = Requisition.objects.filter(pk__in=requisition_ids, state__in=[State.APPROVED, State.ORDERED]).order_by("pk")
    for requisition in rows:
        is_open = with_open(requisition.lines.all()).filter(open__gt=0).exists()
        if requisition.state == State.APPROVED and not is_open:
            Requisition.flow.perform(requisition, "cover", by=by)
        elif requisition.state == State.ORDERED and is_open:
            Requisition.flow.perform(requisition, "uncover", by=by)


def is_covered(requisition: Requisition) -> bool:
    """Whether anything of it is ordered."""
    return Coverage.objects.filter(LIVE, requisition_line__requisition=requisition.pk).exists()


def with_split_hint(requisitions: Any) -> Any:
    """Requisitions with `is_split`: what the colleague asked for in the same categories within 30 days would,
    together with this one, reach a rule of approval that this one alone stays below.
    """
    since = timezone.now() - timedelta(days=SPLIT_DAYS)
    mine = RequisitionLine.objects.filter(requisition=OuterRef(OuterRef("pk"))).values("category")
    other = (
        RequisitionLine.objects.filter(
            requisition__requester=OuterRef("requester"),
            requisition__company=OuterRef("company"),
            requisition__entered_at__gte=since,
            category__in=mine,
        )
        .exclude(requisition=OuterRef("pk"))
        .exclude(requisition__state__in=[State.CANCELLED, State.DRAFT])
        .values("requisition__requester")
    )
    before = Subquery(
        other.annotate(
            sum=Sum(F("quantity") * Coalesce(F("price"), ZERO, output_field=NUMBER), output_field=NUMBER)
        ).values("sum"),
        output_field=NUMBER,
    )
    crossed = ApprovalRule.objects.filter(
        company=OuterRef("company"),
        kind=Requisition._meta.label_lower,
        from_amount__gte=OuterRef("total"),
        from_amount__lt=OuterRef("together"),
    )
    return requisitions.annotate(together=F("total") + Coalesce(before, ZERO, output_field=NUMBER)).annotate(
        is_split=Exists(crossed)
    )


def _figure(value: Decimal) -> str:
    return format(value.normalize(), "f")
