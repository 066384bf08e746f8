"""The three ledgers of stock: quantity, layers, value; and the two balances that follow from them.

Moves, entries of cost and what an issue took are append-only (triggers in `sql/guards.sql`). An issue is valued
once, when it is posted; what is learnt later about a cost is an entry of its own (operations B0.15).
"""

from typing import ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model
from backoffice.organisation.models import Company, CostCentre
from finance.ledger.models import Account, Amount, JournalEntry
from inventory.catalogue.models import Item
from inventory.stock.models.fields import Quantity, UnitCost
from inventory.stock.models.places import Bin


class StockMove(Model):
    """So much of an item came into a bin, or left it (negative); never altered."""

    audited: ClassVar[bool] = False  # it is its own history
    scope_department = "bin__warehouse__department"

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Received")
        RETURN = "return", _("Sent back")
        ISSUE = "issue", _("Issued")
        BACK = "back", _("Taken back")
        TRANSFER = "transfer", _("Moved")
        COUNT = "count", _("Counted")
        OPENING = "opening", _("Opening")

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, verbose_name=_("company"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="moves", db_index=False, verbose_name=_("item"))
    bin = models.ForeignKey(Bin, models.PROTECT, related_name="+", verbose_name=_("bin"))
    kind = models.CharField(_("what happened"), max_length=8, choices=Kind.choices)
    quantity = Quantity(_("quantity"))
    on = models.DateField(_("on"), db_column="moved_on")
    at = models.DateTimeField(_("at"), db_default=Now())
    origin_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", db_index=False, verbose_name=_("kind of document")
    )
    origin_id = models.BigIntegerField(_("document"))
    origin_line = models.BigIntegerField(_("line of the document"), null=True)
    origin_name = models.CharField(_("document"), max_length=60)

    class Meta:
        verbose_name = _("stock move")
        verbose_name_plural = _("stock moves")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["item", "-id"]),
            models.Index(fields=["company", "-id"]),
            models.Index(fields=["item", "on"]),
            models.Index(fields=["origin_type", "origin_id"]),
        ]
        constraints = [
            models.CheckConstraint(name="move_moves_something", condition=~Q(quantity=0)),
            models.CheckConstraint(
                name="move_kind_is_known",
                condition=Q(kind__in=["receipt", "return", "issue", "back", "transfer", "count", "opening"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin_name}, {self.item_id}, {self.quantity:f}"


class OnHand(Model):
    """How much of an item lies in a bin now: the sum of its moves."""

    audited: ClassVar[bool] = False  # follows from the moves
    scope_department = "bin__warehouse__department"

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name=_("company"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="on_hand", db_index=False, verbose_name=_("item"))
    bin = models.ForeignKey(Bin, models.PROTECT, related_name="on_hand", verbose_name=_("bin"))
    quantity = Quantity(_("on hand"), default=0)
    counted_on = models.DateField(_("last counted"), null=True)

    class Meta:
        verbose_name = _("stock on hand")
        verbose_name_plural = _("stock on hand")
        ordering = ["item", "bin"]
        constraints = [models.UniqueConstraint(fields=["item", "bin"], name="on_hand_once_an_item_and_bin")]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.bin_id}: {self.quantity:f}"


class Position(Model):
    """What the company holds of an item, in quantity and value; one row is locked for whatever moves the item.

    Moving average: `kept` is the natural logarithm of the share that is still there of what lay in stock when the
    epoch began; a sharing factor, never money, hence the one float of the house (operations B0.15).
    """

    audited: ClassVar[bool] = False  # follows from moves and cost entries

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name=_("company"))
    item = models.OneToOneField(Item, models.PROTECT, related_name="position", verbose_name=_("item"))
    quantity = Quantity(_("quantity"), default=0)
    value = Amount(_("value"))
    last_cost = UnitCost(_("last known unit cost"), default=0)
    epoch = models.PositiveIntegerField(_("epoch"), default=0)
    kept = models.FloatField(_("logarithm of what is kept"), default=0)

    class Meta:
        verbose_name = _("stock position")
        verbose_name_plural = _("stock positions")
        ordering = ["item"]
        constraints = [
            models.CheckConstraint(name="position_of_nothing_is_worth_nothing", condition=~Q(quantity=0) | Q(value=0)),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.quantity:f}"


class CostLayer(Model):
    """What one receipt brought: how much of it is left, and what that is worth (first in, first out)."""

    audited: ClassVar[bool] = False  # follows from moves and cost entries

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, verbose_name=_("company"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="layers", db_index=False, verbose_name=_("item"))
    move = models.OneToOneField(
        StockMove, models.PROTECT, primary_key=True, related_name="layer", verbose_name=_("move")
    )
    on = models.DateField(_("received on"), db_column="received_on")
    received = Quantity(_("received"))
    remaining = Quantity(_("left"))
    remaining_value = Amount(_("worth"))
    epoch = models.PositiveIntegerField(_("epoch"), default=0)
    kept = models.FloatField(_("logarithm of what was kept"), default=0)

    class Meta:
        verbose_name = _("cost layer")
        verbose_name_plural = _("cost layers")
        ordering = ["item", "move"]
        indexes = [models.Index(fields=["item", "move"], condition=Q(remaining__gt=0), name="cost_layer_open")]
        constraints = [
            models.CheckConstraint(
                name="layer_keeps_no_more_than_came",
                condition=Q(remaining__gte=0, remaining__lte=models.F("received")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.move_id}: {self.remaining:f} of {self.received:f}"


class IssueCost(Model):
    """What a move out took, from which layer or out of which average, and which account paid: for costs learnt later."""

    audited: ClassVar[bool] = False  # append-only

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, verbose_name=_("company"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False, verbose_name=_("item"))
    move = models.ForeignKey(StockMove, models.PROTECT, related_name="taken", verbose_name=_("move"))
    layer = models.ForeignKey(
        CostLayer, models.PROTECT, null=True, related_name="taken", verbose_name=_("from the layer")
    )
    quantity = Quantity(_("quantity"))
    value = Amount(_("value"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account that paid"))
    cost_centre = models.ForeignKey(
        CostCentre, models.PROTECT, null=True, related_name="+", verbose_name=_("cost centre")
    )
    epoch = models.PositiveIntegerField(_("epoch"), default=0)
    kept_before = models.FloatField(_("logarithm of what was kept before"), default=0)
    share = models.FloatField(_("share of what lay there"), default=0)

    class Meta:
        verbose_name = _("cost of an issue")
        verbose_name_plural = _("costs of issues")
        ordering = ["id"]
        indexes = [models.Index(fields=["item", "epoch", "id"])]

    def __str__(self) -> str:
        return f"{self.move_id}: {self.value:f}"


class CostEntry(Model):
    """A movement of stock value: exactly one line of the ledger on the stock account."""

    audited: ClassVar[bool] = False  # append-only

    class Kind(models.TextChoices):
        MOVE = "move", _("With a move")
        LATE = "late", _("Cost learnt later")

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, verbose_name=_("company"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="cost_entries", db_index=False, verbose_name=_("item"))
    move = models.ForeignKey(StockMove, models.PROTECT, null=True, related_name="cost_entries", verbose_name=_("move"))
    layer = models.ForeignKey(
        CostLayer, models.PROTECT, null=True, related_name="cost_entries", verbose_name=_("layer")
    )
    kind = models.CharField(_("kind"), max_length=4, choices=Kind.choices, default=Kind.MOVE)
    quantity = Quantity(_("quantity"), default=0)
    amount = Amount(_("amount"))
    on = models.DateField(_("on"), db_column="cost_on")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False, verbose_name=_("account"))
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="+", verbose_name=_("journal entry"))
    place = models.PositiveSmallIntegerField(_("line of the entry"))

    class Meta:
        verbose_name = _("cost entry")
        verbose_name_plural = _("cost entries")
        ordering = ["id"]
        indexes = [models.Index(fields=["item", "on"]), models.Index(fields=["company", "account", "on"])]
        constraints = [
            models.UniqueConstraint(fields=["entry", "place"], name="cost_entry_once_a_ledger_line"),
            models.CheckConstraint(name="cost_entry_moves_value", condition=~Q(amount=0)),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.amount:f}"
