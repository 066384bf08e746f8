"""What of a bill is which order's and which receipt's, what is tolerated between them, and who accepted the rest."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model
from backoffice.organisation.models import Company
from finance.ledger.models import Amount, JournalEntry
from finance.payables.models import Bill, BillLine
from inventory.catalogue.models import Category
from inventory.stock.models import ReceiptLine
from procurement.purchasing.models.order import OrderLine
from procurement.suppliers.models import Supplier


class MatchRow(Model):
    """So much of a bill's line belongs to this order line, and came with that receipt line (none: not received yet).

    `quantity` is in the order line's unit, `value` its net in the bill's currency; both negative on a credit note.
    Once the bill is posted the row names the entry and what it did there, in company currency: `cleared` went to
    goods received not invoiced, `late` by the cost rule to stock and to what is gone, `exchange` is the rate's part.
    Such a row is final: a receipt that comes later and a reversal add rows that take it back.
    """

    audited: ClassVar[bool] = False  # it is its own history
    scope_company: ClassVar[str] = "bill_line__bill__company"
    scope_department: ClassVar[str] = "order_line__cost_centre__department"

    bill_line = models.ForeignKey(BillLine, models.CASCADE, related_name="matches", verbose_name=_("bill line"))
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="matches", verbose_name=_("order line"))
    receipt_line = models.ForeignKey(
        ReceiptLine, models.PROTECT, null=True, related_name="+", verbose_name=_("receipt line")
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6)
    value = Amount(_("value"))
    entry = models.ForeignKey(
        JournalEntry, models.PROTECT, null=True, related_name="+", verbose_name=_("journal entry")
    )
    cleared = Amount(_("against goods received"))
    late = Amount(_("difference in price"))
    exchange = Amount(_("difference in exchange rate"))

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        ordering = ["bill_line", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["bill_line", "order_line", "receipt_line"],
                condition=Q(entry=None),
                nulls_distinct=False,
                name="match_proposed_once",
            ),
            models.CheckConstraint(
                name="match_books_nothing_before_it_is_posted",
                condition=Q(entry__isnull=False) | Q(cleared=0, late=0, exchange=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bill_line_id} ← {self.order_line_id}: {self.quantity.normalize():f}"


class MatchChoice(Model):
    """A person said to which order line a bill's line belongs, or (without one) that it belongs to none."""

    scope_company: ClassVar[str] = "bill_line__bill__company"
    scope_department: ClassVar[str] = "bill_line__cost_centre__department"

    bill_line = models.OneToOneField(BillLine, models.CASCADE, related_name="match_choice", verbose_name=_("bill line"))
    order_line = models.ForeignKey(
        OrderLine, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("order line")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("chosen match")
        verbose_name_plural = _("chosen matches")
        ordering = ["bill_line"]

    def __str__(self) -> str:
        return f"{self.bill_line_id} ← {self.order_line_id or '-'}"


class Tolerance(Model):
    """By how much a step may differ from the one before and still pass by itself; the narrowest rule counts.

    A rule for a supplier and a category goes before one for the supplier, that before one for the category, that
    before the company's. Prices may differ by the larger of `price_percent` and `price_amount` (in the order's
    currency, for one unit), cheaper ones by `under_percent`; `freight_amount` is what lines that nobody ordered may
    come to (company currency, net); `document_amount` caps all differences of one bill (0: no cap).
    """

    class Step(models.TextChoices):
        ORDER_BILL = "order_bill", _("Order and receipt to bill")
        REQUEST_ORDER = "request_order", _("Requisition to order")

    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name=_("company"))
    step = models.CharField(_("step"), max_length=14, choices=Step.choices, default=Step.ORDER_BILL)
    supplier = models.ForeignKey(
        Supplier, models.CASCADE, null=True, blank=True, related_name="tolerances", verbose_name=_("supplier")
    )
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    price_percent = models.DecimalField(_("price, in per cent"), max_digits=5, decimal_places=2, default=Decimal(2))
    price_amount = models.DecimalField(_("price, amount"), max_digits=20, decimal_places=6, default=0)
    under_percent = models.DecimalField(_("cheaper, in per cent"), max_digits=5, decimal_places=2, default=Decimal(10))
    quantity_percent = models.DecimalField(_("quantity, in per cent"), max_digits=5, decimal_places=2, default=0)
    freight_amount = models.DecimalField(_("not ordered, amount"), max_digits=20, decimal_places=4, default=0)
    document_amount = models.DecimalField(_("whole bill, amount"), max_digits=20, decimal_places=4, default=0)

    class Meta:
        verbose_name = _("tolerance")
        verbose_name_plural = _("tolerances")
        ordering = ["company", "step", "supplier", "category"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "step", "supplier", "category"], nulls_distinct=False, name="tolerance_once"
            ),
            models.CheckConstraint(
                name="tolerance_is_not_negative",
                condition=Q(
                    price_percent__gte=0,
                    price_amount__gte=0,
                    under_percent__gte=0,
                    quantity_percent__gte=0,
                    freight_amount__gte=0,
                    document_amount__gte=0,
                ),
            ),
        ]

    def __str__(self) -> str:
        who = self.supplier or self.category or self.company
        return f"{self.get_step_display()}: {who}"

    def get_absolute_url(self) -> str:
        return reverse("purchasing:tolerance", args=[self.pk])


class Acceptance(Model):
    """Somebody accepted what a bill differs by from order and receipt, exactly as it stood; never altered."""

    scope_company: ClassVar[str] = "bill__company"
    scope_department: ClassVar[str] = "bill__lines__cost_centre__department"

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="acceptances", verbose_name=_("bill"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("accepted by"))
    at = models.DateTimeField(_("at"), db_default=Now())
    reason = models.CharField(_("reason"), max_length=500)
    difference = Amount(_("difference"))
    digest = models.CharField(_("fingerprint of the differences"), max_length=64)

    class Meta:
        verbose_name = _("accepted difference")
        verbose_name_plural = _("accepted differences")
        ordering = ["bill", "id"]
        constraints = [models.CheckConstraint(name="acceptance_says_why", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.bill}: {self.reason}"
