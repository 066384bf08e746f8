"""Approvers and enterers are told after the act is committed."""

from backoffice.core.events import subscribe
from backoffice.workflow import noticing
from backoffice.workflow.events import ApprovalAsked, ApprovalReturned


@subscribe(ApprovalAsked, after_commit=True)
def tell_approvers(event: ApprovalAsked) -> None:
    noticing.ask(event.request_id)


@subscribe(ApprovalReturned, after_commit=True)
def tell_enterer(event: ApprovalReturned) -> None:
    noticing.tell_returned(event.request_id, event.by_id, event.reason)
