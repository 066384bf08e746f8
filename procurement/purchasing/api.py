"""Requisitions and orders for programs: the same entering, the same verbs, the same refusals as on the screens."""

from datetime import timedelta
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.answering import once
from backoffice.api.endpoints import KEY, DocumentEndpoint, MasterEndpoint, RowsEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import DocumentSerializer, RowSerializer, VisibleRef
from finance.payables.models import Bill
from procurement.purchasing import accepting, billing, covering, judging, matching, ordering, progress, requesting
from procurement.purchasing.forms import MatchFilters, OrderFilters, RequisitionFilters
from procurement.purchasing.judging import Compared
from procurement.purchasing.models import (
    Acceptance,
    MatchChoice,
    MatchRow,
    OrderLine,
    PurchaseOrder,
    Requisition,
    RequisitionLine,
)
from procurement.purchasing.ordering import Portion
from procurement.suppliers.models import Supplier


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
            "payment_days", "billed_on", "note", "revision", "net", "tax", "total", "amount_company", "sent_at", "acknowledged_on",
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
            values.setdefault("billed_on", supplier.billed_on)
            values.setdefault("needed_on", day + timedelta(days=supplier.lead_days))
        return values


class SupplierBillSerializer(serializers.Serializer):
    """Number and date on a supplier's paper."""

    reference = serializers.CharField(max_length=60)
    on = serializers.DateField()


class DraftBillSerializer(RowSerializer):
    """The draft that was made; `payables/bills/<ref>/` is all of it."""

    class Meta:
        model = Bill
        fields = ["ref", "state", "version", "reference", "bill_date", "due_on", "currency", "net", "tax", "total"]


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
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):  # the schema is made without a database
            return rows
        return progress.with_progress(rows)

    def right_for(self, action: str) -> str | None:
        return billing.RIGHT if action == "bill" else super().right_for(action)

    @extend_schema(parameters=[KEY], request=SupplierBillSerializer, responses={201: DraftBillSerializer})
    @action(detail=True, methods=["post"])
    def bill(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A draft bill over all that may be billed of the order now, at its prices."""

        def work() -> Response:
            paper = SupplierBillSerializer(data=request.data)
            paper.is_valid(raise_exception=True)
            made = billing.draft(
                self.get_object(),
                by=request.user,
                reference=paper.validated_data["reference"],
                on=paper.validated_data["on"],
            )
            return Response(DraftBillSerializer(made).data, status.HTTP_201_CREATED)

        return once(request, self.operation(), work)


class WishSerializer(RowSerializer):
    """A line of an approved requisition with what is ordered and open of it, in its unit."""

    ordered = serializers.DecimalField(max_digits=18, decimal_places=6, read_only=True)
    open = serializers.DecimalField(max_digits=18, decimal_places=6, read_only=True)

    class Meta:
        model = RequisitionLine
        fields = [
            "id", "requisition", "place", "item", "text", "category", "quantity", "unit", "supplier", "ordered", "open",
        ]  # fmt: skip


class PortionSerializer(serializers.Serializer):
    """So much of a requisition's line; without a quantity all that is open."""

    line = serializers.IntegerField(min_value=1)
    quantity = serializers.DecimalField(max_digits=18, decimal_places=6, required=False)


class PortionsSerializer(serializers.Serializer):
    """What one order to a supplier brings."""

    supplier = VisibleRef(slug_field="ref", queryset=Supplier.objects.all())
    portions = PortionSerializer(many=True, allow_empty=False)


@route("purchasing/to-order")
class ToOrderEndpoint(RowsEndpoint):
    """What waits for a buyer: lines of approved requisitions that are not ordered in full."""

    model = RequisitionLine
    serializer_class = WishSerializer
    asks = ("cursor", "page_size")

    def right_for(self, action: str) -> str | None:
        return "purchasing.add_purchaseorder"

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return RequisitionLine.objects.none()
        rows = covering.to_order(self.request.user).select_related("requisition", "supplier")
        return rows.order_by("requisition__needed_on", "pk")

    @extend_schema(parameters=[KEY], request=PortionsSerializer, responses={201: OrderSerializer}, filters=False)
    @action(detail=False, methods=["post"], pagination_class=None)
    def order(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A draft order to one supplier from lines that wait; equal wishes become one line."""

        def work() -> Response:
            asked = PortionsSerializer(data=request.data, context=self.get_serializer_context())
            asked.is_valid(raise_exception=True)
            portions = [Portion(row["line"], row.get("quantity")) for row in asked.validated_data["portions"]]
            covering.demand_to_order({portion.line_id for portion in portions}, request.user)
            made = ordering.order_from(portions, supplier=asked.validated_data["supplier"], by=request.user)
            fresh = progress.with_progress(PurchaseOrder.objects.filter(pk=made.pk)).get()
            return Response(OrderSerializer(fresh, context=self.get_serializer_context()).data, status.HTTP_201_CREATED)

        return once(request, self.operation(), work)


class MatchSerializer(RowSerializer):
    class Meta:
        model = MatchRow
        fields = [
            "id", "bill_line", "order_line", "receipt_line", "quantity", "value", "entry", "cleared", "late", "exchange",
        ]  # fmt: skip


class FindingSerializer(serializers.Serializer):
    reason = serializers.CharField()
    text = serializers.CharField()


class ComparedSerializer(serializers.Serializer):
    """A line of a bill beside its order line; prices in the bill's currency, quantities in the order's unit."""

    bill_line = serializers.IntegerField()
    order_line = serializers.IntegerField(allow_null=True)
    billed = serializers.DecimalField(max_digits=18, decimal_places=6)
    due = serializers.DecimalField(max_digits=18, decimal_places=6)
    price = serializers.DecimalField(max_digits=20, decimal_places=6)
    order_price = serializers.DecimalField(max_digits=20, decimal_places=6)
    difference = serializers.DecimalField(max_digits=20, decimal_places=4)
    findings = FindingSerializer(many=True)


class ComparisonSerializer(serializers.Serializer):
    matched = serializers.BooleanField()
    differences = serializers.IntegerField()
    difference = serializers.DecimalField(max_digits=20, decimal_places=4)
    accepted = serializers.BooleanField()
    lines = ComparedSerializer(many=True)


@route("purchasing/matches")
class MatchEndpoint(RowsEndpoint):
    """What of a bill belongs to which order line and receipt; proposed whenever a bill is kept, final once posted."""

    model = MatchRow
    serializer_class = MatchSerializer
    filterset_class = MatchFilters

    def right_for(self, action: str) -> str | None:
        return super().right_for("list" if action == "comparison" else action)

    @extend_schema(
        parameters=[OpenApiParameter("bill", str, required=True, description="The `ref` of a bill.")],
        responses=ComparisonSerializer,
        filters=False,
    )
    @action(detail=False, pagination_class=None)
    def comparison(self, request: Request) -> Response:
        """A bill beside order and receipt: what differs, and what of it is out of tolerance."""
        asked = serializers.UUIDField().run_validation(request.query_params.get("bill"))
        bill = get_object_or_404(Bill.objects.visible_to(request.user), ref=asked)
        found = judging.compare(bill)
        answer = {
            "matched": found is not None,
            "differences": found.off if found else 0,
            "difference": found.difference if found else 0,
            "accepted": found is not None and found.acceptance is not None,
            "lines": [_compared(row) for row in found.rows] if found else [],
        }
        return Response(ComparisonSerializer(answer).data)


def _compared(row: Compared) -> dict[str, Any]:
    return {
        "bill_line": row.line.pk,
        "order_line": row.ordered.line.pk if row.ordered else None,
        "billed": row.billed,
        "due": row.due,
        "price": round(row.price, 6),
        "order_price": row.order_price,
        "difference": row.difference,
        "findings": [{"reason": finding.reason, "text": finding.text} for finding in row.findings],
    }


class ChoiceSerializer(RowSerializer):
    class Meta:
        model = MatchChoice
        fields = ["id", "bill_line", "order_line", "by"]
        read_only_fields = ["by"]
        # a second choice for a line takes the place of the first
        extra_kwargs: ClassVar[dict[str, Any]] = {"bill_line": {"validators": []}}


@route("purchasing/match-choices")
class ChoiceEndpoint(MasterEndpoint):
    """A person's word on what a bill's line belongs to; without an order line it belongs to none."""

    model = MatchChoice
    serializer_class = ChoiceSerializer
    http_method_names = ["get", "post", "head", "options"]

    def right_for(self, action: str) -> str | None:
        return "purchasing.add_matchchoice" if action == "forget" else super().right_for(action)

    def _create(self) -> Response:
        serializer = self.get_serializer(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        self._demand(MatchChoice(bill_line=given["bill_line"]), "add")
        choice = matching.choose(given["bill_line"], given.get("order_line"), by=self.request.user)
        return self.answer(choice, status.HTTP_201_CREATED)

    @extend_schema(parameters=[KEY], request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def forget(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Match the line as it is found again."""

        def work() -> Response:
            choice = self.get_object()
            self._demand(choice, "add")
            matching.forget(choice.bill_line, by=request.user)
            return Response(status=status.HTTP_204_NO_CONTENT)

        return once(request, self.operation(), work)


class AcceptanceSerializer(RowSerializer):
    class Meta:
        model = Acceptance
        fields = ["id", "bill", "reason", "by", "at", "difference"]
        read_only_fields = ["by", "at", "difference"]


@route("purchasing/acceptances")
class AcceptanceEndpoint(MasterEndpoint):
    """Who accepted what a bill differs by, as it stood then; the blocks that a check set for it end."""

    model = Acceptance
    serializer_class = AcceptanceSerializer
    http_method_names = ["get", "post", "head", "options"]

    def _create(self) -> Response:
        serializer = self.get_serializer(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        made = accepting.accept(given["bill"], by=self.request.user, reason=given["reason"])
        return self.answer(made, status.HTTP_201_CREATED)
