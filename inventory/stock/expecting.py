"""What is expected: told by whoever ordered, looked at by whoever receives."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.organisation.models import Company, CostCentre
from backoffice.parties.models import Party
from finance.ledger.models import Account
from inventory.catalogue.models import Item
from inventory.stock.models import Expected, Warehouse

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Expectation:
    """A line to come: base units, and the net price of one in company currency."""

    origin_line: int
    place: int
    party: Party
    warehouse: Warehouse
    text: str
    quantity: Decimal
    unit_cost: Decimal
    item: Item | None = None
    account: Account | None = None
    cost_centre: CostCentre | None = None
    due_on: date | None = None
    over_percent: Decimal = ZERO


@transaction.atomic
def expect(
    company: Company, lines: Sequence[Expectation], *, origin: models.Model, number: str, by: Any
) -> list[Expected]:
    """Expect these lines of an order, or expect them differently from now on; `number` is what people call the order.

    Raises `Refused` when less is expected than has come already.
    """
    kind = ContentType.objects.get_for_model(origin)
    known = {
        e.origin_line: e
        for e in Expected.objects.select_for_update().filter(origin_type=kind, origin_id=origin.pk).order_by("id")
    }
    made: list[Expected] = []
    for line in lines:
        row = known.get(line.origin_line) or Expected(
            company=company, origin_type=kind, origin_id=origin.pk, origin_line=line.origin_line
        )
        if row.pk and line.quantity < row.received:
            raise Refused(
                _("%(quantity)s of “%(line)s” have come already.")
                % {"quantity": f"{row.received.normalize():f}", "line": row.text},
                code="received",
            )
        for name in ("place", "party", "warehouse", "text", "quantity", "unit_cost", "item", "account", "cost_centre"):
            setattr(row, name, getattr(line, name))
        row.due_on, row.over_percent = line.due_on, line.over_percent
        row.origin_number, row.is_cancelled = number, False
        made.append(row)
    Expected.objects.bulk_create([row for row in made if not row.pk])
    fields = ["place", "party", "warehouse", "text", "quantity", "unit_cost", "item", "account", "cost_centre"]
    Expected.objects.bulk_update(
        [row for row in made if row.origin_line in known],
        [*fields, "due_on", "over_percent", "origin_number", "is_cancelled"],
    )
    return made


def cancel(origin: models.Model, lines: Iterable[int] | None = None, *, by: Any) -> int:
    """Expect the rest of an order, or of these lines of it, no more; how many lines that were."""
    rows = Expected.objects.filter(
        origin_type=ContentType.objects.get_for_model(origin), origin_id=origin.pk, is_cancelled=False
    )
    if lines is not None:
        rows = rows.filter(origin_line__in=list(lines))
    return rows.update(is_cancelled=True)


def still_open(company: Company) -> models.QuerySet[Expected]:
    """What is still to come, the earliest first."""
    return Expected.objects.filter(company=company, is_cancelled=False, received__lt=F("quantity")).order_by(
        F("due_on").asc(nulls_last=True), "id"
    )
