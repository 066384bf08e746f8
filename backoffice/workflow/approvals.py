"""Approvals: opened when a document is submitted, given or refused by persons, void when the content changes.

The document's verbs call these functions inside their transaction; the document's own flow keeps the
duties of entering and approving apart, a constraint on `Decision` proves it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from backoffice.access import rights
from backoffice.access.models import Override, RoleAssignment, User
from backoffice.core import events
from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from backoffice.core.flow import held, is_held, reread
from backoffice.documents.models import Document, of
from backoffice.workflow.events import ApprovalAsked, ApprovalReturned
from backoffice.workflow.models import ApprovalRequest, ApprovalRule, Decision
from backoffice.workflow.slots import Subject, subjects

State = ApprovalRequest.State
TOLD_OF_EACH = 10  # asked at once; beyond it a message of each would only bury the others


def required(company_id: int, kind: str, amount: Decimal, department_id: int | None = None) -> int:
    """How many different persons must approve this amount (company currency); one where no rule says more.

    Rules of the department go before those of the whole company, whatever they ask for.
    """
    rules = ApprovalRule.objects.filter(company=company_id, kind=kind, from_amount__lt=abs(amount))
    found = rules.filter(Q(department=department_id) | Q(department=None)).order_by(
        F("department").asc(nulls_last=True), "-from_amount"
    )
    return found.values_list("approvers", flat=True).first() or 1


def open(  # noqa: A001  (the business's word)
    document: Document, *, amount: Decimal, by: Any, department_id: int | None = None
) -> ApprovalRequest:
    """Ask for approval of the document as it stands; `amount` is gross, in company currency.

    `department_id` is the department that the document is for, where it has one: its own rules go first.
    """
    request = ApprovalRequest.objects.create(
        company_id=document.company_id,
        **of(document),
        amount=amount,
        required=required(document.company_id, document._meta.label_lower, amount, department_id),
        digest=digest(document),
        version=document.version,
        entered_by=document.entered_by,
        changed_by=document.changed_by,
        opened_by=by,
    )
    events.publish(ApprovalAsked(request_id=request.pk))
    return request


def pass_by_rule(document: Document, *, amount: Decimal, by: Any) -> ApprovalRequest:
    """Write down that a rule approved the document as it stands: granted at once, nobody was asked."""
    return ApprovalRequest.objects.create(
        company_id=document.company_id,
        **of(document),
        state=State.GRANTED,
        amount=amount,
        required=0,
        digest=digest(document),
        version=document.version,
        entered_by=document.entered_by,
        changed_by=document.changed_by,
        opened_by=by,
        closed_at=timezone.now(),
    )


def open_all(asked: Sequence[tuple[Document, Decimal]], *, by: Any) -> list[ApprovalRequest]:
    """Ask for approval of many documents of one company and kind at once, each with its amount; no department's rules.

    One statement writes them. Where they are many, approvers find them in their work and get no message of each.
    """
    if not asked:
        return []
    first = asked[0][0]
    rules = ApprovalRule.objects.filter(company=first.company_id, kind=first._meta.label_lower, department=None)
    steps = list(rules.order_by("-from_amount").values_list("from_amount", "approvers"))
    made = ApprovalRequest.objects.bulk_create(
        [
            ApprovalRequest(
                company_id=document.company_id,
                **of(document),
                amount=amount,
                required=next((approvers for above, approvers in steps if abs(amount) > above), 1),
                digest=digest(document),
                version=document.version,
                entered_by=document.entered_by,
                changed_by=document.changed_by,
                opened_by=by,
            )
            for document, amount in asked
        ]
    )
    for request in made if len(made) <= TOLD_OF_EACH else []:
        events.publish(ApprovalAsked(request_id=request.pk))
    return made


def approve(document: Document, *, by: Any) -> bool:
    """Write down this person's approval; True when it was the last one that was needed.

    Raises `Refused` with the words of `why_not`, asked again under the lock of the request.
    """
    request = _locked(document)
    now = standing_seen(document)  # what the guard read under the same lock
    if now.request is None or now.request.pk != request.pk:
        now = standing(document)
    if reason := why_not(document, by, now):
        raise reason
    Decision.objects.create(
        request=request,
        by=by,
        outcome=Decision.Outcome.APPROVED,
        version=document.version,
        digest=now.digest,
        within_limit=within_limit(document, by, request.amount),
        entered_by_id=document.entered_by_id,
        changed_by_id=document.changed_by_id,
        override=authority.only.override(by, document, subject_of(document).approve)
        if by.pk in _duty_holders(document)
        else None,
    )
    document.__dict__.pop("_standing", None)
    reread(document, "standing")
    if len(now.given) + 1 < request.required:
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


@dataclass(frozen=True)
class Standing:
    """How far the approval of a document has come: its latest request and the approvals of exactly its content."""

    request: ApprovalRequest | None
    digest: str = ""
    given: tuple[Decision, ...] = ()
    decisions: tuple[Decision, ...] = ()  # all of the request, also those about what it was before

    @property
    def is_open(self) -> bool:
        return self.request is not None and self.request.state == State.OPEN


def standing(document: Document) -> Standing:
    """How far the approval of a document has come, read now."""
    request = request_of(document)
    if request is None:
        return Standing(None)
    content = digest(document)
    decisions = tuple(request.decisions.select_related("by", "override__granted_by").order_by("id"))
    given = (d for d in decisions if d.outcome == Decision.Outcome.APPROVED and d.digest == content)
    return Standing(request, content, tuple(given), decisions)


def is_open(document: Document) -> bool:
    """Whether an approval is asked for and not decided."""
    return ApprovalRequest.objects.filter(**of(document), state=State.OPEN).exists()


def standing_seen(document: Document) -> Standing:
    """The same for the parts of one page: read once for an instance and its version, or under the lock of a verb."""
    if is_held(document):
        return held(document, "standing", lambda: standing(document))
    kept = document.__dict__.get("_standing")
    if kept is None or kept[0] != document.version:
        kept = document.__dict__["_standing"] = (document.version, standing(document))
    return kept[1]


def why_not(document: Document, user: Any, now: Standing | None = None) -> Refused | None:
    """Why this person cannot give the next approval, beyond rights and duties; None when they can."""
    now = now or standing_seen(document)
    if now.request is None or not now.is_open:
        return Refused(_("Nobody asked for approval of this."), code="state")
    if any(decision.by_id == user.pk for decision in now.given):
        return Refused(_("You approved this already: another person must approve it too."), code="duty")
    is_last, amount = len(now.given) + 1 >= now.request.required, now.request.amount
    if is_last and not any(d.within_limit for d in now.given) and not within_limit(document, user, amount):
        limit = limit_of(user, right_to_approve(document), document.company_id)
        return Refused(
            _("Your approvals reach %(limit)s %(currency)s; this needs %(amount)s.")
            % {"limit": _amount(limit), "currency": document.company.currency, "amount": _amount(amount)},
            code="limit",
        )
    return None


def request_of(document: models.Model) -> ApprovalRequest | None:
    """The latest request about a document, open or closed."""
    return ApprovalRequest.objects.filter(**of(document)).order_by("-id").first()


def next_approvers(document: Any, now: Standing) -> list[User]:
    """Those who could give the next approval now, by name; one query unless scopes are narrow."""
    return [user for user, _limit in approvers_with_limits(document, now)]


def approvers_with_limits(document: Any, now: Standing) -> list[tuple[User, Decimal | None]]:
    """The same with how far the approvals of each reach (company currency; None without limit)."""
    if now.request is None or not now.is_open:
        return []
    permission, amount = right_to_approve(document), abs(now.request.amount)
    given, apart = {decision.by_id for decision in now.given}, _duty_holders(document)
    found: dict[User, list[Any]] = {}
    for row in _assignments(document, permission):
        if row.user_id not in given and (row.user_id not in apart or row.is_lifted):
            found.setdefault(row.user, []).append(row)
    needs_limit = len(now.given) + 1 >= now.request.required and not any(d.within_limit for d in now.given)
    able = []
    for user, rows in found.items():
        limit = _highest([row.approval_limit for row in rows])
        is_everywhere = any(row.department_id is None for row in rows)
        if needs_limit and limit is not None and amount > limit:
            continue
        if is_everywhere or authority.only.refusal(user, permission, document) is None:
            able.append((user, limit))
    return able


def _highest(limits: Sequence[Decimal | None]) -> Decimal | None:
    """The furthest of several limits; none at all where one has none."""
    known = [limit for limit in limits if limit is not None]
    return None if len(known) < len(limits) else max(known, default=Decimal(0))


def _assignments(document: Any, permission: str) -> Any:
    """The assignments that give active people the right in the document's company, by name of the person.

    `is_lifted` says that an override lets this person approve although duties would fall together.
    """
    app, codename = permission.split(".")
    today = timezone.localdate()
    lifted = _overrides(type(document), subject_of(document).approve).filter(object_id=document.pk)
    rows = RoleAssignment.objects.filter(
        Q(company__isnull=True) | Q(company=document.company_id),
        Q(starts_on__isnull=True) | Q(starts_on__lte=today),
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        role__permissions__codename=codename,
        role__permissions__content_type__app_label=app,
        user__is_active=True,
    )
    rows = rows.annotate(is_lifted=Exists(lifted.filter(user=OuterRef("user"))))
    return rows.select_related("user").order_by("user__name", "user_id", "pk")


def waiting_for(user: Any, company_id: int | None = None) -> list[tuple[ApprovalRequest, Any]]:
    """Open requests, with their documents, that this person can decide now; the oldest first."""
    labels = [label for label, _subject in subjects.items()]
    kinds = [ContentType.objects.get_by_natural_key(*label.split(".")) for label in labels]
    found = _waiting(kinds, user, company_id)
    return sorted(found, key=lambda pair: (pair[0].opened_at, pair[0].pk))


def waiting_ids(user: Any, model: Any) -> list[int]:
    """Keys of the documents of one kind that wait for this person."""
    return [document.pk for _request, document in _waiting([ContentType.objects.get_for_model(model)], user, None)]


def _waiting(kinds: Sequence[ContentType], user: Any, company_id: int | None) -> list[tuple[ApprovalRequest, Any]]:
    """The same answers as the flow's `why_not`, for all documents at once; approving asks again, one by one."""
    models_of = {kind.pk: model for kind in kinds if (model := kind.model_class()) is not None}
    able = {pk: model for pk, model in models_of.items() if rights.holding(user, _right(model))}
    requests = ApprovalRequest.objects.filter(content_type__in=able, state=State.OPEN).prefetch_related("decisions")
    if company_id is not None:
        requests = requests.filter(company=company_id)
    asked: dict[int, dict[int, ApprovalRequest]] = {}
    for request in requests if able else ():
        asked.setdefault(request.content_type_id, {})[request.object_id] = request
    mine = Override.objects.filter(user=user, content_type__in=asked, expires_at__gt=timezone.now())
    lifted = set(mine.values_list("content_type", "object_id", "verb")) if asked else set()
    found = []
    for kind, by_document in asked.items():
        model = able[kind]
        subject = subjects[model._meta.label_lower]
        sources = model.flow.moves[subject.approve].sources  # type: ignore[attr-defined]
        rows = model.objects.visible_to(user, subject.approve)  # type: ignore[attr-defined]
        for document in subject.prepare(rows.filter(pk__in=by_document, state__in=sources)):
            is_lifted = (kind, document.pk, subject.approve) in lifted
            if _can_decide(document, by_document[document.pk], user, is_lifted=is_lifted):
                found.append((by_document[document.pk], document))
    return found


def _can_decide(document: Any, request: ApprovalRequest, user: Any, *, is_lifted: bool) -> bool:
    if user.pk in _duty_holders(document) and not is_lifted:
        return False
    given = [
        d for d in request.decisions.all() if d.outcome == Decision.Outcome.APPROVED and d.digest == request.digest
    ]
    if any(decision.by_id == user.pk for decision in given):
        return False
    is_last = len(given) + 1 >= request.required
    return not is_last or any(d.within_limit for d in given) or within_limit(document, user, request.amount)


def _duty_holders(document: Any) -> set[int]:
    """The people whose duties on this document are kept apart from approving it."""
    arrow = type(document).flow.moves[subject_of(document).approve]
    return {getattr(document, f"{name}_id") for name in arrow.apart}


def _overrides(model: Any, verb: str) -> Any:
    kind = ContentType.objects.get_for_model(model)
    return Override.objects.filter(content_type=kind, verb=verb, expires_at__gt=timezone.now())


def within_limit(document: Document, user: Any, amount: Decimal) -> bool:
    """Whether the amount lies within what this person may approve alone."""
    limit = limit_of(user, right_to_approve(document), document.company_id)
    return limit is None or abs(amount) <= limit


def limit_of(user: Any, permission: str, company_id: int) -> Decimal | None:
    """Up to which amount (company currency) a person's approval counts; None without limit, zero without the right."""
    grants = [g for g in rights.holding(user, permission) if g.company_id in (None, company_id)]
    return _highest([grant.approval_limit for grant in grants])


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
