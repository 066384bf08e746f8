"""Accounts and periods, entries and lines, balances and open items.

Amounts of lines and balances: `debit` and `credit` are in the company's currency,
`currency_debit` and `currency_credit` in the currency named beside them; all are positive or zero.
"""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.audit.models import CurrentTransaction, TransactionIdField
from backoffice.core.flow import Flow, Flowing, StateField, move
from backoffice.core.models import Model, Rows
from backoffice.documents.models import Document
from backoffice.organisation.models import Company, CostCentre
from backoffice.parties.models import Party
from finance.ledger import kept


class Amount(models.DecimalField):
    """An amount of money: numeric, four decimals, so that every ISO 4217 currency fits."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_digits", 20)
        options.setdefault("decimal_places", 4)
        options.setdefault("default", 0)
        super().__init__(*args, **options)


class Role(models.TextChoices):
    """What documents post to; each company says which account plays which role (operations B0.11)."""

    AR = "ar", _("Receivables")
    AP = "ap", _("Payables")
    BANK = "bank", _("Bank")
    CASH = "cash", _("Cash")
    SUSPENSE = "suspense", _("Suspense")
    STOCK = "stock", _("Stock on hand")
    GRNI = "grni", _("Goods received, not invoiced")
    COST_ADJUSTMENT = "cost_adjustment", _("Late cost of goods already issued")
    PRICE_VARIANCE = "price_variance", _("Purchase price variance")
    STOCK_GAIN = "stock_gain", _("Stock found")
    STOCK_LOSS = "stock_loss", _("Stock lost or scrapped")
    EQUIPMENT = "equipment", _("Equipment at cost")
    VAT_IN = "vat_in", _("Input VAT")
    VAT_OUT = "vat_out", _("Output VAT")
    VAT_RC_IN = "vat_rc_in", _("Reverse charge, input")
    VAT_RC_OUT = "vat_rc_out", _("Reverse charge, output")
    REVENUE = "revenue", _("Revenue")
    COGS = "cogs", _("Cost of sales")
    WAGES = "wages", _("Wages and salaries")
    EMPLOYER_NI = "employer_ni", _("Employer social security")
    EMPLOYER_PENSION = "employer_pension", _("Employer pension")
    WAGES_PAYABLE = "wages_payable", _("Net wages to pay")
    PAYROLL_TAXES = "payroll_taxes", _("Payroll taxes to pay")
    PENSION_PAYABLE = "pension_payable", _("Pension contributions to pay")
    DEDUCTIONS_PAYABLE = "deductions", _("Other deductions to pay on")
    PAYMENTS_TRANSIT = "payments_transit", _("Payments on their way")
    ROUNDING = "rounding", _("Rounding differences")
    FX_REALISED = "fx_realised", _("Exchange differences, realised")
    FX_UNREALISED = "fx_unrealised", _("Exchange differences, unrealised")
    DISCOUNT_TAKEN = "discount_taken", _("Discounts taken")
    EQUITY = "equity", _("Share capital")
    RETAINED = "retained", _("Retained earnings")


class Heading(Model):
    """A line of a financial statement under which accounts are gathered."""

    class Statement(models.TextChoices):
        PROFIT_AND_LOSS = "profit_and_loss", _("Profit and loss")
        BALANCE_SHEET = "balance_sheet", _("Balance sheet")

    company = models.ForeignKey(Company, models.CASCADE, related_name="headings", verbose_name=_("company"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("under")
    )
    statement = models.CharField(_("statement"), max_length=16, choices=Statement.choices)
    key = models.SlugField(_("key"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    place = models.PositiveSmallIntegerField(_("place"))

    class Meta:
        verbose_name = _("heading")
        verbose_name_plural = _("headings")
        ordering = ["company", "statement", "place", "id"]
        constraints = [models.UniqueConstraint(fields=["company", "key"], name="heading_key_once_a_company")]

    def __str__(self) -> str:
        return self.name


class AccountRows(Rows):
    """Accounts, in words."""

    def by_hand(self) -> "AccountRows":
        """Those that people may book to."""
        return self.filter(is_control=False, kept_by="", is_active=True)


class Account(Model):
    """Where amounts of one sort are gathered; a control account is posted to by documents only."""

    class Kind(models.TextChoices):
        ASSET = "asset", _("Asset")
        LIABILITY = "liability", _("Liability")
        EQUITY = "equity", _("Equity")
        INCOME = "income", _("Income")
        EXPENSE = "expense", _("Expense")

    company = models.ForeignKey(Company, models.PROTECT, related_name="accounts", verbose_name=_("company"))
    code = models.CharField(_("code"), max_length=12)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    heading = models.ForeignKey(Heading, models.PROTECT, related_name="accounts", verbose_name=_("heading"))
    role = models.CharField(_("role"), max_length=16, choices=Role.choices, blank=True)
    is_control = models.BooleanField(
        _("control account"), default=False, help_text=_("Kept by documents, with open items for each party")
    )
    kept_by = models.SlugField(_("kept by"), max_length=20, blank=True, editable=False)
    needs_cost_centre = models.BooleanField(_("needs a cost centre"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    objects: ClassVar[Any] = AccountRows.as_manager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["company", "code"]
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="account_code_once_a_company"),
            models.UniqueConstraint(
                fields=["company", "role"], condition=~Q(role=""), name="account_role_once_a_company"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def why_not_by_hand(self) -> str:
        """Why nobody books to it by hand, in words that follow a colon; empty where people may."""
        if self.is_control:
            return gettext("control account, only documents post to it")
        return kept.why(self.kept_by) if self.kept_by else ""

    def clean(self) -> None:
        """What an app keeps alone starts empty: else it could not explain what stands there."""
        super().clean()
        if self.pk and kept.keeper_of(self.role) not in ("", self.kept_by) and self.lines.filter(on__isnull=False):
            words = gettext(
                "Choose an account without postings: what stands on it is explained from the first line on."
            )
            raise ValidationError({"role": words})

    def save(self, *args: Any, **options: Any) -> None:
        """With the keeper that follows from its role; an account that was kept once stays kept."""
        self.kept_by = kept.keeper_of(self.role) or self.kept_by
        if options.get("update_fields") is not None:
            options["update_fields"] = {*options["update_fields"], "kept_by"}
        super().save(*args, **options)


class FiscalYear(Model):
    """The year of the books; its name stands in document numbers."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="fiscal_years", verbose_name=_("company"))
    name = models.CharField(_("name"), max_length=9)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("fiscal year")
        verbose_name_plural = _("fiscal years")
        ordering = ["company", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="fiscal_year_name_once_a_company"),
            models.CheckConstraint(name="fiscal_year_ends_after_it_starts", condition=Q(ends_on__gt=F("starts_on"))),
        ]

    def __str__(self) -> str:
        return self.name


class Period(Flowing, Model):
    """A month of the books: open for posting or closed."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    flow = Flow(
        State.OPEN,
        close=move(State.OPEN, State.CLOSED, icon="lock", primary=True, done=_("Period closed")),
        reopen=move(State.CLOSED, State.OPEN, icon="lock-open", danger=True, done=_("Period open again")),
    )
    state = StateField(State)
    company = models.ForeignKey(Company, models.PROTECT, related_name="periods", verbose_name=_("company"))
    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, related_name="periods", verbose_name=_("fiscal year"))
    name = models.CharField(_("name"), max_length=20)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["company", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["company", "starts_on"], name="period_starts_once_a_company"),
            models.CheckConstraint(name="period_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="period_state_is_known", condition=Q(state__in=["open", "closed"])),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("ledger:period", args=[self.pk])


class Journal(Model):
    """A book of entries of one sort; its code starts their numbers."""

    class Code(models.TextChoices):
        BILLS = "BILL", _("Supplier bills")
        GENERAL = "GEN", _("General")
        SYSTEM = "SYS", _("System")
        OPENING = "OPEN", _("Opening")

    company = models.ForeignKey(Company, models.PROTECT, related_name="journals", verbose_name=_("company"))
    code = models.CharField(_("code"), max_length=8)
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("journal")
        verbose_name_plural = _("journals")
        ordering = ["company", "code"]
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="journal_code_once_a_company")]

    def __str__(self) -> str:
        return self.name


class Counter(Model):
    """The last number given in a journal and fiscal year; its row is locked last, so numbers have no gap."""

    scope_company = "journal__company"
    audited: ClassVar[bool] = False

    journal = models.ForeignKey(Journal, models.PROTECT, related_name="+", verbose_name=_("journal"))
    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, related_name="+", verbose_name=_("fiscal year"))
    last = models.PositiveIntegerField(_("last number"))

    class Meta:
        verbose_name = _("counter")
        verbose_name_plural = _("counters")
        ordering = ["journal", "fiscal_year"]
        constraints = [models.UniqueConstraint(fields=["journal", "fiscal_year"], name="counter_once_a_year")]

    def __str__(self) -> str:
        return f"{self.journal_id}/{self.fiscal_year_id}: {self.last}"


class DimensionSet(Model):
    """An interned combination of dimensions (today the cost centre), so that lines and balances stay narrow."""

    scope_department = "cost_centre__department"
    audited: ClassVar[bool] = False

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name=_("company"))
    cost_centre = models.ForeignKey(CostCentre, models.PROTECT, related_name="+", verbose_name=_("cost centre"))

    class Meta:
        verbose_name = _("dimension set")
        verbose_name_plural = _("dimension sets")
        ordering = ["company", "cost_centre"]
        constraints = [models.UniqueConstraint(fields=["company", "cost_centre"], name="dimension_set_once")]

    def __str__(self) -> str:
        return str(self.cost_centre)


def _person(words: Any) -> Any:
    """A user without a foreign key of the database; the guards ask for whoever posted."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        db_index=False,
        db_constraint=False,
        verbose_name=words,
    )


class JournalEntry(Document):
    """One balanced booking; once posted it is final and can only be reversed by its mirror."""

    scope_department = "lines__dimension_set__cost_centre__department"
    audit_insert_when: ClassVar[str] = "NEW.state <> 'posted'"

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for review")
        POSTED = "posted", _("Posted")
        VOID = "void", _("Discarded")

    flow = Flow(
        State.DRAFT,
        submit=move(
            State.DRAFT,
            State.SUBMITTED,
            label=_("Send for review"),
            icon="send",
            primary=True,
            done=_("Sent for review"),
        ),
        send_back=move(State.SUBMITTED, State.DRAFT, label=_("Return"), icon="undo-2", key="r", done=_("Returned")),
        post=move(
            State.SUBMITTED,
            State.POSTED,
            icon="check",
            key="a",
            primary=True,
            apart=("entered_by", "changed_by"),
            done=_("Posted"),
        ),
        discard=move(State.DRAFT, State.VOID, icon="trash-2", danger=True, done=_("Discarded")),
        reverse=move(State.POSTED, None, icon="undo-2", danger=True, done=_("Reversed by a mirror entry")),
    )
    state = StateField(State)
    # What all posters share (company, journal, period, accounts) has no foreign key here: each one would lock
    # the shared row, and four posters then get less done together. The guards check the same, set-based, and
    # refuse that a referenced row is deleted (sql/guards.sql, rules 3, 4 and 6).
    company = models.ForeignKey(
        Company, models.PROTECT, related_name="+", db_index=False, db_constraint=False, verbose_name=_("company")
    )
    entered_by = _person(_("entered by"))
    changed_by = _person(_("last changed by"))
    journal = models.ForeignKey(
        Journal,
        models.PROTECT,
        related_name="entries",
        db_index=False,
        db_constraint=False,
        verbose_name=_("journal"),
    )
    period = models.ForeignKey(
        Period, models.PROTECT, related_name="entries", db_constraint=False, verbose_name=_("period")
    )
    on = models.DateField(_("date"), db_column="entry_date")
    document_on = models.DateField(_("paper's date"), null=True, blank=True)
    text = models.CharField(_("reason"), max_length=200)
    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="mirror", verbose_name=_("reverses")
    )
    origin_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    origin_id = models.BigIntegerField(null=True, editable=False)
    origin = GenericForeignKey("origin_type", "origin_id")
    event = models.CharField(max_length=16, default="post", editable=False)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("posted by"),
    )
    posted_at = models.DateTimeField(_("posted at"), null=True, editable=False)
    seal = models.BinaryField(max_length=32, null=True, editable=False)
    seal_key = models.CharField(max_length=16, blank=True, editable=False)
    born = TransactionIdField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        ordering = ["-on", "-id"]
        indexes = [
            models.Index(fields=["company", "-on", "-id"]),
            models.Index(
                fields=["company", "-on", "-id"], condition=~Q(state="posted"), name="journal_entry_not_posted"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="journal_entry_state_is_known", condition=Q(state__in=["draft", "submitted", "posted", "void"])
            ),
            models.UniqueConstraint(
                fields=["company", "number"], condition=~Q(number=""), name="journal_entry_number_once"
            ),
            models.UniqueConstraint(
                fields=["origin_type", "origin_id", "event"],
                condition=Q(origin_id__isnull=False),
                name="journal_entry_once_an_event_of_its_origin",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"Journal entry (draft {self.pk or 'new'})"

    @property
    def is_reversed(self) -> bool:
        return JournalEntry.objects.filter(reversal_of=self).exists()


class JournalLine(Model):
    """One side of an entry; `on` is set when the line is in the books and empty while it is a draft."""

    scope_company = "entry__company"
    scope_department = "dimension_set__cost_centre__department"
    audit_insert_when: ClassVar[str] = "NEW.entry_date IS NULL"

    # the statement trigger stands for the foreign keys of entry and account (sql/guards.sql, rules 1, 3 and 6)
    entry = models.ForeignKey(
        JournalEntry, models.CASCADE, related_name="lines", db_constraint=False, verbose_name=_("entry")
    )
    place = models.PositiveSmallIntegerField(_("line"))
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="lines", db_index=False, db_constraint=False, verbose_name=_("account")
    )
    party = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="journal_lines",
        db_index=False,
        verbose_name=_("party"),
    )
    dimension_set = models.ForeignKey(
        DimensionSet,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name=_("dimensions"),
        db_index=False,
    )
    text = models.CharField(_("description"), max_length=200, blank=True)
    debit = Amount(_("debit"))
    credit = Amount(_("credit"))
    currency = models.CharField(_("currency"), max_length=3)
    currency_debit = Amount(_("debit in currency"))
    currency_credit = Amount(_("credit in currency"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    on = models.DateField(_("date"), null=True, editable=False, db_column="entry_date")

    class Meta:
        verbose_name = _("journal line")
        verbose_name_plural = _("journal lines")
        ordering = ["entry", "place"]
        indexes = [
            models.Index(fields=["account", "on", "id"], name="journal_line_ledger_page"),
            models.Index(
                fields=["party", "on", "id"], condition=Q(party__isnull=False), name="journal_line_party_page"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="journal_line_has_one_side",
                condition=Q(debit__gte=0, credit__gte=0, currency_debit__gte=0, currency_credit__gte=0)
                & (Q(debit=0, currency_debit=0) | Q(credit=0, currency_credit=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}.{self.place}"


class Balance(Model):
    """What an account gathered in a period, by dimensions and currency; written by the database alone."""

    scope_company = "account__company"
    scope_department = "dimension_set__cost_centre__department"
    audited: ClassVar[bool] = False
    written_by_triggers: ClassVar[bool] = True

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="balances", db_index=False, verbose_name=_("account")
    )
    period = models.ForeignKey(Period, models.PROTECT, related_name="balances", verbose_name=_("period"))
    dimension_set = models.ForeignKey(
        DimensionSet, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("dimensions")
    )
    currency = models.CharField(_("currency"), max_length=3)
    debit = Amount(_("debit"))
    credit = Amount(_("credit"))
    currency_debit = Amount(_("debit in currency"))
    currency_credit = Amount(_("credit in currency"))

    class Meta:
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        ordering = ["account", "period", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "period", "dimension_set", "currency"], name="balance_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}/{self.period_id}"


class OpenItem(Model):
    """What a party owes or is owed by one line; signed, debit positive; rests shrink by allocations only."""

    scope_department = "line__entry__lines__dimension_set__cost_centre__department"
    audited: ClassVar[bool] = False
    written_by_triggers: ClassVar[bool] = True
    application_updates: ClassVar[tuple[str, ...]] = ("due_on",)  # terms may be prolonged; locking needs one column

    line = models.OneToOneField(JournalLine, models.PROTECT, related_name="open_item", verbose_name=_("line"))
    company = models.ForeignKey(
        Company, models.PROTECT, related_name="+", db_constraint=False, verbose_name=_("company")
    )
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="open_items", db_constraint=False, verbose_name=_("account")
    )
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="open_items", verbose_name=_("party"))
    currency = models.CharField(_("currency"), max_length=3)
    on = models.DateField(_("date"), db_column="entry_date")
    due_on = models.DateField(_("due"))
    amount = Amount(_("amount"))
    amount_company = Amount(_("amount in company currency"))
    rest = Amount(_("open"))
    rest_company = Amount(_("open in company currency"))

    class Meta:
        verbose_name = _("open item")
        verbose_name_plural = _("open items")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["account", "due_on"], condition=~Q(rest=0) | ~Q(rest_company=0), name="open_item_not_settled"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="open_item_rest_within_amount",
                condition=Q(amount__gte=0, rest__gte=0, rest__lte=F("amount"))
                | Q(amount__lte=0, rest__lte=0, rest__gte=F("amount")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rest} {self.currency}"


class Allocation(Model):
    """A debit item and a credit item settle each other; undone by a mirror with negative amounts, never deleted."""

    scope_company = "debit_item__company"
    audited: ClassVar[bool] = False

    debit_item = models.ForeignKey(
        OpenItem, models.PROTECT, related_name="debit_allocations", verbose_name=_("debit item")
    )
    credit_item = models.ForeignKey(
        OpenItem, models.PROTECT, related_name="credit_allocations", verbose_name=_("credit item")
    )
    on = models.DateField(_("date"), db_column="allocated_on")
    amount = Amount(_("amount in currency"))
    debit_company = Amount(_("debit side in company currency"))
    credit_company = Amount(_("credit side in company currency"))
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by", verbose_name=_("undoes"))
    difference_entry = models.ForeignKey(
        JournalEntry, models.PROTECT, null=True, related_name="+", verbose_name=_("exchange difference")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="allocation_has_an_amount_of_one_sign",
                condition=Q(undoes__isnull=True, amount__gt=0) | Q(undoes__isnull=False, amount__lt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.debit_item_id}–{self.credit_item_id}: {self.amount}"


class PostingDocument(Document):
    """A document that becomes a journal entry when it is posted; its number is the entry's number."""

    entry = models.OneToOneField(
        JournalEntry, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("journal entry")
    )

    journal_code: ClassVar[str] = Journal.Code.GENERAL
    posting: Any = None  # what the verb hands to `posting.write`

    class Meta:
        abstract = True

    @property
    def accounting_on(self) -> date:
        """The day in whose period it is posted."""
        raise NotImplementedError
