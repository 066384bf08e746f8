"""Our bank accounts, and the runs of payments that leave them."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.core.encryption import EncryptedField, fingerprint
from backoffice.core.flow import Flow, StateField, move
from backoffice.core.models import Model
from backoffice.organisation.models import Company
from backoffice.parties import identifiers
from backoffice.parties.models import Party
from finance.ledger.models import Account, Amount, OpenItem, PostingDocument


class BankAccount(Model):
    """An account of the company at a bank; its number is encrypted and shown by its last four digits."""

    audit_ignore: ClassVar[tuple[str, ...]] = ("iban",)

    company = models.ForeignKey(Company, models.PROTECT, related_name="bank_accounts", verbose_name=_("company"))
    name = models.CharField(_("name"), max_length=60)
    account = models.OneToOneField(
        Account, models.PROTECT, related_name="bank_account", verbose_name=_("account in the books")
    )
    holder = models.CharField(_("account holder"), max_length=70)
    iban = EncryptedField(_("IBAN"))
    ending = models.CharField(_("ends in"), max_length=4, editable=False)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ["company", "name"]
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="own_bank_account_name_once_a_company"),
            models.CheckConstraint(name="own_bank_account_currency_is_iso", condition=Q(currency__regex=r"^[A-Z]{3}$")),
        ]

    def __str__(self) -> str:
        return f"{self.name} •• {self.ending}"

    def clean(self) -> None:
        """Refuse an IBAN or BIC whose check digits are wrong."""
        if not identifiers.valid("iban", identifiers.plain(self.iban or "")):
            raise ValidationError({"iban": _("The check digits of this IBAN do not agree.")})
        if self.bic and not identifiers.valid("bic", self.bic):
            raise ValidationError({"bic": _("This is not a BIC.")})

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the digits that are shown in step with the number."""
        self.iban = identifiers.plain(self.iban)
        self.ending = self.iban[-4:]
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return reverse("banking:bankaccount", args=[self.pk])


class PaymentRun(PostingDocument):
    """Payments of one source out of one bank account, proposed by one person and released by another.

    `total` is the sum of its payments, in the account's currency; `left_out` says what was due and is not paid, and
    why. The file for the bank is made once.
    """

    journal_code: ClassVar[str] = "PAY"
    # A run of wages from which one payment went would tell by the difference what one person is paid.
    audit_ignore: ClassVar[tuple[str, ...]] = ("total", "left_out")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        RELEASED = "released", _("Released")
        EXPORTED = "exported", _("Sent to the bank")
        CANCELLED = "cancelled", _("Cancelled")

    flow = Flow(
        State.PROPOSED,
        release=move(
            State.PROPOSED,
            State.RELEASED,
            label=_("Release"),
            icon="check",
            key="a",
            primary=True,
            done=_("Released"),
            apart=("entered_by", "changed_by"),
            confirm=_("Releasing books the payments. The file for the bank can be made once."),
        ),
        export=move(
            State.RELEASED,
            State.EXPORTED,
            label=_("Make the bank file"),
            icon="download",
            primary=True,
            done=_("Made the bank file"),
        ),
        reschedule=move(
            State.PROPOSED,
            None,
            label=_("Choose another date"),
            icon="calendar",
            done=_("Chose another date"),
        ),
        recall=move(
            State.RELEASED,
            State.PROPOSED,
            label=_("Take the release back"),
            icon="undo-2",
            danger=True,
            done=_("Took the release back, nothing is paid"),
            confirm=_("Books the payments back and makes the run a proposal again: all it pays is open again."),
        ),
        cancel=move(
            State.PROPOSED,
            State.CANCELLED,
            label=_("Cancel"),
            icon="x",
            danger=True,
            done=_("Cancelled, nothing is paid"),
        ),
    )
    state = StateField(State)
    source = models.CharField(_("pays"), max_length=20)
    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="runs", verbose_name=_("from"))
    pay_on = models.DateField(_("pay on"))
    due_until = models.DateField(_("due until"))
    total = Amount(_("total"), editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("released by"),
    )
    left_out = models.JSONField(_("left out"), default=list, editable=False)

    told_on: date | None = None  # the day on which this happens, where that isn't today: the past of the sample

    class Meta:
        verbose_name = _("payment run")
        verbose_name_plural = _("payment runs")
        ordering = ["-pay_on", "-id"]
        indexes = [models.Index(fields=["company", "-pay_on", "-id"])]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], condition=~Q(number=""), name="run_number_once"),
            models.CheckConstraint(
                name="run_state_is_known", condition=Q(state__in=["proposed", "released", "exported", "cancelled"])
            ),
        ]

    @property
    def accounting_on(self) -> date:
        return self.pay_on

    @property
    def currency(self) -> str:
        """The currency of the bank account."""
        return self.bank_account.currency

    @property
    def standing(self) -> "models.QuerySet[Payment]":
        """The payments that are made: what was taken out after the release stays beside them and is not."""
        return self.payments.filter(taken_out_at=None).order_by("place")

    @property
    def today(self) -> date:
        """The day on which something happens to this run."""
        return self.told_on or timezone.localdate()


class Payment(Model):
    """One sum to one creditor. The bank details are those of the proposal; a change since then stops the payment.

    `released_digest` is the fingerprint of all that was released about it. What is taken out between release and
    export stays as a row, with the reason.
    """

    scope_company = "run__company"
    # Wages are payments too: readers of the history may not learn whom or what they pay. Acts tell it of bills.
    audit_ignore: ClassVar[tuple[str, ...]] = (
        "iban", "fingerprint", "ending", "payee", "creditor", "amount", "text", "released_digest", "taken_out_because",
    )  # fmt: skip

    run = models.ForeignKey(PaymentRun, models.CASCADE, related_name="payments", verbose_name=_("payment run"))
    place = models.PositiveSmallIntegerField(_("line"))
    payee = models.CharField(max_length=60, editable=False)
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="payments", verbose_name=_("party")
    )
    creditor = models.CharField(_("to"), max_length=70)
    iban = EncryptedField(_("IBAN"))
    ending = models.CharField(_("account ends in"), max_length=4, editable=False)
    fingerprint = models.CharField(max_length=64, editable=False)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    amount = Amount(_("amount"))
    text = models.CharField(_("reference"), max_length=140)
    released_digest = models.CharField(max_length=64, blank=True, editable=False)
    taken_out_at = models.DateTimeField(_("taken out at"), null=True, editable=False)
    taken_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("taken out by"),
    )
    taken_out_because = models.CharField(_("why"), max_length=140, blank=True, editable=False)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["run", "place"]
        constraints = [
            models.CheckConstraint(name="payment_pays_something", condition=Q(amount__gt=0)),
            models.UniqueConstraint(fields=["run", "payee"], name="payment_once_a_payee_and_run"),
            models.CheckConstraint(
                name="payment_taken_out_by_somebody_for_a_reason",
                condition=Q(taken_out_at=None, taken_out_by=None, taken_out_because="")
                | (Q(taken_out_at__isnull=False, taken_out_by__isnull=False) & ~Q(taken_out_because="")),
            ),
        ]

    def __str__(self) -> str:
        return self.end_to_end  # tells nobody and no amount: the history names rows by it, of wages too

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep ending and fingerprint in step with the number."""
        self.ending, self.fingerprint = self.iban[-4:], fingerprint(self.iban)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def end_to_end(self) -> str:
        """The name by which the bank tells of it again (ISO 20022 EndToEndId)."""
        return f"BO-{self.run_id}-{self.place}"


class PaymentItem(Model):
    """What a payment settles: one payable, whole or in part; a credit note takes off (negative)."""

    scope_company = "payment__run__company"
    audit_ignore: ClassVar[tuple[str, ...]] = ("amount", "text")  # as of payments

    payment = models.ForeignKey(Payment, models.CASCADE, related_name="items", verbose_name=_("payment"))
    key = models.CharField(max_length=40, editable=False)
    open_item = models.ForeignKey(
        OpenItem, models.PROTECT, null=True, related_name="payment_items", verbose_name=_("open item")
    )
    text = models.CharField(_("what"), max_length=140)
    href = models.CharField(max_length=200, blank=True, editable=False)
    due_on = models.DateField(_("due"))
    amount = Amount(_("amount"))

    class Meta:
        verbose_name = _("paid item")
        verbose_name_plural = _("paid items")
        ordering = ["payment", "due_on", "id"]
        indexes = [models.Index(fields=["key"])]
        constraints = [
            models.CheckConstraint(name="paid_item_is_something", condition=~Q(amount=0)),
            models.UniqueConstraint(F("payment"), F("key"), name="paid_item_once_a_payment"),
        ]

    def __str__(self) -> str:
        return self.text


class PaymentFile(Model):
    """The file that was made for the bank, once, with its checksum; never altered (trigger)."""

    scope_company = "run__company"
    audit_ignore: ClassVar[tuple[str, ...]] = ("content",)

    run = models.OneToOneField(PaymentRun, models.PROTECT, related_name="file", verbose_name=_("payment run"))
    name = models.CharField(_("file name"), max_length=80)
    content = EncryptedField(_("content"))
    size = models.PositiveIntegerField(_("bytes"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"), db_default=Now())

    class Meta:
        verbose_name = _("payment file")
        verbose_name_plural = _("payment files")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
