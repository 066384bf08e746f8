"""The ledger for programs: chart, periods with their verbs, entries with their verbs, open items and settling."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.answering import once
from backoffice.api.endpoints import KEY, DocumentEndpoint, FlowEndpoint, MasterEndpoint, RowsEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import DocumentSerializer, RowSerializer, VisibleKey
from backoffice.organisation.models import CostCentre
from finance.ledger import accounts, entering, settling
from finance.ledger.forms import AccountFilters, JournalFilters
from finance.ledger.models import Account, Allocation, FiscalYear, Journal, JournalEntry, JournalLine, OpenItem, Period


class AccountSerializer(RowSerializer):
    role = serializers.CharField(read_only=True)

    class Meta:
        model = Account
        fields = [
            "id",
            "company",
            "code",
            "name",
            "kind",
            "heading",
            "role",
            "is_control",
            "needs_cost_centre",
            "is_active",
        ]
        read_only_fields = ["role", "is_control"]  # chosen in the administration, where the consequences are told


@route("ledger/accounts")
class AccountEndpoint(MasterEndpoint):
    """The chart of accounts."""

    model = Account
    serializer_class = AccountSerializer
    filterset_class = AccountFilters
    ordering = ("code", "pk")


class FiscalYearSerializer(RowSerializer):
    class Meta:
        model = FiscalYear
        fields = ["id", "company", "name", "starts_on", "ends_on"]


@route("ledger/fiscal-years")
class FiscalYearEndpoint(RowsEndpoint):
    """The years of the books."""

    model = FiscalYear
    serializer_class = FiscalYearSerializer


class PeriodSerializer(RowSerializer):
    class Meta:
        model = Period
        fields = ["id", "company", "fiscal_year", "name", "state", "starts_on", "ends_on", "version"]


@route("ledger/periods")
class PeriodEndpoint(FlowEndpoint):
    """The months of the books, to be closed and opened again."""

    model = Period
    serializer_class = PeriodSerializer
    filterset_fields = ["state", "fiscal_year", "starts_on"]


class JournalSerializer(RowSerializer):
    class Meta:
        model = Journal
        fields = ["id", "company", "code", "name"]


@route("ledger/journals")
class JournalEndpoint(RowsEndpoint):
    """The books of entries, each with numbers of its own."""

    model = Journal
    serializer_class = JournalSerializer


class JournalLineSerializer(RowSerializer):
    cost_centre = VisibleKey(
        source="dimension_set.cost_centre", queryset=CostCentre.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = JournalLine
        fields = [
            "place",
            "account",
            "party",
            "cost_centre",
            "text",
            "debit",
            "credit",
            "currency",
            "currency_debit",
            "currency_credit",
            "due_on",
        ]
        # manual journals are kept in the company's currency and touch no party
        read_only_fields = ["place", "party", "currency", "currency_debit", "currency_credit", "due_on"]


class JournalEntrySerializer(DocumentSerializer):
    lines = JournalLineSerializer(many=True)

    class Meta:
        model = JournalEntry
        own = ("journal", "period", "on", "document_on", "text", "reversal_of", "posted_by", "posted_at", "lines")
        fields = [*DocumentSerializer.SHARED, *own]
        read_only_fields = ["period", "reversal_of", "posted_by", "posted_at"]


@route("ledger/entries")
class JournalEntryEndpoint(DocumentEndpoint):
    """Journal entries with their lines; what is posted never changes, `reverse` posts the mirror."""

    model = JournalEntry
    serializer_class = JournalEntrySerializer
    filterset_class = JournalFilters

    def get_queryset(self) -> Any:
        return super().get_queryset().prefetch_related("lines__dimension_set")

    def complete(self, document: JournalEntry, lines: Sequence[JournalLine]) -> None:
        entering.complete(document, lines)

    def line_of(self, model: Any, values: dict[str, Any], document: Any) -> Any:
        centre = (values.pop("dimension_set", None) or {}).get("cost_centre")
        return model(dimension_set=accounts.dimension_set(document.company, centre), **values)


class OpenItemSerializer(RowSerializer):
    class Meta:
        model = OpenItem
        fields = [
            "id",
            "company",
            "account",
            "party",
            "currency",
            "on",
            "due_on",
            "amount",
            "amount_company",
            "rest",
            "rest_company",
        ]


@route("ledger/open-items")
class OpenItemEndpoint(RowsEndpoint):
    """What parties owe and are owed; debit positive."""

    model = OpenItem
    serializer_class = OpenItemSerializer
    filterset_fields = {
        "account": ["exact"],
        "party__ref": ["exact"],
        "due_on": ["exact", "lte", "gte"],
        "rest": ["exact"],
    }


class AllocationSerializer(RowSerializer):
    class Meta:
        model = Allocation
        fields = [
            "id",
            "debit_item",
            "credit_item",
            "on",
            "amount",
            "debit_company",
            "credit_company",
            "difference_entry",
            "undoes",
        ]


class AllocateSerializer(serializers.Serializer):
    debit_item = VisibleKey(queryset=OpenItem.objects.all())
    credit_item = VisibleKey(queryset=OpenItem.objects.all())
    amount = serializers.DecimalField(max_digits=20, decimal_places=4, min_value=Decimal("0.0001"))
    on = serializers.DateField(required=False)


@route("ledger/allocations")
class AllocationEndpoint(RowsEndpoint):
    """Which items settled each other; POST settles, with the exchange difference posted at once."""

    model = Allocation
    serializer_class = AllocationSerializer
    http_method_names = ["get", "post", "head", "options"]
    writes = {"create": "add"}

    @extend_schema(parameters=[KEY], request=AllocateSerializer, responses={201: AllocationSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return once(request, self.operation(), self._settle)

    def _settle(self) -> Response:
        asked = AllocateSerializer(data=self.request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        day = given.get("on") or timezone.localdate()
        done = settling.allocate(
            given["debit_item"], given["credit_item"], given["amount"], on=day, by=self.request.user
        )
        return self.answer(done, status.HTTP_201_CREATED)
