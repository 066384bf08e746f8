"""Equipment for programs: the register, with the same verbs as on the screens."""

from typing import Any, ClassVar

from django.db.models import Exists, OuterRef
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.answering import once
from backoffice.api.endpoints import KEY, DocumentEndpoint, FlowEndpoint, RowsEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import DocumentSerializer, RowSerializer
from itsm.assets import entering, handing
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


class OwnAssetSerializer(RowSerializer):
    """What a holder sees of it: no cost."""

    is_accepted = serializers.BooleanField(read_only=True)

    class Meta:
        model = Asset
        fields = ["ref", "number", "name", "serial", "state", "is_accepted"]


@route("assets/mine")
class OwnAssetEndpoint(RowsEndpoint):
    """What the caller holds; `accept` says that they have it."""

    model = Asset
    serializer_class = OwnAssetSerializer
    called = "mine"
    asks = ("cursor", "page_size")
    lookup_field = "ref"
    lookup_value_converter = "uuid"

    def right_for(self, action: str) -> str | None:
        return "assets.accept_asset" if action == "accept" else "assets.view_own_asset"

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Asset.objects.none()
        accepted = HandOver.objects.filter(asset=OuterRef("pk"), returned_at=None, accepted_at__isnull=False)
        return handing.own(self.request.user).annotate(is_accepted=Exists(accepted)).order_by("number")

    @extend_schema(parameters=[KEY], request=None, responses=OwnAssetSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The holder says: I have it."""

        def work() -> Response:
            asset = self.get_object()
            handing.accept(asset, by=request.user)
            return self.answer(asset)

        return once(request, self.operation(), work)


@route("assets/hand-overs")
class HandOverEndpoint(RowsEndpoint):
    """Who got what, and when it was accepted and returned."""

    model = HandOver
    serializer_class = HandOverSerializer
    filterset_fields: ClassVar = {"asset__ref": ["exact"], "employment__ref": ["exact"]}


@route("assets/starters")
class OutfitEndpoint(FlowEndpoint):
    """What starters need."""

    model = Outfit
    serializer_class = OutfitSerializer
    filterset_class = OutfitFilters

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("employment__person")
