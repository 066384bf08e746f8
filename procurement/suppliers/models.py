"""Suppliers and what they sell us at which price."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.core.flow import Flow, StateField, move
from backoffice.core.models import Model
from backoffice.documents.models import Document
from backoffice.parties.models import Party
from inventory.catalogue.models import Item, ItemUnit


class BilledOn(models.TextChoices):
    """What a supplier's bill may ask for."""

    RECEIPT = "receipt", _("What was received")
    ORDER = "order", _("What was ordered, before it comes")


class Supplier(Document):
    """A party that we may order from; its terms count once a second person has approved them."""

    named_by: ClassVar[tuple[str, ...]] = ("party",)
    state_tones: ClassVar[dict[str, tuple[str, str]]] = {
        "proposed": ("wait", "user-check"),
        "approved": ("good", "circle-check"),
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        BLOCKED = "blocked", _("Blocked")

    flow = Flow(
        State.PROPOSED,
        approve=move(
            State.PROPOSED,
            None,
            label=_("Approve"),
            icon="check",
            key="a",
            primary=True,
            done=_("Approved"),
            apart=("entered_by", "changed_by"),
        ),
        send_back=move(State.PROPOSED, None, label=_("Return"), icon="undo-2", key="r", done=_("Returned")),
        accept=move(State.PROPOSED, State.APPROVED, system=True, done=_("All approvals given")),
        reopen=move(State.APPROVED, State.PROPOSED, label=_("Change terms"), icon="pencil", done=_("Open for changes")),
        block=move(
            [State.PROPOSED, State.APPROVED],
            State.BLOCKED,
            label=_("Block"),
            icon="lock",
            danger=True,
            done=_("Blocked: no orders and no payments"),
        ),
        unblock=move(State.BLOCKED, State.PROPOSED, label=_("Unblock"), icon="undo-2", done=_("Proposed again")),
    )
    state = StateField(State)
    party = models.OneToOneField(Party, models.PROTECT, related_name="supplier", verbose_name=_("party"))
    order_email = models.EmailField(_("e-mail for orders"), blank=True, help_text=_("Left empty: the party's e-mail"))
    payment_days = models.PositiveSmallIntegerField(_("payment days"), default=30)
    billed_on = models.CharField(_("bills"), max_length=7, choices=BilledOn.choices, default=BilledOn.RECEIPT)
    lead_days = models.PositiveSmallIntegerField(
        _("delivery time in days"), default=7, help_text=_("From the order to the arrival")
    )
    terms = models.CharField(_("terms of delivery"), max_length=120, blank=True)
    blocked_because = models.CharField(_("blocked because"), max_length=500, blank=True, editable=False)
    blocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("blocked by"),
    )

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["party__name", "id"]
        indexes = [models.Index(fields=["company", "state"])]
        constraints = [
            models.CheckConstraint(
                name="supplier_state_is_known", condition=Q(state__in=["proposed", "approved", "blocked"])
            ),
            models.CheckConstraint(
                name="supplier_bills_receipt_or_order", condition=Q(billed_on__in=["receipt", "order"])
            ),
            models.CheckConstraint(
                name="supplier_is_blocked_for_a_reason", condition=~Q(state="blocked") | ~Q(blocked_because="")
            ),
        ]

    def __str__(self) -> str:
        return self.party.name if self.party_id else str(_("new supplier"))

    @property
    def mail(self) -> str:
        """Where orders are sent; empty where nobody told."""
        return self.order_email or self.party.email


class SupplierItem(Model):
    """What a supplier calls one of our items, and its price in the unit they sell, from a day on.

    `price` is net for one `unit` in `currency`, up to six decimals; `minimum` is the quantity from which it holds.
    """

    scope_company = "supplier__company"

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="items", verbose_name=_("supplier"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="supplied_by", verbose_name=_("item"))
    code = models.CharField(_("their code"), max_length=40, blank=True)
    unit = models.ForeignKey(
        ItemUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit"),
        help_text=_("Left empty: the item's own"),
    )
    price = models.DecimalField(_("price"), max_digits=20, decimal_places=6)
    currency = models.CharField(_("currency"), max_length=3)
    minimum = models.DecimalField(_("from quantity"), max_digits=18, decimal_places=6, default=0)
    multiple = models.DecimalField(
        _("sold in multiples of"), max_digits=18, decimal_places=6, default=0, help_text=_("0: any quantity")
    )
    valid_from = models.DateField(_("valid from"), default=date(2000, 1, 1))

    class Meta:
        verbose_name = _("supplier's price")
        verbose_name_plural = _("suppliers' prices")
        ordering = ["supplier", "item", "-valid_from", "minimum", "id"]
        indexes = [models.Index(fields=["item", "supplier", "-valid_from"])]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "item", "unit", "currency", "minimum", "valid_from"],
                nulls_distinct=False,
                name="supplier_price_once_a_day",
            ),
            models.CheckConstraint(name="supplier_price_is_not_negative", condition=Q(price__gte=0)),
            models.CheckConstraint(
                name="supplier_price_quantities_are_not_negative", condition=Q(minimum__gte=0, multiple__gte=0)
            ),
            models.CheckConstraint(name="supplier_price_currency_is_iso", condition=Q(currency__regex=r"^[A-Z]{3}$")),
        ]

    def __str__(self) -> str:
        return f"{self.item} · {self.supplier}"
