"""What is on its way to us, line by line, whoever ordered it."""

from decimal import Decimal

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model
from backoffice.organisation.models import Company, CostCentre
from backoffice.parties.models import Party
from finance.ledger.models import Account
from inventory.catalogue.models import Item
from inventory.stock.models.fields import Quantity, UnitCost
from inventory.stock.models.places import Warehouse


class Expected(Model):
    """A line that somebody ordered and that is to be received; `origin` is the order, `origin_line` its line.

    Quantities are in the item's base unit; `unit_cost` is the agreed net price of one, in company currency at
    the order's rate. A line without an item is a service or a thing that is booked to `account`.
    """

    scope_department = "warehouse__department"

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, verbose_name=_("company"))
    origin_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of order"))
    origin_id = models.BigIntegerField(_("order"))
    origin = GenericForeignKey("origin_type", "origin_id")
    origin_line = models.BigIntegerField(_("line of the order"))
    origin_number = models.CharField(_("order number"), max_length=40)
    place = models.PositiveSmallIntegerField(_("line"), default=1)
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("supplier"))
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="expected", verbose_name=_("warehouse"))
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="expected", verbose_name=_("item")
    )
    text = models.CharField(_("description"), max_length=200)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    cost_centre = models.ForeignKey(
        CostCentre, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cost centre")
    )
    quantity = Quantity(_("ordered"))
    unit_cost = UnitCost(_("unit cost"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    received = Quantity(_("received"), default=0, editable=False)
    rejected = Quantity(_("refused"), default=0, editable=False)
    over_percent = models.DecimalField(_("may come more, in per cent"), max_digits=5, decimal_places=2, default=0)
    is_cancelled = models.BooleanField(_("cancelled"), default=False, editable=False)

    class Meta:
        verbose_name = _("expected receipt")
        verbose_name_plural = _("expected receipts")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["company", "warehouse", "due_on"], condition=Q(is_cancelled=False), name="expected_by_warehouse"
            ),
            models.Index(fields=["item"], condition=Q(is_cancelled=False), name="expected_by_item"),
            models.Index(fields=["origin_type", "origin_id"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["origin_type", "origin_line"], name="expected_once_an_order_line"),
            models.CheckConstraint(name="expected_quantity_is_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="expected_sums_not_negative", condition=Q(received__gte=0, rejected__gte=0, unit_cost__gte=0)
            ),
            models.CheckConstraint(
                name="expected_not_over_received",
                condition=Q(received__lte=F("quantity") * (100 + F("over_percent")) / 100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin_number}, {self.text}"

    @property
    def open_quantity(self) -> Decimal:
        """What is still to come; nought once cancelled or received in full."""
        return max(self.quantity - self.received, Decimal(0)) if not self.is_cancelled else Decimal(0)
