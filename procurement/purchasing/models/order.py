"""Purchase orders, their lines, the requisitions that they cover, and their revisions."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from backoffice.core.flow import Flow, StateField, move
from backoffice.core.models import Model
from backoffice.documents.models import Document
from backoffice.organisation.models import CostCentre
from finance.ledger.models import Account, Amount
from finance.payables.wording import plain
from inventory.catalogue.models import Category, Item, ItemUnit
from inventory.stock.models import Warehouse
from procurement.purchasing.models.requisition import RequisitionLine
from procurement.suppliers.models import BilledOn, Supplier


class PurchaseOrder(Document):
    """What we ask a supplier to deliver at which price. Receipt and billing are read from lines, never stored.

    `net`, `tax`, `total` are in the order's currency; `amount_company` is the total in ours at `rate`, which is what
    one unit of the order's currency is worth. `revision` counts what the supplier was sent.
    """

    scope_department: ClassVar[str] = "lines__cost_centre__department"

    state_tones: ClassVar[dict[str, tuple[str, str]]] = {"amending": ("wait", "pencil")}

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        AMENDING = "amending", _("Being amended")
        SUBMITTED = "submitted", _("Waiting for approval")
        APPROVED = "approved", _("Approved, not sent")
        SENT = "sent", _("Sent")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    flow = Flow(
        State.DRAFT,
        submit=move(
            [State.DRAFT, State.AMENDING],
            State.SUBMITTED,
            label=_("Submit"),
            icon="send",
            primary=True,
            done=_("Submitted"),
        ),
        approve=move(
            State.SUBMITTED,
            None,
            label=_("Approve"),
            icon="check",
            key="a",
            primary=True,
            done=_("Approved"),
            apart=("buyer", "entered_by", "changed_by"),
        ),
        send_back=move(State.SUBMITTED, None, label=_("Return"), icon="undo-2", key="r", done=_("Returned")),
        withdraw=move(
            [State.SUBMITTED, State.APPROVED], None, label=_("Withdraw"), icon="undo-2", done=_("Open for changes")
        ),
        redraft=move([State.SUBMITTED, State.APPROVED], State.DRAFT, system=True, done=_("Back in draft")),
        reamend=move([State.SUBMITTED, State.APPROVED], State.AMENDING, system=True, done=_("Back in amendment")),
        accept=move(State.SUBMITTED, State.APPROVED, system=True, done=_("All approvals given")),
        send=move(
            State.APPROVED, State.SENT, label=_("Send to the supplier"), icon="mail", primary=True, done=_("Sent")
        ),
        acknowledge=move(
            State.SENT, None, label=_("Acknowledge"), icon="thumbs-up", done=_("The supplier confirmed it")
        ),
        amend=move(State.SENT, State.AMENDING, label=_("Amend"), icon="pencil", done=_("Open for an amendment")),
        drop_amendment=move(
            State.AMENDING, State.SENT, label=_("Drop the changes"), icon="undo-2", done=_("As it was sent")
        ),
        cancel_rest=move(
            State.SENT,
            None,
            label=_("Close short"),
            icon="x",
            done=_("The rest is cancelled"),
            confirm=_("What has not been received is not expected any more."),
        ),
        close=move(State.SENT, State.CLOSED, label=_("Close"), icon="folder", done=_("Closed")),
        cancel=move(
            [State.DRAFT, State.SUBMITTED, State.APPROVED, State.SENT],
            State.CANCELLED,
            label=_("Cancel"),
            icon="x",
            danger=True,
            done=_("Cancelled"),
        ),
    )
    state = StateField(State)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="orders", verbose_name=_("supplier"))
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("buyer")
    )
    ordered_on = models.DateField(_("order date"))
    needed_on = models.DateField(_("deliver by"))
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("deliver to")
    )
    currency = models.CharField(_("currency"), max_length=3)
    rate = models.DecimalField(
        _("exchange rate"),
        max_digits=20,
        decimal_places=10,
        null=True,
        blank=True,
        help_text=_("Left empty: the rate of the order's date"),
    )
    payment_days = models.PositiveSmallIntegerField(_("payment days"), default=30)
    billed_on = models.CharField(_("bills"), max_length=7, choices=BilledOn.choices, default=BilledOn.RECEIPT)
    note = models.TextField(_("note to the supplier"), blank=True)
    revision = models.PositiveSmallIntegerField(_("revision"), default=0, editable=False)
    net = Amount(_("net"), editable=False)
    tax = Amount(_("VAT"), editable=False)
    total = Amount(_("total"), editable=False)
    amount_company = Amount(_("amount in company currency"), editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    acknowledged_on = models.DateField(_("confirmed on"), null=True, blank=True, editable=False)
    their_reference = models.CharField(_("their reference"), max_length=60, blank=True, editable=False)

    class Meta:
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")
        ordering = ["-ordered_on", "-id"]
        indexes = [
            models.Index(fields=["company", "-ordered_on", "-id"]),
            models.Index(fields=["company", "state"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], condition=~Q(number=""), name="order_number_once"),
            models.CheckConstraint(
                name="order_state_is_known",
                condition=Q(state__in=["draft", "amending", "submitted", "approved", "sent", "closed", "cancelled"]),
            ),
            models.CheckConstraint(
                name="order_is_numbered_once_sent",
                condition=Q(state__in=["draft", "submitted", "cancelled"]) | ~Q(number=""),
            ),
            models.CheckConstraint(
                name="order_bills_receipt_or_order", condition=Q(billed_on__in=["receipt", "order"])
            ),
            models.CheckConstraint(name="order_rate_is_positive", condition=Q(rate__gt=0)),
            models.CheckConstraint(name="order_total_adds_up", condition=Q(total=F("net") + F("tax"))),
            models.CheckConstraint(name="order_currency_is_iso", condition=Q(currency__regex=r"^[A-Z]{3}$")),
        ]

    @property
    def title(self) -> str:
        return self.supplier.party.name

    @property
    def money(self) -> Money:
        """The total with its currency."""
        return Money(self.total, self.currency)

    @property
    def is_foreign(self) -> bool:
        return self.currency != self.company.currency


class OrderLine(Model):
    """One thing that is ordered.

    `quantity` and `cancelled` are in `unit`; `numerator`/`denominator` is the exact ratio to the item's base unit, as
    it was when the line was made. `price` is net for one unit in the order's currency; `net` is rounded to it.
    """

    scope_company = "order__company"
    scope_department = "cost_centre__department"

    order = models.ForeignKey(PurchaseOrder, models.CASCADE, related_name="lines", verbose_name=_("order"))
    place = models.PositiveSmallIntegerField(_("line"))
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("item"))
    supplier_code = models.CharField(_("their code"), max_length=40, blank=True)
    text = models.CharField(_("description"), max_length=200, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6)
    cancelled = models.DecimalField(_("cancelled"), max_digits=18, decimal_places=6, default=Decimal(0), editable=False)
    unit = models.ForeignKey(
        ItemUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit"),
        help_text=_("Left empty: the item's own"),
    )
    numerator = models.PositiveIntegerField(_("base units"), default=1, editable=False)
    denominator = models.PositiveIntegerField(_("for so many units"), default=1, editable=False)
    price = models.DecimalField(_("price"), max_digits=20, decimal_places=6)
    net = Amount(_("net"), editable=False)
    tax_code = models.ForeignKey(
        "tax.TaxCode", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("VAT")
    )
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    cost_centre = models.ForeignKey(
        CostCentre, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cost centre")
    )
    needed_on = models.DateField(_("deliver by"), null=True, blank=True)

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ["order", "place"]
        constraints = [
            models.CheckConstraint(name="order_line_orders_something", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="order_line_cancels_no_more_than_it_has",
                condition=Q(cancelled__gte=0) & Q(cancelled__lte=F("quantity")),
            ),
            models.CheckConstraint(name="order_line_price_is_not_negative", condition=Q(price__gte=0)),
            models.CheckConstraint(name="order_line_unit_has_a_ratio", condition=Q(numerator__gt=0, denominator__gt=0)),
            models.CheckConstraint(name="order_line_names_something", condition=Q(item__isnull=False) | ~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """What is ordered, in words."""
        return self.text or (self.item.name if self.item else "")

    @property
    def shown_code(self) -> str:
        """The supplier's code where we know it, else ours."""
        return self.supplier_code or (self.item.code if self.item else "")

    @property
    def shown_unit(self) -> str:
        """The unit in words."""
        return str(self.unit or (self.item.unit if self.item else ""))

    @property
    def shown_quantity(self) -> str:
        """What still stands, without needless zeros."""
        return f"{self.live.normalize():f}"

    @property
    def shown_price(self) -> str:
        """The price with at least two decimals."""
        return plain(self.price, 2)

    @property
    def live(self) -> Decimal:
        """The quantity that still stands, in the line's unit."""
        return self.quantity - self.cancelled


class Coverage(Model):
    """How much of a requisition's line an order line brings, in the requisition's unit."""

    scope_company = "order_line__order__company"
    scope_department = "order_line__cost_centre__department"

    order_line = models.ForeignKey(OrderLine, models.CASCADE, related_name="covers", verbose_name=_("order line"))
    requisition_line = models.ForeignKey(
        RequisitionLine, models.PROTECT, related_name="coverage", verbose_name=_("requisition line")
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6)

    class Meta:
        verbose_name = _("coverage")
        verbose_name_plural = _("coverage")
        ordering = ["order_line", "requisition_line"]
        constraints = [
            models.UniqueConstraint(fields=["order_line", "requisition_line"], name="coverage_once_a_line"),
            models.CheckConstraint(name="coverage_is_positive", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id} ← {self.requisition_line_id}"


class Revision(Model):
    """What the supplier was sent: the whole content of an order at one revision; never changed."""

    scope_company = "order__company"
    scope_department = "order__lines__cost_centre__department"

    order = models.ForeignKey(PurchaseOrder, models.PROTECT, related_name="revisions", verbose_name=_("order"))
    number = models.PositiveSmallIntegerField(_("revision"))
    content = models.JSONField(_("content"))
    total = Amount(_("total"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    sent_at = models.DateTimeField(_("sent at"), db_default=Now())

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["order", "number"]
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="revision_once_an_order")]

    def __str__(self) -> str:
        return f"{self.order} / {self.number}"
