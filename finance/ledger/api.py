"""The ledger for programs: chart, periods with their verbs, entries with their verbs, open items and settling."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.access.rights import companies
from backoffice.api.answering import once
from backoffice.api.endpoints import KEY, DocumentEndpoint, FlowEndpoint, MasterEndpoint, RowsEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import DocumentSerializer, RowSerializer, VisibleKey, VisibleRef
from backoffice.organisation.models import Company, CostCentre
from finance.ledger import accounts, entering, queries, recording, settling
from finance.ledger.forms import AccountFilters, JournalFilters
from finance.ledger.models import (
    Account,
    Allocation,
    Balance,
    FiscalYear,
    Journal,
    JournalEntry,
    JournalLine,
    OpenItem,
    Period,
)


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


class RecordLineSerializer(serializers.Serializer):
    account = VisibleKey(queryset=Account.objects.all())
    debit = serializers.DecimalField(max_digits=20, decimal_places=4, min_value=Decimal(0), default=Decimal(0))
    credit = serializers.DecimalField(max_digits=20, decimal_places=4, min_value=Decimal(0), default=Decimal(0))
    text = serializers.CharField(max_length=200, required=False, allow_blank=True)
    cost_centre = VisibleKey(queryset=CostCentre.objects.all(), required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs["debit"]) == bool(attrs["credit"]):
            raise serializers.ValidationError(_("A line has one side: debit or credit."))
        return attrs


class RecordSerializer(serializers.Serializer):
    company = VisibleKey(queryset=Company.objects.all())
    on = serializers.DateField()
    document_on = serializers.DateField(required=False, allow_null=True)
    text = serializers.CharField(max_length=200)
    lines = RecordLineSerializer(many=True, allow_empty=False)


@route("ledger/entries")
class JournalEntryEndpoint(DocumentEndpoint):
    """Journal entries with their lines; what is posted never changes, `reverse` posts the mirror."""

    model = JournalEntry
    serializer_class = JournalEntrySerializer
    filterset_class = JournalFilters

    def get_queryset(self) -> Any:
        # whoever is limited to a department reads its lines only, here as on the screen
        lines = JournalLine.objects.visible_to(self.request.user).select_related("party", "dimension_set")
        return super().get_queryset().prefetch_related(None).prefetch_related(models.Prefetch("lines", lines))

    @extend_schema(parameters=[KEY], request=RecordSerializer, responses={201: JournalEntrySerializer}, filters=False)
    @action(detail=False, methods=["post"], pagination_class=None)
    def record(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Post an entry of another system at once; needs `ledger.integrate_journalentry` besides the right to post."""
        return once(request, self.operation(), self._record)

    def _record(self) -> Response:
        asked = RecordSerializer(data=self.request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        made = recording.record(**asked.validated_data, by=self.request.user)
        return self.answer(made, status.HTTP_201_CREATED)

    def right_for(self, action: str) -> str | None:
        return "ledger.integrate_journalentry" if action == "record" else super().right_for(action)

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


class LedgerLineSerializer(RowSerializer):
    entry = VisibleRef(slug_field="ref", read_only=True)
    number = serializers.CharField(source="entry.number", read_only=True)
    cost_centre = VisibleKey(source="dimension_set.cost_centre", read_only=True, allow_null=True)

    class Meta:
        model = JournalLine
        fields = ["id", "entry", "number", "on", "account", "party", "cost_centre", "text", "debit", "credit", "currency",
                  "currency_debit", "currency_credit", "due_on"]  # fmt: skip


@route("ledger/lines")
class LineEndpoint(RowsEndpoint):
    """The lines of the books, e.g. those of one account between two days."""

    model = JournalLine
    serializer_class = LedgerLineSerializer
    filterset_fields = {
        "account": ["exact"],
        "account__code": ["exact"],
        "on": ["exact", "gte", "lte"],
        "entry__ref": ["exact"],
    }
    ordering = ("account", "on", "id")

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(on__isnull=False).select_related("entry", "party", "dimension_set")


class BalanceSerializer(serializers.Serializer):
    company = serializers.IntegerField()
    account = serializers.IntegerField()
    code = serializers.CharField()
    on = serializers.DateField()
    currency = serializers.CharField()
    balance = serializers.DecimalField(max_digits=24, decimal_places=4)


class BalanceQuery(serializers.Serializer):
    company = serializers.IntegerField(required=False)
    account = serializers.IntegerField(required=False)
    on = serializers.DateField(required=False)


class Absent:
    """In the place of an inherited action that an endpoint does not offer: the router finds none."""

    def __get__(self, endpoint: Any, kind: Any = None) -> Any:
        raise AttributeError


@route("ledger/balances")
class BalanceEndpoint(RowsEndpoint):
    """What accounts held at the end of a day (`on`, default today): debit minus credit, in the company's currency.

    `company` and `account` narrow; whoever is limited to a department gets the balances of its lines.
    """

    model = Balance
    serializer_class = BalanceSerializer
    http_method_names = ["get", "head", "options"]
    retrieve = Absent()  # a balance is a question with a day, not a row

    @extend_schema(parameters=[BalanceQuery], filters=False)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = BalanceQuery(data=request.query_params, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        day, own = given.get("on") or timezone.localdate(), companies(request.user).order_by("name")
        if "company" in given:
            own = own.filter(pk=given["company"])
        rows = [row for each in own for row in self.held(each, given.get("account"), day)]
        return Response({"next": None, "previous": None, "results": BalanceSerializer(rows, many=True).data})

    def held(self, company: Company, account: int | None, day: Any) -> Iterable[dict[str, Any]]:
        """The balances of one company, by account code."""
        limits = queries.departments_seen(self.request.user, company)
        moved = queries.movements(company, starts_on=day, ends_on=day, departments=limits, account=account)
        known = Account.objects.filter(company=company, pk__in=moved).order_by("code")
        for pk, code in known.values_list("pk", "code"):
            yield {
                "company": company.pk,
                "account": pk,
                "code": code,
                "on": day,
                "currency": company.currency,
                "balance": moved[pk].closing,
            }
