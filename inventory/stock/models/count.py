"""Counting what is there, without being told what should be."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.core.flow import Flow, StateField, move
from backoffice.core.models import Model
from finance.ledger.models import Amount, PostingDocument
from inventory.catalogue.models import Item
from inventory.stock.models.fields import Quantity
from inventory.stock.models.places import Bin, Warehouse


class StockCount(PostingDocument):
    """A count of some bins, blind: who counts does not see what the books say; another person approves the difference.

    What the books held is taken line by line at the moment of counting, so moves during the count do no harm.
    """

    scope_department: ClassVar[str] = "warehouse__department"
    journal_code: ClassVar[str] = "SC"

    class State(models.TextChoices):
        COUNTING = "counting", _("Counting")
        SUBMITTED = "submitted", _("Waiting for approval")
        POSTED = "posted", _("Posted")
        VOID = "void", _("Discarded")

    flow = Flow(
        State.COUNTING,
        submit=move(
            State.COUNTING, State.SUBMITTED, label=_("Submit"), icon="send", primary=True, done=_("Sent for approval")
        ),
        approve=move(
            State.SUBMITTED,
            None,
            label=_("Approve"),
            icon="check",
            key="a",
            primary=True,
            done=_("Approved"),
            apart=("entered_by", "changed_by"),
        ),
        send_back=move(
            State.SUBMITTED, State.COUNTING, label=_("Count again"), icon="undo-2", key="r", done=_("Returned")
        ),
        post=move(State.SUBMITTED, State.POSTED, system=True, done=_("Posted")),
        void=move(State.COUNTING, State.VOID, label=_("Discard"), icon="trash-2", danger=True, done=_("Discarded")),
    )
    state = StateField(State)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+", verbose_name=_("warehouse"))
    counted_on = models.DateField(_("counted on"))
    text = models.CharField(_("what is counted"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("stock count")
        verbose_name_plural = _("stock counts")
        ordering = ["-counted_on", "-id"]
        indexes = [models.Index(fields=["company", "-counted_on", "-id"])]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], condition=~Q(number=""), name="count_number_once"),
            models.CheckConstraint(
                name="count_state_is_known", condition=Q(state__in=["counting", "submitted", "posted", "void"])
            ),
        ]

    @property
    def accounting_on(self) -> date:
        return self.counted_on


class CountLine(Model):
    """One item in one bin; `booked` is what the books held when it was counted, empty until then."""

    audit_ignore: ClassVar[tuple[str, ...]] = ("booked",)  # whoever counts must not read it in the history
    scope_company = "count__company"
    scope_department = "count__warehouse__department"

    class Reason(models.TextChoices):
        MISCOUNT = "miscount", _("Counted wrong before")
        LOST = "lost", _("Lost")
        DAMAGED = "damaged", _("Damaged")
        FOUND = "found", _("Found")

    count = models.ForeignKey(StockCount, models.CASCADE, related_name="lines", verbose_name=_("count"))
    place = models.PositiveSmallIntegerField(_("line"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    bin = models.ForeignKey(Bin, models.PROTECT, related_name="+", verbose_name=_("bin"))
    counted = Quantity(_("counted"), null=True, blank=True)
    booked = Quantity(_("in the books"), null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=8, choices=Reason.choices, blank=True)
    value = Amount(_("value of the difference"), editable=False)

    class Meta:
        verbose_name = _("count line")
        verbose_name_plural = _("count lines")
        ordering = ["count", "place"]
        constraints = [
            models.UniqueConstraint(fields=["count", "item", "bin"], name="count_line_once_an_item_and_bin"),
            models.CheckConstraint(name="count_line_not_negative", condition=Q(counted__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.count_id}.{self.place}"
