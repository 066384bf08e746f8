"""Keeping the rules of approval: by those who hold the right, and never loosened for a request that is open."""

from collections.abc import Sequence
from typing import Any

from backoffice.core.authority import authority
from backoffice.workflow.models import ApprovalRule


def stored(rule: ApprovalRule, lines: Sequence[Any], removed: Sequence[Any], *, by: Any) -> ApprovalRule:
    """Save a rule; requests that are open keep the number of approvals that they were opened with.

    Raises `PermissionDenied` without the right in the rule's company.
    """
    action = "add" if rule.pk is None else "change"
    if denied := authority.only.refusal(by, f"workflow.{action}_approvalrule", rule):
        raise denied
    rule.save()
    return rule
