"""Approval requests and decisions for programs: to read. They are given by the documents' own verbs."""

from rest_framework import serializers

from backoffice.api.endpoints import MasterEndpoint, RowsEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import RowSerializer
from backoffice.workflow.models import ApprovalRequest, ApprovalRule, Decision


class DecisionSerializer(RowSerializer):
    class Meta:
        model = Decision
        fields = ["id", "by", "at", "outcome", "reason", "version", "within_limit", "override"]


class RequestSerializer(RowSerializer):
    kind = serializers.SerializerMethodField()
    decisions = DecisionSerializer(many=True, read_only=True)

    class Meta:
        model = ApprovalRequest
        fields = [
            "id",
            "company",
            "kind",
            "object_id",
            "state",
            "amount",
            "required",
            "opened_by",
            "opened_at",
            "decisions",
        ]

    def get_kind(self, request: ApprovalRequest) -> str:
        """The label of the document, e.g. payables.bill."""
        return f"{request.content_type.app_label}.{request.content_type.model}"


class RuleSerializer(RowSerializer):
    class Meta:
        model = ApprovalRule
        fields = ["id", "company", "kind", "department", "from_amount", "approvers"]


@route("approvals/requests")
class RequestEndpoint(RowsEndpoint):
    """Documents that wait or waited for approval."""

    model = ApprovalRequest
    serializer_class = RequestSerializer
    filterset_fields = ["state", "object_id"]


@route("approvals/rules")
class RuleEndpoint(MasterEndpoint):
    """Above which amount how many persons must approve."""

    model = ApprovalRule
    serializer_class = RuleSerializer
