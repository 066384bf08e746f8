"""Equipment for programs: the register, with the same verbs as on the screens."""

from typing import Any

from backoffice.api.endpoints import DocumentEndpoint, FlowEndpoint, RowsEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import DocumentSerializer, RowSerializer
from itsm.assets import entering
from itsm.assets.forms import AssetFilters, OutfitFilters
from itsm.assets.models import Asset, HandOver, Outfit


class AssetSerializer(DocumentSerializer):
    class Meta:
        model = Asset
        fields = [
            *DocumentSerializer.SHARED, "item", "name", "serial", "cost", "acquired_on", "supplier", "holder", "place",
            "order_line", "receipt_line", "note",
        ]  # fmt: skip
        read_only_fields = ["holder", "place", "order_line", "receipt_line"]


class HandOverSerializer(RowSerializer):
    class Meta:
        model = HandOver
        fields = [
            "id",
            "asset",
            "employment",
            "place",
            "given_at",
            "given_by",
            "accepted_at",
            "returned_at",
            "condition",
        ]


class OutfitSerializer(RowSerializer):
    class Meta:
        model = Outfit
        fields = ["id", "company", "employment", "starts_on", "state", "requisition"]


@route("assets/assets")
class AssetEndpoint(DocumentEndpoint):
    """The register of equipment."""

    model = Asset
    serializer_class = AssetSerializer
    filterset_class = AssetFilters
    enter = staticmethod(entering.enter)
    change = staticmethod(entering.change)
    changeable = tuple(state for state in Asset.State.values if state not in entering.GONE)


@route("assets/hand-overs")
class HandOverEndpoint(RowsEndpoint):
    """Who got what, and when it was accepted and returned."""

    model = HandOver
    serializer_class = HandOverSerializer


@route("assets/starters")
class OutfitEndpoint(FlowEndpoint):
    """What starters need."""

    model = Outfit
    serializer_class = OutfitSerializer
    filterset_class = OutfitFilters

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("employment__person")
