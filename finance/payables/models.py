"""Supplier bills, their lines, and what we know of a supplier's terms and usual coding."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from backoffice.core.flow import Flow, StateField, move
from backoffice.core.models import Model
from backoffice.organisation.models import CostCentre
from backoffice.parties.models import Party, PartyBankAccount
from finance.ledger.models import Account, Amount, Journal, PostingDocument


class Bill(PostingDocument):
    """A supplier's bill or credit note: amounts are positive as on the paper, `amount` carries the sign.

    `net`, `tax`, `total` are in the bill's currency; `amount` and `amount_company` are what it adds to the
    payables, negative for a credit note. `rate` is what one unit of the bill's currency is worth in ours.
    """

    scope_department: ClassVar[str] = "lines__cost_centre__department"
    journal_code: ClassVar[str] = Journal.Code.BILLS

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        POSTED = "posted", _("Posted")
        VOID = "void", _("Discarded")

    class Kind(models.TextChoices):
        BILL = "bill", _("Bill")
        CREDIT_NOTE = "credit_note", _("Credit note")

    class Source(models.TextChoices):
        TYPED = "typed", _("Typed in")
        UBL = "ubl", _("Read from an electronic invoice")
        SAMPLE = "sample", _("Sample")

    class Rounding(models.TextChoices):
        DOCUMENT = "document", _("On the sum of each rate")
        LINE = "line", _("On each line")

    flow = Flow(
        State.DRAFT,
        submit=move(
            State.DRAFT, State.SUBMITTED, label=_("Submit"), icon="send", primary=True, done=_("Sent for approval")
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
        send_back=move(State.SUBMITTED, State.DRAFT, label=_("Return"), icon="undo-2", key="r", done=_("Returned")),
        withdraw=move(
            [State.SUBMITTED, State.APPROVED], State.DRAFT, label=_("Withdraw"), icon="undo-2", done=_("Back in draft")
        ),
        accept=move(State.SUBMITTED, State.APPROVED, system=True, done=_("All approvals given")),
        post=move(State.APPROVED, State.POSTED, label=_("Post"), icon="book-open", primary=True, done=_("Posted")),
        reverse=move(
            State.POSTED, None, label=_("Reverse"), icon="undo-2", danger=True, done=_("Reversed by a mirror entry")
        ),
        pass_by_rule=move(
            State.SUBMITTED, State.APPROVED, system=True, done=_("Approved by rule: matched within tolerance")
        ),
        book=move(State.APPROVED, State.POSTED, system=True, done=_("Posted by rule")),
        block=move(
            [State.SUBMITTED, State.APPROVED, State.POSTED],
            None,
            label=_("Block payment"),
            icon="lock",
            done=_("Payment blocked"),
        ),
        release_payment=move(
            State.POSTED,
            None,
            label=_("Release payment"),
            icon="lock-open",
            done=_("Payment released"),
            apart=("entered_by", "changed_by"),
        ),
        void=move(
            State.DRAFT,
            State.VOID,
            label=_("Discard"),
            icon="trash-2",
            danger=True,
            done=_("Discarded"),
            confirm=_("A discarded bill cannot be brought back. Its files stay."),
        ),
    )
    state = StateField(State)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.BILL)
    source = models.CharField(_("source"), max_length=8, choices=Source.choices, default=Source.TYPED, editable=False)
    party = models.ForeignKey(Party, models.PROTECT, related_name="bills", verbose_name=_("supplier"))
    bank_account = models.ForeignKey(
        PartyBankAccount, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pay to")
    )
    reference = models.CharField(_("their reference"), max_length=60)
    order_reference = models.CharField(
        _("order number"), max_length=40, blank=True, help_text=_("The purchase order that the bill names")
    )
    reference_key = models.CharField(max_length=60, editable=False)
    reference_year = models.CharField(max_length=9, editable=False)
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("replaces the reversed bill"),
    )
    bill_date = models.DateField(_("bill date"))
    tax_point = models.DateField(_("tax point"), help_text=_("The day that decides the VAT return"))
    due_on = models.DateField(_("due"))
    booked_on = models.DateField(_("accounting date"), help_text=_("The day in whose period it is posted"))
    currency = models.CharField(_("currency"), max_length=3)
    rate = models.DecimalField(
        _("exchange rate"),
        max_digits=20,
        decimal_places=10,
        null=True,
        blank=True,
        help_text=_("Left empty: the rate of the bill's date"),
    )
    net = Amount(_("net"), editable=False)
    tax = Amount(_("VAT"), editable=False)
    total = Amount(_("total"), editable=False)
    amount = Amount(_("amount"), editable=False)
    amount_company = Amount(_("amount in company currency"), editable=False)
    stated_tax = models.DecimalField(
        _("VAT on the paper"),
        max_digits=20,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("Taken as it stands when it differs by no more than 0.01 for each line"),
    )
    tax_rounding = models.CharField(_("VAT rounded"), max_length=8, choices=Rounding.choices, default=Rounding.DOCUMENT)
    note = models.TextField(_("note"), blank=True)
    post_refusal = models.CharField(_("why it was not posted"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("bill")
        verbose_name_plural = _("bills")
        ordering = ["-bill_date", "-id"]
        indexes = [
            models.Index(fields=["company", "-bill_date", "-id"]),
            models.Index(fields=["company", "state", "due_on"]),
            models.Index(fields=["party", "bill_date"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "party", "reference_key", "reference_year", "replaces"],
                condition=~Q(state="void"),
                nulls_distinct=False,
                name="bill_reference_once_a_supplier_and_year",
            ),
            models.UniqueConstraint(fields=["company", "number"], condition=~Q(number=""), name="bill_number_once"),
            models.CheckConstraint(
                name="bill_state_is_known", condition=Q(state__in=["draft", "submitted", "approved", "posted", "void"])
            ),
            models.CheckConstraint(name="bill_kind_is_known", condition=Q(kind__in=["bill", "credit_note"])),
            models.CheckConstraint(name="bill_has_a_reference", condition=~Q(reference_key="")),
            models.CheckConstraint(name="bill_rate_is_positive", condition=Q(rate__gt=0)),
            models.CheckConstraint(name="bill_total_adds_up", condition=Q(total=models.F("net") + models.F("tax"))),
            models.CheckConstraint(
                name="bill_amount_has_the_sign_of_its_kind",
                condition=Q(kind="bill", amount=models.F("total")) | Q(kind="credit_note", amount=-models.F("total")),
            ),
            models.CheckConstraint(name="bill_currency_is_iso", condition=Q(currency__regex=r"^[A-Z]{3}$")),
        ]

    def __str__(self) -> str:
        words = self.get_kind_display()
        return f"{words} {self.number}" if self.number else f"{words} {self.reference}"

    @property
    def title(self) -> str:
        return self.party.name

    @property
    def accounting_on(self) -> date:
        return self.booked_on

    @property
    def known_rate(self) -> Decimal:
        """The exchange rate, which saving has settled; raises `ValueError` before."""
        if self.rate is None:
            raise ValueError("The rate is settled when the bill is saved.")
        return self.rate

    @property
    def short_number(self) -> str:
        """The number as lists show it: 04817 of BILL-2026-04817."""
        return self.number.rpartition("-")[2]

    @property
    def money(self) -> Money:
        """The signed total with its currency."""
        return Money(self.amount, self.currency)

    @property
    def is_foreign(self) -> bool:
        return self.currency != self.company.currency

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the spelling by which duplicates are found in step with the reference."""
        key = normalised(self.reference)
        if key != self.reference_key:
            self.reference_key = key
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "reference_key"}
        super().save(*args, **kwargs)


def normalised(reference: str) -> str:
    """A supplier's reference without what people write differently: case, blanks, punctuation, leading zeros.

    "INV-0092817", "inv 92817" and "Inv/0092817" are one bill.
    """
    parts = re.findall(r"[^\W\d_]+|\d+", reference.upper())
    return "".join(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)[:60]


class BillLine(Model):
    """One thing that a bill asks money for; `net` is quantity times price, less discount, rounded to the currency."""

    scope_company = "bill__company"
    scope_department = "cost_centre__department"

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="lines", verbose_name=_("bill"))
    place = models.PositiveSmallIntegerField(_("line"))
    text = models.CharField(_("description"), max_length=200, blank=True)
    article = models.CharField(_("article"), max_length=60, blank=True, help_text=_("The supplier's code, or ours"))
    order_place = models.CharField(_("line of the order"), max_length=12, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6, default=Decimal(1))
    unit_price = models.DecimalField(_("price"), max_digits=20, decimal_places=6)
    price_per = models.DecimalField(
        _("price for"),
        max_digits=18,
        decimal_places=6,
        default=Decimal(1),
        help_text=_("The quantity that the price buys"),
    )
    discount = Amount(_("discount"), help_text=_("Taken off the line; a charge is negative"))
    net = Amount(_("net"), editable=False)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    cost_centre = models.ForeignKey(
        CostCentre, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cost centre")
    )
    tax_code = models.ForeignKey(
        "tax.TaxCode", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("VAT")
    )

    class Meta:
        verbose_name = _("bill line")
        verbose_name_plural = _("bill lines")
        ordering = ["bill", "place"]
        constraints = [
            models.CheckConstraint(name="bill_line_price_for_is_positive", condition=Q(price_per__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.bill_id}.{self.place}"


class PaymentBlock(Model):
    """Why a bill is not paid for now although it is in the books, who can clear it, and how that ended.

    Written once and released once; several reasons may stand beside each other, each once.
    """

    scope_company = "bill__company"
    scope_department: ClassVar[str] = "bill__lines__cost_centre__department"

    class Reason(models.TextChoices):
        PRICE = "price", _("Price")
        QUANTITY = "quantity", _("Quantity")
        NO_RECEIPT = "no_receipt", _("Not received")
        NO_ORDER = "no_order", _("Not ordered")
        DUPLICATE = "duplicate", _("Perhaps entered twice")
        BANK = "bank", _("Bank details changed")
        QUALITY = "quality", _("Quality")

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="blocks", verbose_name=_("bill"))
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=500, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who can clear it"),
    )
    is_automatic = models.BooleanField(_("set by a check"), default=False, editable=False)
    blocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("blocked by")
    )
    blocked_at = models.DateTimeField(_("blocked at"), db_default=Now(), editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("released by"),
    )
    released_at = models.DateTimeField(_("released at"), null=True, editable=False)
    release_note = models.CharField(_("why it was released"), max_length=500, blank=True, editable=False)

    class Meta:
        verbose_name = _("payment block")
        verbose_name_plural = _("payment blocks")
        ordering = ["blocked_at", "id"]
        indexes = [models.Index(fields=["blocked_at"], condition=Q(released_at=None), name="payment_block_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["bill", "reason"], condition=Q(released_at=None), name="payment_block_open_once_a_reason"
            ),
            models.CheckConstraint(
                name="payment_block_reason_is_known",
                condition=Q(reason__in=["price", "quantity", "no_receipt", "no_order", "duplicate", "bank", "quality"]),
            ),
            models.CheckConstraint(
                name="payment_block_release_is_whole",
                condition=Q(released_at=None, released_by=None, release_note="")
                | Q(released_at__isnull=False, released_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bill}: {self.get_reason_display()}"

    def get_absolute_url(self) -> str:
        return self.bill.get_absolute_url()


class SupplierTerms(Model):
    """What a party is to us as a supplier: days to pay and the coding last used, proposed on the next bill."""

    scope_company = "party__company"

    party = models.OneToOneField(Party, models.CASCADE, related_name="supplier_terms", verbose_name=_("supplier"))
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("usual account")
    )
    cost_centre = models.ForeignKey(
        CostCentre, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("usual cost centre")
    )
    tax_code = models.ForeignKey(
        "tax.TaxCode", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("usual VAT")
    )

    class Meta:
        verbose_name = _("supplier terms")
        verbose_name_plural = _("supplier terms")
        ordering = ["party"]

    def __str__(self) -> str:
        return str(self.party)
