"""How far orders have come: received and billed, read for many orders at once and never stored (operations B0.1)."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import DecimalField, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from backoffice.core.rounding import ZERO
from inventory.stock.models import Expected
from procurement.purchasing.models import MatchRow, OrderLine, PurchaseOrder
from procurement.purchasing.standing import CLAIMING

NUMBER = DecimalField(max_digits=38, decimal_places=6)
State = PurchaseOrder.State
KNOWN_TO_SUPPLIER = (State.SENT, State.AMENDING, State.CLOSED)


def with_progress(orders: Any) -> Any:
    """Orders with `came` and `awaits` (something was received, is still to come), `billed` and `unbilled`."""
    kind = ContentType.objects.get_for_model(PurchaseOrder)
    expected = Expected.objects.filter(origin_type=kind, origin_id=OuterRef("pk"))
    matches = MatchRow.objects.filter(bill_line__bill__state__in=CLAIMING)
    of_line = matches.filter(order_line=OuterRef("pk")).order_by().values("order_line")
    summed = Subquery(of_line.annotate(sum=Sum("quantity")).values("sum"), output_field=NUMBER)
    lines = OrderLine.objects.filter(order=OuterRef("pk")).alias(done=Coalesce(summed, ZERO, output_field=NUMBER))
    return orders.annotate(
        came=Exists(expected.filter(received__gt=0)),
        awaits=Exists(expected.filter(is_cancelled=False, received__lt=F("quantity"))),
        billed=Exists(matches.filter(order_line__order=OuterRef("pk"))),
        unbilled=Exists(lines.filter(quantity__gt=F("cancelled") + F("done"))),
    )


TO_RECEIVE = Q(state__in=[State.SENT, State.AMENDING], awaits=True)
TO_BILL = Q(state__in=[State.SENT, State.AMENDING], unbilled=True)
OPEN = ~Q(state__in=[State.CLOSED, State.CANCELLED])
