"""Requisitions: what somebody needs."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.core.flow import Flow, StateField, move
from backoffice.core.models import Model
from backoffice.documents.models import Document
from backoffice.organisation.models import CostCentre, Department
from finance.ledger.models import Amount
from inventory.catalogue.models import Category, Item, ItemUnit
from procurement.suppliers.models import Supplier


class Requisition(Document):
    """What a colleague asks us to buy. How much of it is ordered is read from the orders' coverage, never stored.

    `total` is the estimate in company currency, net, at what the lines think things cost.
    """

    scope_owner: ClassVar[str] = "requester"
    scope_department: ClassVar[str] = "department"

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for approval")
        APPROVED = "approved", _("To order")
        ORDERED = "ordered", _("Ordered")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    flow = Flow(
        State.DRAFT,
        submit=move(
            State.DRAFT,
            State.SUBMITTED,
            label=_("Send for approval"),
            icon="send",
            primary=True,
            done=_("Sent for approval"),
        ),
        approve=move(
            State.SUBMITTED,
            None,
            label=_("Approve"),
            icon="check",
            key="a",
            primary=True,
            done=_("Approved"),
            apart=("requester", "entered_by", "changed_by"),
        ),
        send_back=move(State.SUBMITTED, State.DRAFT, label=_("Return"), icon="undo-2", key="r", done=_("Returned")),
        withdraw=move(State.SUBMITTED, State.DRAFT, label=_("Withdraw"), icon="undo-2", done=_("Back in draft")),
        accept=move(State.SUBMITTED, State.APPROVED, system=True, done=_("All approvals given")),
        cover=move(State.APPROVED, State.ORDERED, system=True, done=_("All of it is ordered")),
        uncover=move(State.ORDERED, State.APPROVED, system=True, done=_("To be ordered again")),
        close=move([State.APPROVED, State.ORDERED], State.CLOSED, label=_("Close"), icon="folder", done=_("Closed")),
        cancel=move(
            [State.DRAFT, State.SUBMITTED, State.APPROVED],
            State.CANCELLED,
            label=_("Cancel"),
            icon="x",
            danger=True,
            done=_("Cancelled"),
        ),
    )
    state = StateField(State)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("requester")
    )
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("department"))
    cost_centre = models.ForeignKey(
        CostCentre, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cost centre")
    )
    needed_on = models.DateField(_("needed by"))
    purpose = models.CharField(_("what for"), max_length=200)
    total = Amount(_("estimate"), editable=False)

    class Meta:
        verbose_name = _("requisition")
        verbose_name_plural = _("requisitions")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["company", "-id"]),
            models.Index(fields=["company", "state"]),
            models.Index(fields=["requester", "-id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "number"], condition=~Q(number=""), name="requisition_number_once"
            ),
            models.CheckConstraint(
                name="requisition_state_is_known",
                condition=Q(state__in=["draft", "submitted", "approved", "ordered", "closed", "cancelled"]),
            ),
            models.CheckConstraint(
                name="requisition_is_numbered_once_asked",
                condition=Q(state__in=["draft", "submitted", "cancelled"]) | ~Q(number=""),
            ),
        ]

    @property
    def title(self) -> str:
        return self.purpose


class RequisitionLine(Model):
    """One thing that is needed: an item of the catalogue, or words with a category.

    `quantity` is in `unit`; `price` is the estimate for one unit, net in company currency.
    """

    scope_company = "requisition__company"
    scope_department = "requisition__department"

    requisition = models.ForeignKey(Requisition, models.CASCADE, related_name="lines", verbose_name=_("requisition"))
    place = models.PositiveSmallIntegerField(_("line"))
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("item"))
    text = models.CharField(_("description"), max_length=200, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6)
    unit = models.ForeignKey(
        ItemUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit"),
        help_text=_("Left empty: the item's own"),
    )
    price = models.DecimalField(_("estimated price"), max_digits=20, decimal_places=6, null=True, blank=True)
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("wished supplier")
    )

    class Meta:
        verbose_name = _("requisition line")
        verbose_name_plural = _("requisition lines")
        ordering = ["requisition", "place"]
        constraints = [
            models.CheckConstraint(name="requisition_line_asks_for_something", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="requisition_line_names_something", condition=Q(item__isnull=False) | ~Q(text="")
            ),
            models.CheckConstraint(name="requisition_line_price_is_not_negative", condition=Q(price__gte=0)),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """What is needed, in words."""
        return self.text or (self.item.name if self.item else "")
