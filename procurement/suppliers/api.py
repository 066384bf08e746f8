"""Suppliers and their prices for programs."""

from backoffice.api.endpoints import DocumentEndpoint, MasterEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import DocumentSerializer, RowSerializer
from procurement.suppliers import standing
from procurement.suppliers.forms import PriceFilters, SupplierFilters
from procurement.suppliers.models import Supplier, SupplierItem


class SupplierSerializer(DocumentSerializer):
    class Meta:
        model = Supplier
        fields = [
            *DocumentSerializer.SHARED, "party", "order_email", "payment_days", "billed_on", "lead_days", "terms",
            "blocked_because",
        ]  # fmt: skip
        read_only_fields = ["blocked_because"]


@route("suppliers/suppliers")
class SupplierEndpoint(DocumentEndpoint):
    """Whom we may order from; `approve` asks for a second person."""

    model = Supplier
    serializer_class = SupplierSerializer
    filterset_class = SupplierFilters
    enter = staticmethod(standing.enter)
    change = staticmethod(standing.change)


class PriceSerializer(RowSerializer):
    class Meta:
        model = SupplierItem
        fields = ["id", "supplier", "item", "code", "unit", "price", "currency", "minimum", "multiple", "valid_from"]


@route("suppliers/prices")
class PriceEndpoint(MasterEndpoint):
    """What suppliers ask for our items, net for one unit, from a day on."""

    model = SupplierItem
    serializer_class = PriceSerializer
    filterset_class = PriceFilters
