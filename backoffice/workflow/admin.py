"""Rules are editable; requests and decisions are only read."""

from django.contrib import admin

from backoffice.core.admin import Master, ReadOnly
from backoffice.workflow.models import ApprovalRequest, ApprovalRule, Decision


@admin.register(ApprovalRule)
class ApprovalRuleAdmin(Master):
    list_display = ["company", "kind", "department", "from_amount", "approvers"]
    list_filter = ["company", "kind"]


@admin.register(ApprovalRequest)
class ApprovalRequestAdmin(ReadOnly):
    list_display = ["company", "content_type", "object_id", "state", "amount", "required", "opened_by", "opened_at"]
    list_filter = ["state", "company"]


@admin.register(Decision)
class DecisionAdmin(ReadOnly):
    list_display = ["request", "by", "outcome", "at", "override"]
    list_filter = ["outcome"]
