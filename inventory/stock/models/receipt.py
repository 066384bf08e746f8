"""Goods that come in, and goods that go back to who sent them."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.core.flow import Flow, StateField, move
from backoffice.core.models import Model
from backoffice.parties.models import Party
from finance.ledger.models import Amount, PostingDocument
from inventory.catalogue.models import Item
from inventory.stock.models.expected import Expected
from inventory.stock.models.fields import Quantity, UnitCost
from inventory.stock.models.places import Bin, Warehouse


class GoodsReceipt(PostingDocument):
    """What arrived on a day from one supplier; posting it takes the accepted part into stock and owes for it."""

    scope_department: ClassVar[str] = "warehouse__department"
    journal_code: ClassVar[str] = "GR"

    class State(models.TextChoices):
        DRAFT = "draft", _("Counting")
        POSTED = "posted", _("Received")
        VOID = "void", _("Discarded")

    flow = Flow(
        State.DRAFT,
        post=move(State.DRAFT, State.POSTED, label=_("Receive"), icon="check", primary=True, done=_("Received")),
        void=move(State.DRAFT, State.VOID, label=_("Discard"), icon="trash-2", danger=True, done=_("Discarded")),
    )
    state = StateField(State)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+", verbose_name=_("warehouse"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("supplier"))
    received_on = models.DateField(_("received on"))
    delivery_note = models.CharField(_("delivery note"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("goods receipt")
        verbose_name_plural = _("goods receipts")
        ordering = ["-received_on", "-id"]
        indexes = [models.Index(fields=["company", "-received_on", "-id"]), models.Index(fields=["party"])]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], condition=~Q(number=""), name="receipt_number_once"),
            models.CheckConstraint(name="receipt_state_is_known", condition=Q(state__in=["draft", "posted", "void"])),
        ]

    @property
    def accounting_on(self) -> date:
        return self.received_on

    @property
    def title(self) -> str:
        return self.party.name


class ReceiptLine(Model):
    """One thing that arrived: so much accepted, so much refused with its reason; refused is never owed for."""

    scope_company = "receipt__company"
    scope_department = "receipt__warehouse__department"

    class Reason(models.TextChoices):
        DAMAGED = "damaged", _("Damaged")
        WRONG = "wrong", _("Wrong goods")
        QUALITY = "quality", _("Quality")
        EXCESS = "excess", _("Not ordered")

    receipt = models.ForeignKey(GoodsReceipt, models.CASCADE, related_name="lines", verbose_name=_("receipt"))
    place = models.PositiveSmallIntegerField(_("line"))
    expected = models.ForeignKey(
        Expected, models.PROTECT, null=True, blank=True, related_name="receipt_lines", verbose_name=_("expected as")
    )
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("item"))
    bin = models.ForeignKey(Bin, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("bin"))
    quantity = Quantity(_("accepted"), default=0)
    rejected = Quantity(_("refused"), default=0)
    reason = models.CharField(_("why refused"), max_length=8, choices=Reason.choices, blank=True)
    note = models.CharField(_("note"), max_length=120, blank=True)
    unit_cost = UnitCost(_("unit cost"), default=0)
    value = Amount(_("value"), editable=False)
    returned = Quantity(_("sent back"), default=0, editable=False)
    returned_value = Amount(_("value sent back"), editable=False)

    is_put_right = False  # in memory: item or cost were taken from the order and are not written yet

    class Meta:
        verbose_name = _("receipt line")
        verbose_name_plural = _("receipt lines")
        ordering = ["receipt", "place"]
        constraints = [
            models.CheckConstraint(
                name="receipt_line_quantities_not_negative",
                condition=Q(quantity__gte=0, rejected__gte=0, unit_cost__gte=0, returned__gte=0),
            ),
            models.CheckConstraint(name="receipt_line_says_something", condition=Q(quantity__gt=0) | Q(rejected__gt=0)),
            models.CheckConstraint(name="receipt_line_refused_with_reason", condition=Q(rejected=0) | ~Q(reason="")),
            models.CheckConstraint(
                name="receipt_line_returns_what_came", condition=Q(returned__lte=models.F("quantity"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id}.{self.place}"


class SupplierReturn(PostingDocument):
    """Goods sent back to the supplier, at the price at which they came; or a receipt put right before it is billed."""

    scope_department: ClassVar[str] = "warehouse__department"
    journal_code: ClassVar[str] = "GR"

    class Kind(models.TextChoices):
        RETURN = "return", _("Sent back to the supplier")
        CORRECTION = "correction", _("Never came: the receipt was wrong")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        POSTED = "posted", _("Sent back")
        VOID = "void", _("Discarded")

    flow = Flow(
        State.DRAFT,
        post=move(State.DRAFT, State.POSTED, label=_("Send back"), icon="undo-2", primary=True, done=_("Sent back")),
        void=move(State.DRAFT, State.VOID, label=_("Discard"), icon="trash-2", danger=True, done=_("Discarded")),
    )
    state = StateField(State)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+", verbose_name=_("warehouse"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("supplier"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.RETURN)
    returned_on = models.DateField(_("sent back on"))
    reason = models.CharField(_("why"), max_length=120)

    class Meta:
        verbose_name = _("return to supplier")
        verbose_name_plural = _("returns to suppliers")
        ordering = ["-returned_on", "-id"]
        indexes = [models.Index(fields=["company", "-returned_on", "-id"])]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], condition=~Q(number=""), name="return_number_once"),
            models.CheckConstraint(name="return_state_is_known", condition=Q(state__in=["draft", "posted", "void"])),
            models.CheckConstraint(name="return_says_why", condition=~Q(reason="")),
            models.CheckConstraint(name="return_kind_is_known", condition=Q(kind__in=["return", "correction"])),
        ]

    @property
    def accounting_on(self) -> date:
        return self.returned_on


class ReturnLine(Model):
    """So much of one receipt line, taken from a bin."""

    scope_company = "supplier_return__company"
    scope_department = "supplier_return__warehouse__department"

    supplier_return = models.ForeignKey(SupplierReturn, models.CASCADE, related_name="lines", verbose_name=_("return"))
    place = models.PositiveSmallIntegerField(_("line"))
    receipt_line = models.ForeignKey(
        ReceiptLine, models.PROTECT, related_name="return_lines", verbose_name=_("came as")
    )
    bin = models.ForeignKey(Bin, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("bin"))
    quantity = Quantity(_("quantity"))
    value = Amount(_("value"), editable=False)

    class Meta:
        verbose_name = _("return line")
        verbose_name_plural = _("return lines")
        ordering = ["supplier_return", "place"]
        constraints = [models.CheckConstraint(name="return_line_is_positive", condition=Q(quantity__gt=0))]

    def __str__(self) -> str:
        return f"{self.supplier_return_id}.{self.place}"
