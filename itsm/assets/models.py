"""Equipment: what there is, who holds it, and what a starter needs."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.core.flow import Flow, Flowing, StateField, move
from backoffice.core.models import Model
from backoffice.documents.models import Document
from backoffice.organisation.models import Company
from backoffice.parties.models import Party
from finance.ledger.models import Account, Amount
from hr.people.models import Employment
from inventory.catalogue.models import Item
from inventory.stock.models import ReceiptLine
from procurement.purchasing.models import OrderLine, Requisition


class Tags(Model):
    """The last tag that a company gave out; its row is locked while tags are taken."""

    audited: ClassVar[bool] = False

    company = models.OneToOneField(Company, models.PROTECT, related_name="+", verbose_name=_("company"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("series of tags")
        verbose_name_plural = _("series of tags")
        ordering = ["company"]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.last}"


class Asset(Document):
    """One piece of equipment, by its tag (`number`); the tag never changes and is never given again.

    `cost` is what it cost in company currency and stands on `account`: the receipt's value, and what its bill adds or
    takes off. Whoever holds it is an employee (`holder`), or it stands at a `place` for many.
    """

    state_tones: ClassVar[dict[str, tuple[str, str]]] = {
        "in_stock": ("idle", "package"),
        "assigned": ("good", "circle-check"),
        "in_repair": ("wait", "settings"),
        "lost": ("bad", "circle-alert"),
        "returned": ("wait", "undo-2"),
        "retired": ("idle", "folder"),
        "sent_back": ("idle", "undo-2"),
    }

    class State(models.TextChoices):
        RETURNED = "returned", _("Returned, to be wiped")
        IN_REPAIR = "in_repair", _("In repair")
        ASSIGNED = "assigned", _("In use")
        IN_STOCK = "in_stock", _("In stock")
        LOST = "lost", _("Lost")
        RETIRED = "retired", _("Retired")
        SENT_BACK = "sent_back", _("Sent back to the supplier")

    HELD = (State.IN_STOCK, State.IN_REPAIR, State.RETURNED)

    flow = Flow(
        State.IN_STOCK,
        hand_over=move(
            State.IN_STOCK,
            State.ASSIGNED,
            label=_("Hand over"),
            icon="user-check",
            key="h",
            primary=True,
            done=_("Handed over"),
        ),
        accept=move(State.ASSIGNED, None, label=_("Accept"), icon="check", key="a", done=_("Accepted")),
        take_back=move(
            State.ASSIGNED, State.RETURNED, label=_("Take back"), icon="undo-2", key="r", done=_("Taken back")
        ),
        restock=move(
            [State.RETURNED, State.IN_REPAIR],
            State.IN_STOCK,
            label=_("Ready for use"),
            icon="package",
            primary=True,
            done=_("Back in stock"),
        ),
        repair=move(
            [State.IN_STOCK, State.RETURNED],
            State.IN_REPAIR,
            label=_("Send to repair"),
            icon="settings",
            done=_("In repair"),
        ),
        lose=move(
            [State.ASSIGNED, *HELD],
            State.LOST,
            label=_("Report lost"),
            icon="circle-alert",
            danger=True,
            done=_("Lost"),
        ),
        find=move(State.LOST, State.RETURNED, label=_("Found again"), icon="search", done=_("Found again")),
        retire=move(
            [*HELD, State.LOST], State.RETIRED, label=_("Retire"), icon="folder", danger=True, done=_("Retired")
        ),
        go_back=move(State.IN_STOCK, State.SENT_BACK, system=True, done=_("Sent back to the supplier")),
    )
    state = StateField(State)
    item = models.ForeignKey(Item, models.PROTECT, related_name="assets", verbose_name=_("item"))
    name = models.CharField(_("name"), max_length=120)
    serial = models.CharField(_("serial number"), max_length=60, blank=True)
    cost = Amount(_("cost"))
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", editable=False, verbose_name=_("account in the books")
    )
    acquired_on = models.DateField(_("acquired"))
    supplier = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("supplier")
    )
    receipt_line = models.ForeignKey(
        ReceiptLine, models.PROTECT, null=True, editable=False, related_name="assets", verbose_name=_("receipt line")
    )
    piece = models.PositiveIntegerField(_("piece"), default=1, editable=False)
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, null=True, editable=False, related_name="assets", verbose_name=_("order line")
    )
    holder = models.ForeignKey(
        Employment, models.PROTECT, null=True, editable=False, related_name="assets", verbose_name=_("held by")
    )
    place = models.CharField(_("stands at"), max_length=60, blank=True, editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("asset")
        verbose_name_plural = _("assets")
        ordering = ["number", "id"]
        indexes = [
            models.Index(fields=["company", "state", "number"]),
            models.Index(fields=["company", "name"]),
            models.Index(fields=["company", "-acquired_on", "-id"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="asset_tag_once"),
            models.CheckConstraint(name="asset_has_a_tag", condition=~Q(number="")),
            models.UniqueConstraint(
                fields=["item", "serial"],
                condition=~Q(serial=""),
                name="asset_serial_once_an_item",
                violation_error_message=_("There is such an asset with this serial number."),
            ),
            models.UniqueConstraint(fields=["receipt_line", "piece"], name="asset_once_a_received_piece"),
            models.CheckConstraint(name="asset_cost_is_not_negative", condition=Q(cost__gte=0)),
            models.CheckConstraint(
                name="asset_in_use_is_somewhere",
                condition=(Q(state="assigned") & (Q(holder__isnull=False, place="") | (Q(holder=None) & ~Q(place=""))))
                | (~Q(state="assigned") & Q(holder=None, place="")),
            ),
            models.CheckConstraint(
                name="asset_state_is_known",
                condition=Q(
                    state__in=["in_stock", "assigned", "in_repair", "lost", "returned", "retired", "sent_back"]
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number or super().__str__()

    @property
    def title(self) -> str:
        """The heading of its screen."""
        return self.name

    @property
    def where(self) -> str:
        """Who holds it, or where it stands."""
        return str(self.holder.person) if self.holder else self.place


class HandOver(Model):
    """An asset was given to an employee, or set up at a place; accepted by the employee, and returned one day."""

    scope_company = "asset__company"

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="hand_overs", verbose_name=_("asset"))
    employment = models.ForeignKey(
        Employment, models.PROTECT, null=True, related_name="hand_overs", verbose_name=_("employee")
    )
    place = models.CharField(_("place"), max_length=60, blank=True)
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("given by"))
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    returned_at = models.DateTimeField(_("returned"), null=True)
    returned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("returned to")
    )
    condition = models.CharField(_("condition"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["-id"]
        indexes = [models.Index(fields=["employment", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["asset"], condition=Q(returned_at=None), name="hand_over_one_open_an_asset"
            ),
            models.CheckConstraint(
                name="hand_over_to_somebody_or_somewhere",
                condition=Q(employment__isnull=False, place="") | (Q(employment=None) & ~Q(place="")),
            ),
            models.CheckConstraint(
                name="hand_over_ends_after_it_began",
                condition=Q(returned_at=None) | Q(returned_at__gte=F("given_at")),
            ),
            models.CheckConstraint(
                name="hand_over_is_accepted_by_employees",
                condition=Q(accepted_at=None) | Q(employment__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} → {self.employment_id or self.place}"


class Outfit(Flowing, Model):
    """What somebody who starts needs on the first day: nobody has looked yet, it is asked for, or all is there."""

    named_by: ClassVar[tuple[str, ...]] = ("employment__person",)

    class State(models.TextChoices):
        OPEN = "open", _("To look at")
        REQUESTED = "requested", _("Requested")
        DONE = "done", _("Done")

    state_tones: ClassVar[dict[str, tuple[str, str]]] = {
        "open": ("wait", "clock"),
        "requested": ("idle", "send"),
        "done": ("good", "circle-check"),
    }

    flow = Flow(
        State.OPEN,
        request=move(
            [State.OPEN, State.REQUESTED],
            State.REQUESTED,
            label=_("Request equipment"),
            icon="shopping-cart",
            primary=True,
            done=_("Requested"),
        ),
        finish=move(
            [State.OPEN, State.REQUESTED], State.DONE, label=_("Everything is there"), icon="check", done=_("Done")
        ),
    )
    state = StateField(State)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, verbose_name=_("company"))
    employment = models.OneToOneField(
        Employment, models.PROTECT, related_name="outfit", verbose_name=_("employee"), editable=False
    )
    starts_on = models.DateField(_("starts"), editable=False)
    requisition = models.ForeignKey(
        Requisition, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("requisition")
    )

    class Meta:
        verbose_name = _("starter's equipment")
        verbose_name_plural = _("starters' equipment")
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["company", "state", "starts_on"])]
        constraints = [
            models.CheckConstraint(name="outfit_state_is_known", condition=Q(state__in=["open", "requested", "done"])),
            models.CheckConstraint(
                name="outfit_requested_by_a_requisition",
                condition=~Q(state="requested") | Q(requisition__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Equipment for %s")) % self.employment.person if self.employment_id else super().__str__()

    def get_absolute_url(self) -> Any:
        return reverse("assets:outfit", args=[self.pk])
