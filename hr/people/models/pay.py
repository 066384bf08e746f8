"""Rates of pay with their days."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.core.flow import Flow, StateField, move
from backoffice.documents.models import Document
from hr.people.models.days import Dated, Days, Whole
from hr.people.models.employments import Employment


class PayRate(Dated, Document):
    """What is paid to an employment from a day on: proposed by one, approved by another; only approved rates count.

    Annual rates are for the hours of the assignment, not for full time; hourly rates are per paid hour. What was
    proposed is never altered (a guard of the database): another amount is another row. So the history need not
    repeat the amount, and nobody reads pay there who may not read it here.
    """

    named_by: ClassVar[tuple[str, ...]] = ("employment__person",)
    audit_ignore: ClassVar[tuple[str, ...]] = ("amount",)
    guarded_history: ClassVar[bool] = True
    state_tones: ClassVar[dict[str, tuple[str, str]]] = {
        "proposed": ("wait", "user-check"),
        "approved": ("good", "circle-check"),
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for approval")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        CANCELLED = "cancelled", _("Cancelled")
        REPLACED = "replaced", _("Replaced")

    class Basis(models.TextChoices):
        ANNUAL = "annual", _("a year")
        HOURLY = "hourly", _("an hour")

    flow = Flow(
        State.PROPOSED,
        approve=move(
            State.PROPOSED,
            None,
            label=_("Approve"),
            icon="check",
            key="a",
            primary=True,
            apart=("entered_by", "changed_by"),
            done=_("Approved"),
        ),
        accept=move(State.PROPOSED, State.APPROVED, system=True, done=_("All approvals given")),
        send_back=move(State.PROPOSED, State.RETURNED, label=_("Return"), icon="undo-2", key="r", done=_("Returned")),
        withdraw=move(State.PROPOSED, State.WITHDRAWN, label=_("Withdraw"), icon="undo-2", done=_("Withdrawn")),
        drop=move(State.PROPOSED, State.WITHDRAWN, system=True, done=_("Fallen away with the employment")),
        cancel=move(
            State.APPROVED,
            State.CANCELLED,
            label=_("Cancel"),
            icon="x",
            danger=True,
            done=_("Cancelled"),
            confirm=_("The rate before it goes on holding."),
        ),
        replace=move(State.APPROVED, State.REPLACED, system=True, done=_("Replaced from its first day")),
    )
    state = StateField(State)
    employment = models.ForeignKey(Employment, models.PROTECT, related_name="pay_rates", verbose_name=_("employment"))
    basis = models.CharField(_("basis"), max_length=8, choices=Basis.choices, default=Basis.ANNUAL)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3, default="GBP", editable=False)
    reason = models.CharField(_("reason"), max_length=120)

    class Meta:
        verbose_name = _("pay rate")
        verbose_name_plural = _("pay rates")
        ordering = ["employment", "valid_from", "id"]
        indexes = [
            models.Index(fields=["employment", "state", "valid_from"]),
            models.Index(fields=["company", "state", "valid_from"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="pay_rate_ends_after_it_starts", condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from"))
            ),
            models.CheckConstraint(name="pay_rate_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="pay_rate_basis_is_known", condition=Q(basis__in=["annual", "hourly"])),
            models.CheckConstraint(name="pay_rate_currency_is_iso", condition=Q(currency__regex=r"^[A-Z]{3}$")),
            models.CheckConstraint(
                name="pay_rate_state_is_known",
                condition=Q(state__in=["proposed", "approved", "returned", "withdrawn", "cancelled", "replaced"]),
            ),
            ExclusionConstraint(
                name="pay_rate_one_at_a_time",
                expressions=[
                    (Whole("employment"), RangeOperators.OVERLAPS),
                    (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state="approved"),
                violation_error_message=_("Another rate holds in that time."),
            ),
        ]

    def __str__(self) -> str:
        # never the amount: this text stands in notices, crumbs and lists of others' work
        return f"{_('Pay')} {self.employment}" if self.employment_id else super().__str__()
