"""Telling people that something waits for their approval, or came back to them: a notice and a mail."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from backoffice.messaging.noticing import notify
from backoffice.messaging.sending import queue_mail
from backoffice.workflow import approvals
from backoffice.workflow.models import ApprovalRequest


def ask(request_id: int) -> int:
    """Tell everybody who could give the next approval; a repetition tells nobody twice. Returns how many were told."""
    request = ApprovalRequest.objects.filter(pk=request_id, state=ApprovalRequest.State.OPEN).first()
    if request is None or request.document is None:
        return 0
    document = request.document
    described = approvals.subject_of(document).describe(document)
    now = approvals.standing(document)
    approvers, given = approvals.next_approvers(document, now), len(now.given)
    for user in approvers:
        key = f"approval-{request.pk}-{given}"
        title = _("%(what)s waits for your approval") % {"what": described.label}
        text = ", ".join(filter(None, (described.sub, described.detail)))
        notify(user, title, text, document.get_absolute_url(), key=key)
        _mail(user, document, request, described, f"{key}-{user.pk}")
    return len(approvers)


def _mail(user: Any, document: Any, request: ApprovalRequest, described: Any, key: str) -> None:
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
    queue_mail(
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
