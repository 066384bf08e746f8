"""The step of a company's set-up in which it says from which amount two people must approve."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from backoffice.audit.recording import acting
from backoffice.organisation import slots
from backoffice.organisation.models import Company
from backoffice.workflow.models import ApprovalRule
from backoffice.workflow.slots import subjects


def save_rule(company: Company, values: dict[str, Any], *, by: Any) -> None:
    """One rule for each kind of document that is approved: above the amount two different persons."""
    with acting(by):
        for kind in dict(subjects.items()):
            ApprovalRule.objects.get_or_create(
                company=company, kind=kind, from_amount=values["from_amount"], defaults={"approvers": 2}
            )


def has_rule(company: Company) -> bool:
    """Whether a company has said anything about approvals."""
    return ApprovalRule.objects.filter(company=company).exists()


slots.steps.fill(
    "approvals",
    slots.Step(
        label=_("Approvals"),
        intro=_("Every bill is approved by somebody who did not enter it. Above this amount by two."),
        form="backoffice.workflow.forms.FirstRuleForm",
        save=save_rule,
        is_done=has_rule,
        icon="user-check",
        order=60,
    ),
)
