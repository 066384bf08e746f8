"""Equipment that comes in by the warehouse's door: each piece received becomes an asset, at what it cost."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import Sum
from django.utils.translation import gettext as _

from backoffice.core import events
from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO, shared
from backoffice.currencies import conversion
from finance.payables.events import BillPosted, BillReversed
from inventory.stock import accounting
from inventory.stock.events import GoodsReceived, GoodsReturned
from inventory.stock.models import ReceiptLine
from inventory.stock.receiving import account_of
from itsm.assets import tagging
from itsm.assets.models import Asset
from procurement.purchasing.models import MatchRow, OrderLine, PurchaseOrder

State = Asset.State
THE_SYSTEM = AnonymousUser()  # whoever acts because goods moved


@events.subscribe(GoodsReceived)
def make(event: GoodsReceived) -> None:
    """One asset for each accepted piece of an item that becomes equipment.

    Raises `Refused` for parts of a piece: nobody can stick a label on half a laptop.
    """
    wanted = [line.receipt_line_id for line in event.lines if line.quantity]
    rows = ReceiptLine.objects.filter(pk__in=wanted, item__is_asset=True).order_by("place")
    lines = list(rows.select_related("receipt__company", "receipt__party", "item__account", "item__category", "expected__account", "expected__cost_centre"))  # fmt: skip
    if not lines:
        return
    receipt = lines[0].receipt
    for line in lines:
        if line.quantity != int(line.quantity):
            raise Refused(_("%(item)s is equipment: receive whole pieces.") % {"item": line.item}, code="pieces")
    tags = iter(tagging.take(receipt.company, sum(int(line.quantity) for line in lines)))
    accounts, ordered = accounting.accounts_of(receipt.company), _order_lines(lines)
    made = []
    for line in lines:
        if line.item is None:
            continue
        account, _centre = account_of(line, accounts)
        costs = _pieces(line.value, int(line.quantity), receipt.company.currency)
        for piece, cost in enumerate(costs, start=1):
            made.append(
                Asset(
                    company=receipt.company, number=next(tags), item=line.item, name=line.item.name, cost=cost,
                    account=account, acquired_on=receipt.received_on, supplier=receipt.party, receipt_line=line,
                    piece=piece, order_line=ordered.get(line.pk), entered_by_id=event.by_id, changed_by_id=event.by_id,
                )
            )  # fmt: skip
    Asset.objects.bulk_create(made)
    learn(line.pk for line in lines)  # the bill may have come first


def _order_lines(lines: list[ReceiptLine]) -> dict[int, OrderLine]:
    """By receipt line, the line of the purchase order that it brought."""
    kind = ContentType.objects.get_for_model(PurchaseOrder)
    wanted = {
        line.pk: line.expected.origin_line
        for line in lines
        if line.expected is not None and line.expected.origin_type_id == kind.pk
    }
    known = OrderLine.objects.in_bulk(set(wanted.values()))
    return {pk: known[row] for pk, row in wanted.items() if row in known}


def _pieces(value: Decimal, n: int, currency: str) -> list[Decimal]:
    """What each of n pieces cost, to the last penny; sums to the value."""
    return shared(value, [Decimal(1)] * n, conversion.digits(currency)) if value else [ZERO] * n


@events.subscribe(GoodsReturned)
def give_up(event: GoodsReturned) -> None:
    """What goes back to the supplier is ours no more: pieces in stock, the last ones first.

    Raises `Refused` when fewer pieces are in stock than go back.
    """
    for line, quantity in event.lines:
        pieces = Asset.objects.filter(receipt_line=line)
        if not pieces.exists():
            continue
        going = list(pieces.filter(state=State.IN_STOCK).order_by("-piece")[: int(quantity)])
        if len(going) < quantity:
            raise Refused(
                _("Only %(n)d of these pieces are in stock: take the others back first.") % {"n": len(going)},
                code="in_use",
            )
        for asset in going:
            go_back(asset, by=THE_SYSTEM)
        learn([line])


@Asset.flow.verb
def go_back(asset: Asset, *, by: Any) -> None:
    """Sent back to the supplier."""
    asset.cost = ZERO


@events.subscribe(BillPosted)
def billed(event: BillPosted) -> None:
    """The bill says what the pieces really cost."""
    learn(MatchRow.objects.filter(entry=event.entry_id).values_list("receipt_line", flat=True))


@events.subscribe(BillReversed)
def unbilled(event: BillReversed) -> None:
    """What a bill had added is gone again."""
    entries = [event.entry_id, event.mirror_id]
    learn(MatchRow.objects.filter(entry__in=entries).values_list("receipt_line", flat=True))


def learn(receipt_lines: Iterable[int | None]) -> None:
    """Put the cost of pieces right: what came less what went back, and the late costs of posted bills."""
    wanted = {pk for pk in receipt_lines if pk is not None}
    pieces: dict[int, list[Asset]] = {}
    rows = Asset.objects.select_for_update(of=("self",)).filter(receipt_line__in=wanted).exclude(state=State.SENT_BACK)
    for asset in rows.select_related("company").order_by("pk"):
        if asset.receipt_line_id:
            pieces.setdefault(asset.receipt_line_id, []).append(asset)
    posted = MatchRow.objects.filter(receipt_line__in=pieces, entry__isnull=False)
    late = dict(posted.order_by().values_list("receipt_line").annotate(late=Sum("late")))
    changed = []
    lines = ReceiptLine.objects.in_bulk(pieces)
    for pk, assets in pieces.items():
        line = lines[pk]
        value = max(line.value - line.returned_value + (late.get(pk) or ZERO), ZERO)
        for asset, cost in zip(assets, _pieces(value, len(assets), assets[0].company.currency), strict=True):
            if asset.cost != cost:
                asset.cost = cost
                changed.append(asset)
    Asset.objects.bulk_update(changed, ["cost"])


def bills_of(asset: Asset) -> list[Any]:
    """The bills that were matched to the receipt it came with."""
    rows = MatchRow.objects.filter(receipt_line=asset.receipt_line_id).select_related("bill_line__bill__party")
    return list({row.bill_line.bill_id: row.bill_line.bill for row in rows}.values()) if asset.receipt_line_id else []
