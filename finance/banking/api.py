"""Banking for programs: runs are proposed, released and exported with the same verbs; account numbers never come out."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.answering import once
from backoffice.api.endpoints import KEY, VERSION, FlowEndpoint, RowsEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import RowSerializer, VisibleKey
from backoffice.core.authority import authority
from finance.banking import downloading, proposing, withdrawing
from finance.banking.forms import RunFilters, to_come
from finance.banking.models import BankAccount, Payment, PaymentItem, PaymentRun
from finance.banking.proposing import sees_payments


class OwnBankAccountSerializer(RowSerializer):
    class Meta:
        model = BankAccount
        fields = ["id", "company", "name", "account", "holder", "ending", "bic", "currency", "is_active"]


class PaymentItemSerializer(RowSerializer):
    class Meta:
        model = PaymentItem
        fields = ["id", "text", "due_on", "amount"]


class PaymentSerializer(RowSerializer):
    items = PaymentItemSerializer(many=True, read_only=True)

    class Meta:
        model = Payment
        fields = [
            "id", "place", "party", "creditor", "ending", "amount", "text", "taken_out_at", "taken_out_because", "items",
        ]  # fmt: skip


class RunSerializer(RowSerializer):
    payments = serializers.SerializerMethodField()
    left_out = serializers.SerializerMethodField()

    class Meta:
        model = PaymentRun
        fields = [
            "id", "ref", "number", "state", "version", "source", "bank_account", "pay_on", "due_until", "total",
            "left_out", "entry", "payments",
        ]  # fmt: skip

    def get_payments(self, run: PaymentRun) -> list[dict[str, Any]]:
        """The single payments, for whoever may see them."""
        user = self.context["request"].user
        if not user.has_perm("banking.view_payment") or not sees_payments(run, user):
            return []
        return list(PaymentSerializer(run.payments.all(), many=True, context=self.context).data)

    def get_left_out(self, run: PaymentRun) -> list[dict[str, Any]]:
        """What was due and is not paid, for whoever may see single payments."""
        return list(run.left_out) if sees_payments(run, self.context["request"].user) else []


class ProposalSerializer(serializers.Serializer):
    """What to pay (`bills` or `wages`), from which account, when, due until when."""

    source = serializers.CharField(max_length=20)  # type: ignore[assignment]  # a field's own name in the framework
    bank_account = VisibleKey(queryset=BankAccount.objects.filter(is_active=True))
    pay_on = serializers.DateField()
    due_until = serializers.DateField()

    def validate_pay_on(self, day: date) -> date:
        """No bank pays yesterday."""
        return to_come(day)


class LeaveOutSerializer(serializers.Serializer):
    """One payment of the run, and why it is left or taken out."""

    payment = serializers.IntegerField()
    reason = serializers.CharField(max_length=120)


class PartSerializer(serializers.Serializer):
    """One item of the run, and how much of it is paid."""

    item = serializers.IntegerField()
    amount = serializers.DecimalField(max_digits=20, decimal_places=4)


@route("banking/accounts")
class BankAccountEndpoint(RowsEndpoint):
    """Our bank accounts, by their last digits."""

    model = BankAccount
    serializer_class = OwnBankAccountSerializer


@route("banking/runs")
class RunEndpoint(FlowEndpoint):
    """Payment runs: `POST` proposes one; `leave-out`, `pay-part` and `reschedule` change it; `release`, `export` follow.

    Between the two, `take-out` takes one payment out and `recall` takes the release back. What was taken out stays
    among the payments, with `taken_out_at`; `total` is without it.
    """

    model = PaymentRun
    serializer_class = RunSerializer
    filterset_class = RunFilters
    http_method_names = ["get", "post", "head", "options"]
    writes = {"create": "add", "leave_out": "change", "pay_part": "change", "take_out": "take_out"}

    def right_for(self, action: str) -> str | None:
        return downloading.RIGHT if action == "file" else super().right_for(action)

    def get_queryset(self) -> Any:
        rows = super().get_queryset().select_related("bank_account")
        return rows.prefetch_related("payments__items", "payments__party")

    @extend_schema(parameters=[KEY], request=ProposalSerializer, responses={201: RunSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Propose a run of what is due."""
        return once(request, self.operation(), self._create)

    def _create(self) -> Response:
        given = ProposalSerializer(data=self.request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        account = values.pop("bank_account")
        run = PaymentRun(company=account.company)
        if denied := authority.only.refusal(self.request.user, "banking.add_paymentrun", run):
            raise denied
        made = proposing.propose(account, by=self.request.user, **values)
        return self.answer(made, status.HTTP_201_CREATED)

    @extend_schema(parameters=[KEY, VERSION], request=LeaveOutSerializer, responses=RunSerializer)
    @action(detail=True, methods=["post"], url_path="leave-out")
    def leave_out(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Refuse one payment of a proposal, with the reason."""
        return once(request, self.operation(), self._leave_out)

    def _leave_out(self) -> Response:
        values, run = self._given(LeaveOutSerializer)
        payment = get_object_or_404(run.standing, pk=values["payment"])
        proposing.leave_out(payment, by=self.request.user, version=self._seen(run), reason=values["reason"])
        return self.answer(run)

    @extend_schema(parameters=[KEY, VERSION], request=LeaveOutSerializer, responses=RunSerializer)
    @action(detail=True, methods=["post"], url_path="take-out")
    def take_out(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take one payment out of a released run before the bank has it, with the reason; what it paid is due again."""
        return once(request, self.operation(), self._take_out)

    def _take_out(self) -> Response:
        values, run = self._given(LeaveOutSerializer)
        payment = get_object_or_404(run.standing, pk=values["payment"])
        withdrawing.take_out(payment, by=self.request.user, version=self._seen(run), reason=values["reason"])
        return self.answer(run)

    @extend_schema(parameters=[KEY, VERSION], request=PartSerializer, responses=RunSerializer)
    @action(detail=True, methods=["post"], url_path="pay-part")
    def pay_part(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Pay another amount of one item of a proposal."""
        return once(request, self.operation(), self._pay_part)

    def _pay_part(self) -> Response:
        values, run = self._given(PartSerializer)
        item = get_object_or_404(PaymentItem.objects.filter(payment__in=run.standing), pk=values["item"])
        proposing.pay_part(item, values["amount"], by=self.request.user, version=self._seen(run))
        return self.answer(run)

    @extend_schema(responses={(200, "application/xml"): OpenApiTypes.BINARY}, filters=False)
    @action(detail=True, methods=["get"])
    def file(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file for the bank, once it is made; each download is written down."""
        file = downloading.take(self.get_object().pk, by=request.user)
        if file is None:
            raise Http404
        headers = {"Cache-Control": "private, no-store"}
        return HttpResponse(file.content.encode(), content_type="application/xml", headers=headers)

    def _given(self, kind: type[serializers.Serializer]) -> tuple[dict[str, Any], PaymentRun]:
        """What was sent, and the run; whoever may not see its payments finds none to change."""
        given = kind(data=self.request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        run: PaymentRun = self.get_object()
        if not sees_payments(run, self.request.user):
            raise PermissionDenied
        return dict(given.validated_data), run

    def _seen(self, run: PaymentRun) -> int:
        version = self.version()
        return run.version if version is None else version
