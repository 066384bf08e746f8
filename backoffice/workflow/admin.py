"""Rules are editable; requests and decisions are only read."""

from typing import Any

from django.contrib import admin

from backoffice.workflow.models import ApprovalRequest, ApprovalRule, Decision


@admin.register(ApprovalRule)
class ApprovalRuleAdmin(admin.ModelAdmin):
    list_display = ["company", "kind", "department", "from_amount", "approvers"]
    list_filter = ["company", "kind"]


class ReadOnly(admin.ModelAdmin):
    """What happened is looked at, never edited, not even by a superuser."""

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(ApprovalRequest)
class ApprovalRequestAdmin(ReadOnly):
    list_display = ["company", "content_type", "object_id", "state", "amount", "required", "opened_by", "opened_at"]
    list_filter = ["state", "company"]


@admin.register(Decision)
class DecisionAdmin(ReadOnly):
    list_display = ["request", "by", "outcome", "at", "override"]
    list_filter = ["outcome"]
