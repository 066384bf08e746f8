"""Rules of approval, requests for it and the decisions given."""

from typing import ClassVar

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from backoffice.access.models import Override
from backoffice.core.models import Model
from backoffice.organisation.models import Company, Department


def kind_words(label: str) -> str:
    """What a kind of document is called: "Bills" for payables.bill; the label itself where no app knows it."""
    try:
        return str(apps.get_model(label)._meta.verbose_name_plural).capitalize()
    except (LookupError, ValueError):
        return label


class ApprovalRule(Model):
    """Above which amount a kind of document needs how many approvals by different persons.

    A rule of a department goes before the company's for documents of that department.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="approval_rules", verbose_name=_("company"))
    kind = models.CharField(_("kind of document"), max_length=60, help_text=_("Its label, e.g. payables.bill"))
    department = models.ForeignKey(
        Department, models.CASCADE, null=True, blank=True, related_name="approval_rules", verbose_name=_("department")
    )
    from_amount = models.DecimalField(
        _("above"),
        max_digits=18,
        decimal_places=2,
        help_text=_("Gross, in company currency; the amount itself is not above"),
    )
    approvers = models.PositiveSmallIntegerField(_("different persons"), default=1)

    class Meta:
        verbose_name = _("approval rule")
        verbose_name_plural = _("approval rules")
        ordering = ["company", "kind", "from_amount"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind", "department", "from_amount"],
                name="approval_rule_once_an_amount",
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="approval_rule_asks_somebody", condition=Q(approvers__gte=1)),
            models.CheckConstraint(name="approval_rule_amount_not_negative", condition=Q(from_amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{kind_words(self.kind)} > {self.from_amount:,.2f}: {self.approvers}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("workflow:approvalrule", args=[self.pk])


class ApprovalRequest(Model):
    """A document waits for approval of exactly the content that it had when it was submitted."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting")
        GRANTED = "granted", _("Granted")
        RETURNED = "returned", _("Returned")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    company = models.ForeignKey(Company, models.PROTECT, related_name="approval_requests", verbose_name=_("company"))
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", verbose_name=_("kind"))
    object_id = models.BigIntegerField(_("document id"))
    document = GenericForeignKey("content_type", "object_id")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN, editable=False)
    amount = models.DecimalField(_("amount in company currency"), max_digits=20, decimal_places=4)
    required = models.PositiveSmallIntegerField(_("approvals needed"))
    digest = models.CharField(_("fingerprint of the content"), max_length=64)
    version = models.PositiveIntegerField(_("version"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("last changed by")
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("submitted by")
    )
    opened_at = models.DateTimeField(_("submitted at"), db_default=Now())
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)

    class Meta:
        verbose_name = _("approval request")
        verbose_name_plural = _("approval requests")
        ordering = ["opened_at", "id"]
        indexes = [
            models.Index(fields=["content_type", "object_id"]),
            models.Index(fields=["company", "opened_at"], condition=Q(state="open"), name="approval_request_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], condition=Q(state="open"), name="approval_request_open_once"
            ),
            models.CheckConstraint(
                name="approval_request_state_is_known",
                condition=Q(state__in=["open", "granted", "returned", "withdrawn"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.content_type_id}/{self.object_id}"


class Decision(Model):
    """One person approved or returned one content of a document; append-only."""

    scope_company = "request__company"
    audited: ClassVar[bool] = True

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")

    request = models.ForeignKey(ApprovalRequest, models.PROTECT, related_name="decisions", verbose_name=_("request"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())
    outcome = models.CharField(_("decision"), max_length=10, choices=Outcome.choices)
    reason = models.TextField(_("reason"), blank=True)
    version = models.PositiveIntegerField(_("version"))
    digest = models.CharField(_("fingerprint of the content"), max_length=64)
    within_limit = models.BooleanField(_("within own limit"), default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("changed by")
    )
    override = models.ForeignKey(
        Override, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("override")
    )

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["request", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "by", "digest"],
                condition=Q(outcome="approved"),
                name="decision_approves_once_a_person",
            ),
            # the last honest witness of duties kept apart
            models.CheckConstraint(
                name="decision_not_on_ones_own_work",
                condition=Q(outcome="returned")
                | Q(override__isnull=False)
                | (~Q(by=F("entered_by")) & ~Q(by=F("changed_by"))),
            ),
            models.CheckConstraint(
                name="decision_returned_with_a_reason", condition=~Q(outcome="returned") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.get_outcome_display().lower()}"
