"""Approvals on the screens: the panel of a document, and what waits for a person in My work."""

from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.ui.acting import verb_href
from backoffice.ui.panels import Fact, FactsPanel, Panel
from backoffice.ui.slots import Decision as Button
from backoffice.ui.slots import MenuEntry, WorkList, WorkRow, menu, work
from backoffice.workflow import approvals
from backoffice.workflow.models import ApprovalRequest, ApprovalRule, Decision, kind_words


class ApprovalsPanel(Panel):
    """Who approved, who may approve next, and how many are needed."""

    title = gettext_lazy("Approvals")
    template = "backoffice/workflow/approvals.html"
    side = True
    order = 30

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        now = approvals.standing_seen(document)
        if now.request is None:
            return None
        valid = {decision.pk for decision in now.given}
        approvers = approvals.approvers_with_limits(document, now)
        return {
            "request": now.request,
            "decisions": [(d, d.pk in valid or d.outcome == Decision.Outcome.RETURNED) for d in now.decisions],
            "given": len(now.given),
            "next": [
                (person, person.pk == user.pk, limit_words(document, person, limit))
                for person, limit in sorted(approvers, key=lambda pair: pair[0].pk != user.pk)[:5]
            ],
            "is_open": now.is_open,
        }


def limit_words(document: Any, person: Any, limit: Decimal | None) -> str:
    """A person's job and how far their approvals reach."""
    reach = (
        ""
        if limit is None
        else _("up to %(currency)s %(limit)s")
        % {
            "currency": document.company.currency,
            "limit": number_format(limit, decimal_pos=0, use_l10n=True, force_grouping=True),
        }
    )
    return ", ".join(filter(None, (person.job_title, reach)))


def rows(user: Any) -> list[WorkRow]:
    """What waits for this person's approval, the oldest first."""
    return [_row(request, document, user) for request, document in approvals.waiting_for(user)]


def _row(request: ApprovalRequest, document: Any, user: Any) -> WorkRow:
    subject = approvals.subject_of(document)
    described = subject.describe(document)
    why = _("One of %s approvals") % request.required if request.required > 1 else _("Your approval")
    return WorkRow(
        icon=subject.icon,
        label=described.label,
        href=document.get_absolute_url(),
        sub=described.sub,
        why=why,
        flag=described.flag,
        tone=described.tone,
        flag_icon=described.flag_icon,
        since=request.opened_at,
        amount=described.amount,
        currency=described.currency,
        decisions=(
            Button(_("Approve"), verb_href(document, subject.approve), "check", key="a", version=document.version),
            Button(_("Return"), verb_href(document, subject.send_back), "undo-2", key="r", asks=True),
        ),
    )


work.fill("workflow.approvals", WorkList(gettext_lazy("Waiting for your approval"), "approvals", rows, order=10))


class RuleFacts(FactsPanel):
    """A rule of approval."""

    fields = ["kind", "department", "from_amount", "approvers"]

    def facts(self, document: ApprovalRule, user: Any) -> list[Fact]:
        kind, *rest = super().facts(document, user)
        return [Fact(kind.label, kind_words(document.kind)), *rest]


menu.fill(
    "workflow.approvalrule",
    MenuEntry(
        "admin",
        gettext_lazy("Approval rules"),
        "workflow:approvalrule_list",
        "stamp",
        "workflow.change_approvalrule",
        order=60,
    ),
)
