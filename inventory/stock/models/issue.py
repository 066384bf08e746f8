"""Goods that leave for a cost centre and may come back, and goods that only change their place."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.core.flow import Flow, StateField, move
from backoffice.core.models import Model
from backoffice.documents.models import Document
from backoffice.organisation.models import CostCentre
from finance.ledger.models import Amount, PostingDocument
from inventory.catalogue.models import Item
from inventory.stock.models.fields import Quantity
from inventory.stock.models.places import Bin, Warehouse


class GoodsIssue(PostingDocument):
    """Goods taken from stock for a cost centre; valued once, when it is posted, and never again."""

    scope_department: ClassVar[str] = "warehouse__department"
    journal_code: ClassVar[str] = "GI"
    state_tones: ClassVar[dict[str, tuple[str, str]]] = {"taken_back": ("idle", "undo-2")}

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        POSTED = "posted", _("Issued")
        TAKEN_BACK = "taken_back", _("Taken back")
        VOID = "void", _("Discarded")

    flow = Flow(
        State.DRAFT,
        post=move(State.DRAFT, State.POSTED, label=_("Issue"), icon="check", primary=True, done=_("Issued")),
        take_back=move(
            State.POSTED,
            State.TAKEN_BACK,
            label=_("Take back"),
            icon="undo-2",
            danger=True,
            confirm=_("Puts all of it back into its bins and takes the cost from the cost centre."),
            done=_("Taken back into stock"),
        ),
        void=move(State.DRAFT, State.VOID, label=_("Discard"), icon="trash-2", danger=True, done=_("Discarded")),
    )
    state = StateField(State)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+", verbose_name=_("warehouse"))
    cost_centre = models.ForeignKey(CostCentre, models.PROTECT, related_name="+", verbose_name=_("cost centre"))
    issued_on = models.DateField(_("issued on"))
    text = models.CharField(_("what for"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("goods issue")
        verbose_name_plural = _("goods issues")
        ordering = ["-issued_on", "-id"]
        indexes = [models.Index(fields=["company", "-issued_on", "-id"])]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], condition=~Q(number=""), name="issue_number_once"),
            models.CheckConstraint(
                name="issue_state_is_known", condition=Q(state__in=["draft", "posted", "taken_back", "void"])
            ),
        ]

    @property
    def accounting_on(self) -> date:
        return self.issued_on


class IssueLine(Model):
    """So much of an item from a bin."""

    scope_company = "issue__company"
    scope_department = "issue__warehouse__department"

    issue = models.ForeignKey(GoodsIssue, models.CASCADE, related_name="lines", verbose_name=_("issue"))
    place = models.PositiveSmallIntegerField(_("line"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    bin = models.ForeignKey(Bin, models.PROTECT, related_name="+", verbose_name=_("bin"))
    quantity = Quantity(_("quantity"))
    value = Amount(_("value"), editable=False)

    class Meta:
        verbose_name = _("issue line")
        verbose_name_plural = _("issue lines")
        ordering = ["issue", "place"]
        constraints = [models.CheckConstraint(name="issue_line_is_positive", condition=Q(quantity__gt=0))]

    def __str__(self) -> str:
        return f"{self.issue_id}.{self.place}"


class StockTransfer(Document):
    """Goods carried from bin to bin inside the company: quantities change their place, no value moves."""

    scope_department: ClassVar[str] = "warehouse__department"

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        DONE = "done", _("Moved")
        VOID = "void", _("Discarded")

    flow = Flow(
        State.DRAFT,
        carry=move(State.DRAFT, State.DONE, label=_("Move"), icon="arrow-right", primary=True, done=_("Moved")),
        void=move(State.DRAFT, State.VOID, label=_("Discard"), icon="trash-2", danger=True, done=_("Discarded")),
    )
    state = StateField(State)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+", verbose_name=_("from the warehouse"))
    moved_on = models.DateField(_("moved on"))

    class Meta:
        verbose_name = _("stock transfer")
        verbose_name_plural = _("stock transfers")
        ordering = ["-moved_on", "-id"]
        indexes = [models.Index(fields=["company", "-moved_on", "-id"])]
        constraints = [
            models.CheckConstraint(name="transfer_state_is_known", condition=Q(state__in=["draft", "done", "void"])),
        ]


class TransferLine(Model):
    """So much of an item, from one bin to another."""

    scope_company = "transfer__company"
    scope_department = "transfer__warehouse__department"

    transfer = models.ForeignKey(StockTransfer, models.CASCADE, related_name="lines", verbose_name=_("transfer"))
    place = models.PositiveSmallIntegerField(_("line"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    from_bin = models.ForeignKey(Bin, models.PROTECT, related_name="+", verbose_name=_("from"))
    to_bin = models.ForeignKey(Bin, models.PROTECT, related_name="+", verbose_name=_("to"))
    quantity = Quantity(_("quantity"))

    class Meta:
        verbose_name = _("transfer line")
        verbose_name_plural = _("transfer lines")
        ordering = ["transfer", "place"]
        constraints = [
            models.CheckConstraint(name="transfer_line_is_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="transfer_line_goes_somewhere", condition=~Q(from_bin=F("to_bin"))),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id}.{self.place}"
