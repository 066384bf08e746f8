"""Approvals: opened when a document is submitted, given or refused by persons, void when the content changes.

The document's verbs call these functions inside their transaction; the document's own flow keeps the
duties of entering and approving apart, a constraint on `Decision` proves it.
"""

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from backoffice.access import rights
from backoffice.access.models import User
from backoffice.core import events
from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from backoffice.documents.models import Document, of
from backoffice.workflow.events import ApprovalAsked, ApprovalReturned
from backoffice.workflow.models import ApprovalRequest, ApprovalRule, Decision
from backoffice.workflow.slots import Subject, subjects

State = ApprovalRequest.State


def required(company_id: int, kind: str, amount: Decimal) -> int:
    """How many different persons must approve this amount (company currency); one where no rule says more."""
    rules = ApprovalRule.objects.filter(company=company_id, kind=kind, from_amount__lt=abs(amount))
    return rules.order_by("-from_amount").values_list("approvers", flat=True).first() or 1


def open(document: Document, *, amount: Decimal, by: Any) -> ApprovalRequest:  # noqa: A001  (the business's word)
    """Ask for approval of the document as it stands; `amount` is gross, in company currency."""
    request = ApprovalRequest.objects.create(
        company_id=document.company_id,
        **of(document),
        amount=amount,
        required=required(document.company_id, document._meta.label_lower, amount),
        digest=digest(document),
        version=document.version,
        entered_by=document.entered_by,
        changed_by=document.changed_by,
        opened_by=by,
    )
    events.publish(ApprovalAsked(request_id=request.pk))
    return request


def approve(document: Document, *, by: Any) -> bool:
    """Write down this person's approval; True when it was the last one that was needed.

    Raises `Refused` with the words of `why_not`.
    """
    request = _locked(document)
    if reason := why_not(document, by, request):
        raise reason
    content = digest(document)
    Decision.objects.create(
        request=request,
        by=by,
        outcome=Decision.Outcome.APPROVED,
        version=document.version,
        digest=content,
        within_limit=within_limit(document, by, request.amount),
        entered_by_id=document.entered_by_id,
        changed_by_id=document.changed_by_id,
        override=authority.only.override(by, document, subject_of(document).approve),
    )
    if len(valid_decisions(request, content)) < request.required:
        events.publish(ApprovalAsked(request_id=request.pk))
        return False
    _close(request, State.GRANTED)
    return True


def send_back(document: Document, *, by: Any, reason: str) -> None:
    """Return the document; one "no" stops all approvals. Raises `Refused` without a reason."""
    if not reason.strip():
        raise Refused(_("Say what should be changed."), code="reason")
    request = _locked(document)
    Decision.objects.create(
        request=request,
        by=by,
        outcome=Decision.Outcome.RETURNED,
        reason=reason.strip(),
        version=document.version,
        digest=digest(document),
        entered_by_id=document.entered_by_id,
        changed_by_id=document.changed_by_id,
    )
    _close(request, State.RETURNED)
    events.publish(ApprovalReturned(request_id=request.pk, by_id=by.pk, reason=reason.strip()))


def withdraw(document: Document) -> None:
    """The document goes back to its enterer at their own wish; what was approved is void."""
    request = request_of(document)
    if request is not None and request.state == State.OPEN:
        _close(request, State.WITHDRAWN)


def why_not(document: Document, user: Any, request: ApprovalRequest | None = None) -> Refused | None:
    """Why this person cannot give the next approval, beyond rights and duties; None when they can."""
    request = request or request_of(document)
    if request is None or request.state != State.OPEN:
        return Refused(_("Nobody asked for approval of this."), code="state")
    given = valid_decisions(request, digest(document))
    if any(decision.by_id == user.pk for decision in given):
        return Refused(_("You approved this already: another person must approve it too."), code="duty")
    is_last = len(given) + 1 >= request.required
    if is_last and not any(d.within_limit for d in given) and not within_limit(document, user, request.amount):
        limit = limit_of(user, right_to_approve(document), document.company_id)
        return Refused(
            _("Your approvals reach %(limit)s %(currency)s; this needs %(amount)s.")
            % {"limit": _amount(limit), "currency": document.company.currency, "amount": _amount(request.amount)},
            code="limit",
        )
    return None


def request_of(document: models.Model) -> ApprovalRequest | None:
    """The latest request about a document, open or closed."""
    return ApprovalRequest.objects.filter(**of(document)).order_by("-id").first()


def valid_decisions(request: ApprovalRequest, content: str) -> list[Decision]:
    """The approvals that were given to exactly this content, in their order."""
    rows = request.decisions.select_related("by").filter(outcome=Decision.Outcome.APPROVED, digest=content)
    return list(rows.order_by("id"))


def next_approvers(document: Document, request: ApprovalRequest) -> list[User]:
    """Those who could give the next approval now, by name."""
    flow, verb = type(document).flow, subject_of(document).approve  # type: ignore[attr-defined]
    candidates = rights.holders(right_to_approve(document), document.company_id)
    return [user for user in candidates if flow.why_not(document, user, verb) is None]


def waiting_for(user: Any, company_id: int | None = None) -> list[tuple[ApprovalRequest, Any]]:
    """Open requests, with their documents, that this person can decide now; the oldest first."""
    found = []
    for label, subject in subjects.items():
        model = ContentType.objects.get_by_natural_key(*label.split(".")).model_class()
        if model is None or not rights.holding(user, _right(model)):
            continue
        found += _waiting_of(model, subject, user, company_id)
    return sorted(found, key=lambda pair: (pair[0].opened_at, pair[0].pk))


def _waiting_of(model: Any, subject: Subject, user: Any, company_id: int | None) -> list[tuple[ApprovalRequest, Any]]:
    kind = ContentType.objects.get_for_model(model)
    requests = ApprovalRequest.objects.filter(content_type=kind, state=State.OPEN)
    if company_id is not None:
        requests = requests.filter(company=company_id)
    by_document = {request.object_id: request for request in requests}
    documents = model.objects.visible_to(user, "approve").filter(pk__in=by_document).select_related(*subject.related)
    return [
        (by_document[document.pk], document)
        for document in documents
        if model.flow.why_not(document, user, subject.approve) is None
    ]


def waiting_ids(user: Any, model: Any) -> Iterable[int]:
    """Keys of the documents of one kind that wait for this person."""
    subject = subjects[model._meta.label_lower]
    if not rights.holding(user, _right(model)):
        return []
    return [document.pk for _request, document in _waiting_of(model, subject, user, None)]


def within_limit(document: Document, user: Any, amount: Decimal) -> bool:
    """Whether the amount lies within what this person may approve alone."""
    limit = limit_of(user, right_to_approve(document), document.company_id)
    return limit is None or abs(amount) <= limit


def limit_of(user: Any, permission: str, company_id: int) -> Decimal | None:
    """Up to which amount (company currency) a person's approval counts; None without limit, zero without the right."""
    held = [g for g in rights.holding(user, permission) if g.company_id in (None, company_id)]
    if any(grant.approval_limit is None for grant in held):
        return None
    return max((grant.approval_limit for grant in held if grant.approval_limit is not None), default=Decimal(0))


def digest(document: Any) -> str:
    """The fingerprint of what an approval is about: SHA-256 over the content in one spelling."""
    content = subject_of(document).content(document)
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def subject_of(document: Any) -> Subject:
    """What the kind of this document told of itself."""
    return subjects[document._meta.label_lower]


def right_to_approve(document: Any) -> str:
    """The right that the document's approve verb asks for."""
    return _right(type(document))


def _right(model: Any) -> str:
    return str(model.flow.permission(subjects[model._meta.label_lower].approve))


def _locked(document: Document) -> ApprovalRequest:
    request = ApprovalRequest.objects.select_for_update().filter(**of(document), state=State.OPEN).first()
    if request is None:
        raise Refused(_("Nobody asked for approval of this."), code="state")
    return request


def _close(request: ApprovalRequest, state: str) -> None:
    request.state, request.closed_at = state, timezone.now()
    request.save(update_fields=["state", "closed_at"])


def _amount(value: Decimal | None) -> str:
    return number_format(value or Decimal(0), decimal_pos=2, use_l10n=True, force_grouping=True)
