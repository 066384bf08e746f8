"""Endpoints of the floors below the kit, which cannot name it: companies and their parts, currencies and rates."""

from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.endpoints import MasterEndpoint, RowsEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import RowSerializer, VisibleKey
from backoffice.currencies import conversion
from backoffice.currencies.models import Currency, Rate
from backoffice.organisation.models import Company, CostCentre, Department


class CompanySerializer(RowSerializer):
    class Meta:
        model = Company
        fields = ["id", "name", "short_name", "country", "currency", "time_zone", "vat_number", "registration_number"]


@route("organisation/companies")
class CompanyEndpoint(RowsEndpoint):
    """The companies in which the caller may see anything."""

    model = Company
    serializer_class = CompanySerializer


class DepartmentSerializer(RowSerializer):
    class Meta:
        model = Department
        fields = ["id", "company", "code", "name"]


@route("organisation/departments")
class DepartmentEndpoint(MasterEndpoint):
    """Parts of companies."""

    model = Department
    serializer_class = DepartmentSerializer
    filterset_fields = ["code"]


class CostCentreSerializer(RowSerializer):
    class Meta:
        model = CostCentre
        fields = ["id", "company", "department", "code", "name", "is_active"]


@route("organisation/cost-centres")
class CostCentreEndpoint(MasterEndpoint):
    """Where costs are gathered."""

    model = CostCentre
    serializer_class = CostCentreSerializer
    filterset_fields = ["code", "department", "is_active"]


class CurrencySerializer(RowSerializer):
    class Meta:
        model = Currency
        fields = ["code", "name", "digits", "is_active"]


@route("currencies/currencies")
class CurrencyEndpoint(RowsEndpoint):
    """Currencies of ISO 4217 with their number of decimals."""

    model = Currency
    serializer_class = CurrencySerializer
    filterset_fields = ["is_active"]
    ordering = ("pk",)


class RateSerializer(RowSerializer):
    class Meta:
        model = Rate
        fields = ["id", "base", "quote", "on", "rate", "source"]


class ConversionSerializer(serializers.Serializer):
    base = VisibleKey(queryset=Currency.objects.all())
    quote = VisibleKey(queryset=Currency.objects.all())
    amount = serializers.DecimalField(max_digits=20, decimal_places=4)
    on = serializers.DateField(required=False)


class ConvertedSerializer(serializers.Serializer):
    rate = serializers.DecimalField(max_digits=38, decimal_places=16)
    amount = serializers.DecimalField(max_digits=24, decimal_places=4)


@route("currencies/rates")
class RateEndpoint(MasterEndpoint):
    """What one currency is worth in another from a day on."""

    model = Rate
    serializer_class = RateSerializer
    filterset_fields = ["base", "quote", "on"]

    def right_for(self, action: str) -> str | None:
        return super().right_for("list" if action == "convert" else action)

    @extend_schema(request=ConversionSerializer, responses=ConvertedSerializer, filters=False)
    @action(detail=False, methods=["post"], pagination_class=None)
    def convert(self, request: Request) -> Response:
        """An amount in another currency at the rate of a day; refused when no rate is known."""
        asked = ConversionSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        given: dict[str, Any] = asked.validated_data
        on: date = given.get("on") or timezone.localdate()
        rate = conversion.rate(given["base"].code, given["quote"].code, on)
        amount = conversion.converted(given["amount"], rate, given["quote"].code)
        return Response({"rate": f"{rate:.16f}", "amount": f"{amount:f}"})
