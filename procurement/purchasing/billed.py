"""What of received goods is billed, for stock: a receipt that is billed is not put right any more."""

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db.models import Sum

from backoffice.core.rounding import ZERO
from inventory.stock import slots
from inventory.stock.models import Expected
from procurement.purchasing.models import MatchRow, OrderLine, PurchaseOrder
from procurement.purchasing.standing import CLAIMING


@slots.billed.filler("purchasing.match")
def of_receipts(lines: Collection[int], *, lock: bool = False) -> dict[int, Decimal]:
    """By receipt line, what submitted and posted bills claim of it, in base units; credit notes count against it."""
    if lock:  # the lock under which bills are matched
        kind = ContentType.objects.get_for_model(PurchaseOrder)
        ordered = Expected.objects.filter(receipt_lines__in=lines, origin_type=kind).values("origin_line")
        list(OrderLine.objects.select_for_update(of=("self",)).filter(pk__in=ordered).order_by("pk").values_list("pk"))
    rows = MatchRow.objects.filter(receipt_line__in=lines, bill_line__bill__state__in=CLAIMING).order_by()
    sums = rows.values_list("receipt_line", "order_line__numerator", "order_line__denominator")
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for line, numerator, denominator, quantity in sums.annotate(sum=Sum("quantity")):
        found[line] += quantity * numerator / denominator
    return dict(found)
