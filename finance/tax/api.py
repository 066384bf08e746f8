"""Tax codes for programs, and the preview: what lines come to, computed as posting will compute it."""

from decimal import Decimal
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.endpoints import RowsEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import RowSerializer, VisibleKey
from finance.tax import computing
from finance.tax.models import TaxCode, TaxRate


class TaxRateSerializer(RowSerializer):
    class Meta:
        model = TaxRate
        fields = ["on", "rate", "source"]


class TaxCodeSerializer(RowSerializer):
    rates = TaxRateSerializer(many=True, read_only=True)

    class Meta:
        model = TaxCode
        fields = [
            "id",
            "company",
            "code",
            "name",
            "kind",
            "included",
            "adds_to_base",
            "recoverable",
            "is_reverse_charge",
            "category",
            "base_box",
            "tax_box",
            "is_active",
            "rates",
        ]


class PreviewLineSerializer(serializers.Serializer):
    quantity = serializers.DecimalField(max_digits=18, decimal_places=6, default=Decimal(1))
    unit_price = serializers.DecimalField(max_digits=20, decimal_places=6)
    discount = serializers.DecimalField(max_digits=20, decimal_places=4, default=Decimal(0))
    tax_codes = VisibleKey(queryset=TaxCode.objects.prefetch_related("rates", "members__member__rates"), many=True)


class PreviewSerializer(serializers.Serializer):
    on = serializers.DateField(required=False)
    digits = serializers.IntegerField(min_value=0, max_value=4, default=2)
    rounding = serializers.ChoiceField(["document", "line"], default="document")
    discount = serializers.DecimalField(max_digits=20, decimal_places=4, default=Decimal(0))
    lines = PreviewLineSerializer(many=True, allow_empty=False)


class PreviewRowSerializer(serializers.Serializer):
    tax_code = serializers.IntegerField()
    base = serializers.DecimalField(max_digits=24, decimal_places=4)
    amount = serializers.DecimalField(max_digits=24, decimal_places=4)


class PreviewAnswerSerializer(serializers.Serializer):
    net = serializers.DecimalField(max_digits=24, decimal_places=4)
    tax = serializers.DecimalField(max_digits=24, decimal_places=4)
    gross = serializers.DecimalField(max_digits=24, decimal_places=4)
    taxes = PreviewRowSerializer(many=True)


@route("tax/codes")
class TaxCodeEndpoint(RowsEndpoint):
    """How lines are taxed, with dated rates."""

    model = TaxCode
    serializer_class = TaxCodeSerializer
    filterset_fields = ["code", "kind", "is_active"]

    def right_for(self, action: str) -> str | None:
        return super().right_for("list" if action == "preview" else action)

    @extend_schema(request=PreviewSerializer, responses=PreviewAnswerSerializer, filters=False)
    @action(detail=False, methods=["post"], pagination_class=None)
    def preview(self, request: Request) -> Response:
        """Base and tax of lines on a day; computes and stores nothing."""
        asked = PreviewSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        lines = [_line(row, given.get("on") or timezone.localdate()) for row in given["lines"]]
        if given["discount"]:
            lines = computing.spread_discount(lines, given["discount"], digits=given["digits"])
        totals = computing.compute(lines, digits=given["digits"], rounding=given["rounding"])
        rows = [{"tax_code": row.key, "base": row.base, "amount": row.amount} for row in totals.taxes]
        answer = {"net": totals.net, "tax": totals.tax, "gross": totals.gross, "taxes": rows}
        return Response(PreviewAnswerSerializer(answer).data)


def _line(row: dict[str, Any], on: Any) -> computing.TaxableLine:
    taxes = [tax for code in row["tax_codes"] for tax in computing.taxes_of(code, on)]
    return computing.TaxableLine(row["quantity"], row["unit_price"], taxes, row["discount"])
