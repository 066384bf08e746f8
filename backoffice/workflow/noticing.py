"""Telling people that something waits for their approval, or came back to them: a notice and a mail."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from backoffice.messaging.noticing import Told, notify, notify_many
from backoffice.messaging.sending import Letter, queue_mails
from backoffice.workflow import approvals
from backoffice.workflow.models import ApprovalRequest
from backoffice.workflow.slots import subjects


def ask(request_id: int) -> int:
    """Tell everybody who could give the next approval; a repetition tells nobody twice. Returns how many were told."""
    rows = ApprovalRequest.objects.select_related("company", "content_type", "opened_by")
    request = rows.filter(pk=request_id, state=ApprovalRequest.State.OPEN).first()
    document = _document_of(request) if request is not None else None
    if request is None or document is None:
        return 0
    described = approvals.subject_of(document).describe(document)
    now = approvals.standing(document)
    approvers, key = approvals.next_approvers(document, now), f"approval-{request.pk}-{len(now.given)}"
    title = _("%(what)s waits for your approval") % {"what": described.label}
    text = ", ".join(filter(None, (described.sub, described.detail)))
    notify_many([Told(user.pk, title, text, document.get_absolute_url(), key) for user in approvers])
    queue_mails([_mail(user, document, request, described, f"{key}-{user.pk}") for user in approvers])
    return len(approvers)


def _document_of(request: ApprovalRequest) -> Any:
    """What the request is about, with what is said of it, in one query."""
    model = request.content_type.model_class()
    if model is None:
        return None
    rows = model._base_manager.filter(pk=request.object_id)
    return subjects[model._meta.label_lower].prepare(rows).first()


def _mail(user: Any, document: Any, request: ApprovalRequest, described: Any, key: str) -> Letter:
    context = {
        "user": user,
        "document": document,
        "request": request,
        "described": described,
        "url": f"{settings.SITE_URL}{document.get_absolute_url()}",
        "company": request.company,
    }
    if described.amount is None:
        subject = _("Approve %(what)s") % {"what": described.label}
    else:
        subject = _("Approve %(what)s, %(amount)s %(currency)s") % {
            "what": described.label,
            "amount": f"{described.amount:,.2f}",
            "currency": described.currency,
        }
    return Letter(
        to=user,
        subject=subject,
        text=render_to_string("email/approval.txt", context),
        html=render_to_string("email/approval.html", context),
        key=key,
        company=request.company,
    )


def tell_returned(request_id: int, by_id: int, reason: str) -> None:
    """Tell whoever entered and last changed the document that it came back, and why."""
    request = ApprovalRequest.objects.select_related("entered_by", "changed_by").get(pk=request_id)
    document = request.document
    if document is None:
        return
    described = approvals.subject_of(document).describe(document)
    for user in {request.entered_by, request.changed_by}:
        if user.pk != by_id:
            title = _("%(what)s was returned to you") % {"what": described.label}
            notify(user, title, reason, document.get_absolute_url(), key=f"returned-{request.pk}")
