"""Requisitions and orders for programs: the same entering, the same verbs, the same refusals as on the screens."""

from datetime import timedelta
from typing import Any

from rest_framework import serializers

from backoffice.api.endpoints import DocumentEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import DocumentSerializer, RowSerializer
from procurement.purchasing import ordering, progress, requesting
from procurement.purchasing.forms import OrderFilters, RequisitionFilters
from procurement.purchasing.models import OrderLine, PurchaseOrder, Requisition, RequisitionLine


class RequisitionLineSerializer(RowSerializer):
    class Meta:
        model = RequisitionLine
        fields = ["id", "place", "item", "text", "category", "quantity", "unit", "price", "supplier"]
        read_only_fields = ["id", "place"]


class RequisitionSerializer(DocumentSerializer):
    lines = RequisitionLineSerializer(many=True)

    class Meta:
        model = Requisition
        fields = [
            *DocumentSerializer.SHARED, "requester", "department", "cost_centre", "needed_on", "purpose", "total", "lines",
        ]  # fmt: skip
        read_only_fields = ["requester", "total"]


@route("purchasing/requisitions")
class RequisitionEndpoint(DocumentEndpoint):
    """What colleagues ask for; the caller sees their own and those that a role shows."""

    model = Requisition
    serializer_class = RequisitionSerializer
    filterset_class = RequisitionFilters
    enter = staticmethod(requesting.enter)
    change = staticmethod(requesting.change)


class OrderLineSerializer(RowSerializer):
    class Meta:
        model = OrderLine
        fields = [
            "id", "place", "item", "supplier_code", "text", "category", "quantity", "cancelled", "unit", "price", "net",
            "tax_code", "account", "cost_centre", "needed_on",
        ]  # fmt: skip
        read_only_fields = ["id", "place", "cancelled", "net"]
        extra_kwargs = {"price": {"required": False}}


class OrderSerializer(DocumentSerializer):
    """What is left out follows from the supplier: currency, payment days, delivery day, prices of lines."""

    lines = OrderLineSerializer(many=True)
    came = serializers.BooleanField(read_only=True)
    awaits = serializers.BooleanField(read_only=True)
    billed = serializers.BooleanField(read_only=True)
    unbilled = serializers.BooleanField(read_only=True)

    class Meta:
        model = PurchaseOrder
        fields = [
            *DocumentSerializer.SHARED, "supplier", "buyer", "ordered_on", "needed_on", "warehouse", "currency", "rate",
            "payment_days", "note", "revision", "net", "tax", "total", "amount_company", "sent_at", "acknowledged_on",
            "their_reference", "came", "awaits", "billed", "unbilled", "lines",
        ]  # fmt: skip
        read_only_fields = [
            "buyer", "revision", "net", "tax", "total", "amount_company", "sent_at", "acknowledged_on", "their_reference",
        ]  # fmt: skip
        extra_kwargs = {name: {"required": False} for name in ("currency", "payment_days", "needed_on")}

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Fill in what follows when an order is entered; a change only touches what it names."""
        supplier, day = values.get("supplier"), values.get("ordered_on")
        if self.instance is None and supplier is not None and day is not None:
            values.setdefault("currency", supplier.party.currency)
            values.setdefault("payment_days", supplier.payment_days)
            values.setdefault("needed_on", day + timedelta(days=supplier.lead_days))
        return values


@route("purchasing/orders")
class OrderEndpoint(DocumentEndpoint):
    """Purchase orders. `awaits` says that goods are still to come, `unbilled` that bills are."""

    model = PurchaseOrder
    serializer_class = OrderSerializer
    filterset_class = OrderFilters
    changeable = ordering.OPEN
    enter = staticmethod(ordering.enter)
    change = staticmethod(ordering.change)

    def get_queryset(self) -> Any:
        return progress.with_progress(super().get_queryset())
