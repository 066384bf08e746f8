"""Bills and supplier terms for programs: the same entering, the same verbs, the same refusals as on the screens."""

from datetime import timedelta
from typing import Any

from rest_framework import serializers

from backoffice.api.endpoints import DocumentEndpoint, MasterEndpoint, RowsEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import DocumentSerializer, RowSerializer
from finance.payables import entering, queries
from finance.payables.forms import BillFilters
from finance.payables.models import Bill, BillLine, PaymentBlock, SupplierTerms


class BillLineSerializer(RowSerializer):
    class Meta:
        model = BillLine
        fields = [
            "id", "place", "text", "article", "order_place", "quantity", "unit_price", "price_per", "discount", "net", "account", "cost_centre", "tax_code",
        ]  # fmt: skip
        read_only_fields = ["id", "place", "net"]


class BillSerializer(DocumentSerializer):
    """What is left out follows: dates from the bill's date, due day and currency from the supplier."""

    lines = BillLineSerializer(many=True)
    rest = serializers.DecimalField(max_digits=20, decimal_places=4, read_only=True, allow_null=True)
    is_reversed = serializers.BooleanField(read_only=True)
    blocked_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = Bill
        fields = [
            *DocumentSerializer.SHARED, "kind", "source", "party", "bank_account", "reference", "order_reference", "replaces", "bill_date",
            "tax_point", "due_on", "booked_on", "currency", "rate", "net", "tax", "total", "amount", "amount_company",
            "stated_tax", "tax_rounding", "note", "post_refusal", "entry", "rest", "is_reversed", "blocked_at",
            "lines",
        ]  # fmt: skip
        read_only_fields = [
            "source", "replaces", "net", "tax", "total", "amount", "amount_company", "post_refusal", "entry",
        ]  # fmt: skip
        extra_kwargs = {name: {"required": False} for name in ("tax_point", "due_on", "booked_on", "currency")}

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Fill in what follows when a bill is entered; a change only touches what it names."""
        party, dated = values.get("party"), values.get("bill_date")
        if self.instance is None and party is not None and dated is not None:
            values.setdefault("tax_point", dated)
            values.setdefault("booked_on", dated)
            values.setdefault("due_on", dated + timedelta(days=party.payment_days))
            values.setdefault("currency", party.currency)
        return values


@route("payables/bills")
class BillEndpoint(DocumentEndpoint):
    """Supplier bills and credit notes. `rest` is what is still open of a posted one."""

    model = Bill
    serializer_class = BillSerializer
    filterset_class = BillFilters
    enter = staticmethod(entering.enter)
    change = staticmethod(entering.change)

    def get_queryset(self) -> Any:
        return queries.with_progress(super().get_queryset())


class SupplierTermsSerializer(RowSerializer):
    class Meta:
        model = SupplierTerms
        fields = ["id", "party", "account", "cost_centre", "tax_code"]


@route("payables/supplier-terms")
class SupplierTermsEndpoint(MasterEndpoint):
    """The usual coding of a supplier's bills."""

    model = SupplierTerms
    serializer_class = SupplierTermsSerializer


class PaymentBlockSerializer(RowSerializer):
    class Meta:
        model = PaymentBlock
        fields = [
            "id", "bill", "reason", "note", "owner", "is_automatic", "blocked_by", "blocked_at", "released_by", "released_at",
            "release_note",
        ]  # fmt: skip


@route("payables/payment-blocks")
class PaymentBlockEndpoint(RowsEndpoint):
    """What blocks or blocked payments; bills are blocked and released by their verbs."""

    model = PaymentBlock
    serializer_class = PaymentBlockSerializer
