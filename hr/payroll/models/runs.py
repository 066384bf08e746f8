"""The payroll run, its payslips and their lines."""

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from backoffice.core.flow import Flow, StateField, move
from backoffice.core.models import Model
from backoffice.organisation.models import CostCentre, Department
from finance.ledger.models import Amount, PostingDocument
from hr.people.models import Employment


class PayrollRun(PostingDocument):
    """The pay of a company for a month: calculated by one, approved by another, posted as one entry, then paid.

    `calculation` counts how often it was calculated; the amounts are sums of its payslips, in company currency.
    """

    journal_code: ClassVar[str] = "WAGE"
    papers_right: ClassVar[str] = "payroll.view_payslip"  # what is filed with a run, or said of it, is about people
    # Two totals of which one person makes the difference would tell what that person is paid.
    audit_ignore: ClassVar[tuple[str, ...]] = ("people", "gross", "deductions", "employer", "net")
    state_tones: ClassVar[dict[str, tuple[str, str]]] = {
        "draft": ("idle", "pencil"),
        "calculating": ("busy", "refresh-cw"),
        "calculated": ("wait", "eye"),
        "submitted": ("wait", "user-check"),
        "approved": ("good", "check"),
        "posted": ("good", "circle-check"),
        "paid": ("good", "banknote"),
        "reversed": ("idle", "undo-2"),
        "discarded": ("idle", "trash-2"),
    }

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CALCULATING = "calculating", _("Calculating")
        CALCULATED = "calculated", _("Calculated")
        SUBMITTED = "submitted", _("Waits for approval")
        APPROVED = "approved", _("Approved")
        POSTED = "posted", _("Posted")
        PAID = "paid", _("Paid")
        REVERSED = "reversed", _("Reversed")
        DISCARDED = "discarded", _("Discarded")

    flow = Flow(
        State.DRAFT,
        calculate=move(
            [State.DRAFT, State.CALCULATED],
            State.CALCULATING,
            label=_("Calculate"),
            icon="refresh-cw",
            key="c",
            done=_("Started the calculation"),
        ),
        pause=move(
            State.CALCULATING,
            State.DRAFT,
            label=_("Pause"),
            icon="pause",
            done=_("Paused: what is calculated stays, calculate goes on from there"),
        ),
        conclude=move(State.CALCULATING, State.CALCULATED, system=True, done=_("Everybody is calculated")),
        submit=move(
            State.CALCULATED,
            State.SUBMITTED,
            label=_("Submit for approval"),
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
            apart=("entered_by", "prepared_by"),
            done=_("Approved"),
        ),
        accept=move(State.SUBMITTED, State.APPROVED, system=True, done=_("All approvals given")),
        send_back=move(
            State.SUBMITTED, State.CALCULATED, label=_("Return"), icon="undo-2", key="r", done=_("Returned")
        ),
        withdraw=move(State.SUBMITTED, State.CALCULATED, label=_("Withdraw"), icon="undo-2", done=_("Withdrawn")),
        post=move(
            State.APPROVED,
            State.POSTED,
            label=_("Post"),
            icon="book-open",
            primary=True,
            done=_("Posted"),
            confirm=_("Books the entry and makes the payslips final: they can only be reversed afterwards."),
        ),
        settle=move(State.POSTED, State.PAID, system=True, done=_("Paid")),
        unsettle=move(State.PAID, State.POSTED, system=True, done=_("A payment was taken back")),
        reverse=move(
            [State.POSTED],
            State.REVERSED,
            label=_("Reverse"),
            icon="undo-2",
            danger=True,
            done=_("Reversed"),
            confirm=_("Books the mirror of the entry and takes the payslips back; a new run can then replace it."),
        ),
        discard=move(
            [State.DRAFT, State.CALCULATED], State.DISCARDED, icon="trash-2", danger=True, done=_("Discarded")
        ),
    )
    state = StateField(State)
    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(_("month"), choices=list(MONTHS.items()))
    pay_on = models.DateField(_("pay day"))
    currency = models.CharField(_("currency"), max_length=3, editable=False)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("calculated by"),
    )
    prepared_at = models.DateTimeField(_("calculation started"), null=True, editable=False)
    concluded_at = models.DateTimeField(_("calculation ended"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("approved by"),
    )
    calculation = models.PositiveIntegerField(_("calculations"), default=0, editable=False)
    parameters_digest = models.CharField(_("set of parameters"), max_length=16, blank=True, editable=False)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="replaced_by", verbose_name=_("replaces")
    )
    people = models.PositiveIntegerField(_("people"), default=0, editable=False)
    gross = Amount(_("gross pay"), default=0, editable=False)
    deductions = Amount(_("deductions"), default=0, editable=False)
    employer = Amount(_("employer's share"), default=0, editable=False)
    net = Amount(_("net to pay"), default=0, editable=False)

    class Meta:
        verbose_name = _("payroll run")
        verbose_name_plural = _("payroll runs")
        ordering = ["-pay_on", "-id"]
        indexes = [models.Index(fields=["company", "-pay_on", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "year", "month"],
                condition=~Q(state__in=["reversed", "discarded"]),
                name="payroll_run_once_a_month",
            ),
            models.CheckConstraint(
                name="payroll_run_approved_by_another",
                condition=Q(approved_by=None) | (~Q(approved_by=F("prepared_by")) & ~Q(approved_by=F("entered_by"))),
            ),
            models.CheckConstraint(name="payroll_run_month_is_one", condition=Q(month__range=(1, 12))),
            models.CheckConstraint(
                name="payroll_run_state_is_known",
                condition=Q(
                    state__in=[
                        "draft", "calculating", "calculated", "submitted", "approved", "posted", "paid", "reversed",
                        "discarded",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="payroll_run_posted_was_approved",
                condition=~Q(state__in=["approved", "posted", "paid", "reversed"]) | Q(approved_by__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return _now("Payroll, %(month)s %(year)s") % {"month": MONTHS.get(self.month, ""), "year": self.year or ""}

    @property
    def accounting_on(self) -> date:
        return self.pay_on

    @property
    def first_day(self) -> date:
        """The first day that is paid for."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day that is paid for."""
        return (self.first_day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


class RunChunk(Model):
    """Some of the people of a calculation, done by one worker in one transaction: wholly or not at all."""

    scope_company: ClassVar[str] = "run__company"
    audited: ClassVar[bool] = False

    run = models.ForeignKey(PayrollRun, models.CASCADE, related_name="chunks", verbose_name=_("payroll run"))
    calculation = models.PositiveIntegerField(_("calculation"))
    place = models.PositiveIntegerField(_("place"))
    employments = ArrayField(models.BigIntegerField(), verbose_name=_("employments"))
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        verbose_name = _("part of a payroll run")
        verbose_name_plural = _("parts of payroll runs")
        ordering = ["run", "calculation", "place"]
        constraints = [models.UniqueConstraint(fields=["run", "calculation", "place"], name="run_chunk_once")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.calculation}/{self.place}"


class Payslip(Model):
    """What one employment is paid in a run; amounts in the currency of the run, final once the run is posted.

    `inputs` is what it was reckoned from, `input_hash` names inputs, figures and pack, `result_hash` the outcome.
    """

    scope_company: ClassVar[str] = "run__company"
    audited: ClassVar[bool] = False
    state_tones: ClassVar[dict[str, tuple[str, str]]] = {
        "ok": ("good", "circle-check"),
        "warning": ("wait", "triangle-alert"),
        "error": ("bad", "circle-x"),
    }

    class State(models.TextChoices):
        OK = "ok", _("Calculated")
        WARNING = "warning", _("To check")
        ERROR = "error", _("Failed")

    run = models.ForeignKey(
        PayrollRun, models.PROTECT, related_name="payslips", db_index=False, verbose_name=_("payroll run")
    )
    employment = models.ForeignKey(Employment, models.PROTECT, related_name="payslips", verbose_name=_("employment"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("department")
    )
    cost_centre = models.ForeignKey(
        CostCentre, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("cost centre")
    )
    split = models.JSONField(_("days by cost centre"), default=list)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OK)
    flags = models.JSONField(_("what to look at"), default=list)
    tax_code = models.CharField(_("tax code"), max_length=12, blank=True)
    gross = Amount(_("gross pay"), default=0)
    deductions = Amount(_("deductions"), default=0)
    employer = Amount(_("employer's share"), default=0)
    net = Amount(_("net pay"), default=0)
    net_before = Amount(_("net pay before"), null=True)
    inputs = models.JSONField(_("inputs"), default=dict)
    input_hash = models.CharField(_("name of the inputs"), max_length=64)
    result_hash = models.CharField(_("name of the outcome"), max_length=64, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("seen by")
    )

    class Meta:
        verbose_name = _("payslip")
        verbose_name_plural = _("payslips")
        ordering = ["run", "employment"]
        indexes = [
            models.Index(fields=["run", "state", "id"], condition=~Q(state="ok"), name="payslip_to_check"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["run", "employment"], name="payslip_once_a_run"),
            models.CheckConstraint(name="payslip_state_is_known", condition=Q(state__in=["ok", "warning", "error"])),
            models.CheckConstraint(name="payslip_adds_up", condition=Q(net=F("gross") - F("deductions"))),
        ]

    def __str__(self) -> str:
        return _now("Payslip %(id)s") % {"id": self.pk or ""}  # names nobody: it stands in crumbs and notices


class PayslipLine(Model):
    """One element of a payslip with its trace: what it was reckoned from, which figures applied, how it was rounded."""

    scope_company: ClassVar[str] = "payslip__run__company"
    audited: ClassVar[bool] = False

    payslip = models.ForeignKey(Payslip, models.PROTECT, related_name="lines", verbose_name=_("payslip"))
    place = models.PositiveSmallIntegerField(_("place"))
    code = models.CharField(_("element"), max_length=24)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12)
    amount = Amount(_("amount"))
    trace = models.JSONField(_("how it came about"), default=list)  # pairs, since JSON of the database forgets order

    class Meta:
        verbose_name = _("line of a payslip")
        verbose_name_plural = _("lines of payslips")
        ordering = ["payslip", "place"]

    def __str__(self) -> str:
        return self.name


class LeftOut(Model):
    """Somebody who is not paid in a run, by whom and why."""

    scope_company: ClassVar[str] = "run__company"
    guarded_history: ClassVar[bool] = True

    run = models.ForeignKey(PayrollRun, models.CASCADE, related_name="left_out", verbose_name=_("payroll run"))
    employment = models.ForeignKey(Employment, models.PROTECT, related_name="+", verbose_name=_("employment"))
    reason = models.CharField(_("reason"), max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("person left out of a run")
        verbose_name_plural = _("people left out of runs")
        ordering = ["run", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "employment"], name="left_out_once_a_run")]

    def __str__(self) -> str:
        return self.reason
