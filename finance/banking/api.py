"""Banking for programs: runs are proposed, released and exported with the same verbs; account numbers never come out."""

from typing import Any

from rest_framework import serializers

from backoffice.api.endpoints import FlowEndpoint, RowsEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import RowSerializer
from finance.banking.models import BankAccount, Payment, PaymentRun
from finance.banking.panels import sees_payments


class BankAccountSerializer(RowSerializer):
    class Meta:
        model = BankAccount
        fields = ["id", "company", "name", "account", "holder", "ending", "bic", "currency", "is_active"]


class PaymentSerializer(RowSerializer):
    class Meta:
        model = Payment
        fields = ["id", "place", "party", "creditor", "ending", "amount", "text"]


class RunSerializer(RowSerializer):
    payments = serializers.SerializerMethodField()

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


@route("banking/accounts")
class BankAccountEndpoint(RowsEndpoint):
    """Our bank accounts, by their last digits."""

    model = BankAccount
    serializer_class = BankAccountSerializer


@route("banking/runs")
class RunEndpoint(FlowEndpoint):
    """Payment runs."""

    model = PaymentRun
    serializer_class = RunSerializer

    def get_queryset(self) -> Any:
        return super().get_queryset().prefetch_related("payments").select_related("bank_account")
