"""Carrying goods from bin to bin: quantities change their place, values stay."""

from typing import Any

from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from inventory.stock import moving
from inventory.stock.models import StockTransfer


@StockTransfer.flow.guard("carry")
def something_to_carry(transfer: StockTransfer, user: Any) -> Refused | None:
    """A transfer has lines."""
    return None if transfer.lines.exists() else Refused(_("Nothing is moved yet."), code="empty")


@StockTransfer.flow.verb
def carry(transfer: StockTransfer, *, by: Any) -> None:
    """Move the goods. Raises `Refused` when a bin does not hold so much."""
    lines = list(transfer.lines.select_related("item__category", "from_bin__warehouse", "to_bin__warehouse"))
    out = [(line.item, line.from_bin, -line.quantity) for line in lines]
    into = [(line.item, line.to_bin, line.quantity) for line in lines]
    moving.carry(transfer.company, out + into, on=transfer.moved_on, origin=transfer, name=str(transfer))


@StockTransfer.flow.verb
def void(transfer: StockTransfer, *, by: Any) -> None:
    """Drop a transfer that was never carried out."""
