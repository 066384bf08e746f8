"""Stock for programs: the same documents, the same verbs, the same refusals as on the screens."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.answering import once
from backoffice.api.endpoints import KEY, DocumentEndpoint, MasterEndpoint, RowsEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import DocumentSerializer, RowSerializer
from backoffice.core.authority import authority
from backoffice.documents import keeping
from inventory.stock import counting
from inventory.stock.forms import ExpectedFilters, IssueFilters, MoveFilters, OnHandFilters, ReceiptFilters
from inventory.stock.models import (
    Bin,
    CountLine,
    Expected,
    GoodsIssue,
    GoodsReceipt,
    IssueLine,
    OnHand,
    ReceiptLine,
    ReturnLine,
    StockCount,
    StockMove,
    StockTransfer,
    SupplierReturn,
    TransferLine,
    Warehouse,
)


class WarehouseSerializer(RowSerializer):
    class Meta:
        model = Warehouse
        fields = [
            "id", "company", "department", "code", "name", "street", "postcode", "city", "allows_negative", "is_active",
        ]  # fmt: skip


class BinSerializer(RowSerializer):
    class Meta:
        model = Bin
        fields = ["id", "warehouse", "code", "name", "kind", "is_active"]


class ExpectedSerializer(RowSerializer):
    class Meta:
        model = Expected
        fields = [
            "id", "company", "origin_number", "place", "party", "warehouse", "item", "text", "quantity", "unit_cost",
            "due_on", "received", "rejected", "is_cancelled",
        ]  # fmt: skip


class OnHandSerializer(RowSerializer):
    class Meta:
        model = OnHand
        fields = ["id", "item", "bin", "quantity", "counted_on"]


class MoveSerializer(RowSerializer):
    class Meta:
        model = StockMove
        fields = ["id", "item", "bin", "kind", "quantity", "on", "at", "origin_name"]


class ReceiptLineSerializer(RowSerializer):
    class Meta:
        model = ReceiptLine
        fields = [
            "id", "place", "expected", "item", "bin", "quantity", "rejected", "reason", "note", "unit_cost", "value", "returned",
        ]  # fmt: skip
        read_only_fields = ["id", "place", "value", "returned"]


class ReceiptSerializer(DocumentSerializer):
    lines = ReceiptLineSerializer(many=True)

    class Meta:
        model = GoodsReceipt
        fields = [*DocumentSerializer.SHARED, "warehouse", "party", "received_on", "delivery_note", "entry", "lines"]
        read_only_fields = ["entry"]


class IssueLineSerializer(RowSerializer):
    class Meta:
        model = IssueLine
        fields = ["id", "place", "item", "bin", "quantity", "value"]
        read_only_fields = ["id", "place", "value"]


class IssueSerializer(DocumentSerializer):
    lines = IssueLineSerializer(many=True)

    class Meta:
        model = GoodsIssue
        fields = [*DocumentSerializer.SHARED, "warehouse", "cost_centre", "issued_on", "text", "entry", "lines"]
        read_only_fields = ["entry"]


class ReturnLineSerializer(RowSerializer):
    class Meta:
        model = ReturnLine
        fields = ["id", "place", "receipt_line", "bin", "quantity", "value"]
        read_only_fields = ["id", "place", "value"]


class ReturnSerializer(DocumentSerializer):
    lines = ReturnLineSerializer(many=True)

    class Meta:
        model = SupplierReturn
        fields = [*DocumentSerializer.SHARED, "warehouse", "party", "kind", "returned_on", "reason", "entry", "lines"]
        read_only_fields = ["entry"]


class TransferLineSerializer(RowSerializer):
    class Meta:
        model = TransferLine
        fields = ["id", "place", "item", "from_bin", "to_bin", "quantity"]
        read_only_fields = ["id", "place"]


class TransferSerializer(DocumentSerializer):
    lines = TransferLineSerializer(many=True)

    class Meta:
        model = StockTransfer
        fields = [*DocumentSerializer.SHARED, "warehouse", "moved_on", "lines"]


class CountLineSerializer(RowSerializer):
    """Blind: what the books hold is not told to programs that count."""

    class Meta:
        model = CountLine
        fields = ["id", "place", "item", "bin", "counted", "reason"]
        read_only_fields = ["id", "place", "counted"]


class CountSerializer(DocumentSerializer):
    lines = CountLineSerializer(many=True, read_only=True)

    class Meta:
        model = StockCount
        fields = [*DocumentSerializer.SHARED, "warehouse", "counted_on", "text", "entry", "lines"]
        read_only_fields = ["entry"]


class CountedSerializer(serializers.Serializer):
    """How much of a line was found, in base units; a difference may say why."""

    line = serializers.IntegerField(min_value=1)
    counted = serializers.DecimalField(max_digits=18, decimal_places=6, min_value=0)
    reason = serializers.ChoiceField(choices=CountLine.Reason.choices, default="", allow_blank=True)


@route("stock/warehouses")
class WarehouseEndpoint(MasterEndpoint):
    """Warehouses."""

    model = Warehouse
    serializer_class = WarehouseSerializer


@route("stock/bins")
class BinEndpoint(MasterEndpoint):
    """Bins of warehouses."""

    model = Bin
    serializer_class = BinSerializer
    filterset_fields: ClassVar = {"warehouse": ["exact"], "code": ["exact"]}


@route("stock/expected")
class ExpectedEndpoint(RowsEndpoint):
    """What is to come, whoever ordered it."""

    model = Expected
    serializer_class = ExpectedSerializer
    filterset_class = ExpectedFilters


@route("stock/on-hand")
class OnHandEndpoint(RowsEndpoint):
    """What lies where, in base units."""

    model = OnHand
    serializer_class = OnHandSerializer
    filterset_class = OnHandFilters


@route("stock/moves")
class MoveEndpoint(RowsEndpoint):
    """What moved, the newest first."""

    model = StockMove
    serializer_class = MoveSerializer
    filterset_class = MoveFilters


@route("stock/receipts")
class ReceiptEndpoint(DocumentEndpoint):
    """Goods receipts."""

    model = GoodsReceipt
    serializer_class = ReceiptSerializer
    filterset_class = ReceiptFilters


@route("stock/issues")
class IssueEndpoint(DocumentEndpoint):
    """Goods issues to cost centres."""

    model = GoodsIssue
    serializer_class = IssueSerializer
    filterset_class = IssueFilters


@route("stock/returns")
class ReturnEndpoint(DocumentEndpoint):
    """Goods sent back to suppliers."""

    model = SupplierReturn
    serializer_class = ReturnSerializer


@route("stock/transfers")
class TransferEndpoint(DocumentEndpoint):
    """Goods carried from bin to bin."""

    model = StockTransfer
    serializer_class = TransferSerializer


@route("stock/counts")
class CountEndpoint(DocumentEndpoint):
    """Counts: `POST` puts all that lies in the warehouse on the list, `count` notes a line, `submit` hands it on."""

    model = StockCount
    serializer_class = CountSerializer
    writes: ClassVar = {**DocumentEndpoint.writes, "count": "change"}

    @staticmethod
    def enter(count: StockCount, *, by: Any, lines: Any = ()) -> StockCount:
        """Keep it with its list."""
        keeping.enter(count, by=by)
        counting.list_all(count, by=by)
        return count

    @extend_schema(parameters=[KEY], request=CountedSerializer, responses=CountSerializer)
    @action(detail=True, methods=["post"])
    def count(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Note what was counted of a line; once more, until the count is submitted."""
        return once(request, self.operation(), self._count)

    def _count(self) -> Response:
        given = CountedSerializer(data=self.request.data)
        given.is_valid(raise_exception=True)
        values, count = given.validated_data, self.get_object()
        if denied := authority.only.refusal(self.request.user, "stock.change_stockcount", count):
            raise denied
        line = get_object_or_404(count.lines.select_related("count"), pk=values["line"])
        counting.write_down(line, values["counted"], reason=values["reason"], by=self.request.user)
        return self.answer(count)
