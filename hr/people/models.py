"""Persons, their employments, and what holds from which day: assignments and pay rates.

A person is who somebody is; an employment is the contract with the company; an assignment says what
the person does in it. Assignments and pay rates are rows with dates: a change is a new row, the row
before ends where the new one begins, and the database refuses two that hold on one day.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.core.encryption import EncryptedField, fingerprint
from backoffice.core.flow import Flow, StateField, move
from backoffice.core.models import Model
from backoffice.documents.models import Document, OrderedId
from backoffice.organisation.models import Company, CostCentre, Department
from backoffice.parties import identifiers
from hr.people import nino


class Whole(Func):
    """A key as a range of one: lets an exclusion constraint say "the same" without an extension of the database."""

    function = "int8range"

    def __init__(self, key: str) -> None:
        super().__init__(F(key), F(key), Value("[]"))


class Days(Func):
    """The days from one date up to another; `bounds` says whether the last is included, no last day is for ever."""

    function = "daterange"

    def __init__(self, first: str, last: str, bounds: str = "[)") -> None:
        super().__init__(F(first), F(last), Value(bounds))


class Person(Model):
    """Who somebody is: one row a person, whatever the number of employments; the name is all that colleagues see."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="persons", verbose_name=_("company"))
    ref = models.UUIDField(_("reference"), db_default=OrderedId(), unique=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    first_names = models.CharField(_("first names"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=60)
    known_as = models.CharField(_("known as"), max_length=40, blank=True, help_text=_("When not by the first name"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="persons",
        verbose_name=_("sign-in"),
        help_text=_("The user who sees this record as their own"),
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        ordering = ["last_name", "first_names", "id"]
        indexes = [models.Index(fields=["company", "last_name", "first_names", "id"])]
        constraints = [
            models.UniqueConstraint(fields=["company", "user"], name="person_has_a_sign_in_of_their_own"),
            models.CheckConstraint(name="person_has_a_name", condition=~Q(last_name="")),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def in_departments(cls, departments: set[int]) -> Q:
        """Persons who work in one of these departments today."""
        return Q(pk__in=working_in(departments).values("employment__person"))

    @property
    def name(self) -> str:
        """As colleagues say it: Daniel Osei."""
        return f"{self.known_as or self.first_names} {self.last_name}".strip()


class PrivateDetails(Model):
    """What only the officers of people and pay may read of a person: birth, home, private contact, insurance number.

    A row of its own with a right of its own, so that no list, export or search of persons can carry it by mistake.
    """

    scope_company = "person__company"
    audit_ignore: ClassVar[tuple[str, ...]] = ("national_insurance_number", "national_insurance_fingerprint")
    guarded_history: ClassVar[bool] = True

    person = models.OneToOneField(Person, models.CASCADE, related_name="private", verbose_name=_("person"))
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    email = models.EmailField(_("private e-mail"), blank=True)
    phone = models.CharField(_("private phone"), max_length=40, blank=True)
    street = models.CharField(_("street"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    country = models.CharField(_("country"), max_length=2, default="GB", help_text=_("ISO 3166 code"))
    national_insurance_number = EncryptedField(_("national insurance number"), blank=True)
    national_insurance_fingerprint = models.CharField(max_length=64, blank=True, editable=False, db_index=True)

    class Meta:
        verbose_name = _("private details")
        verbose_name_plural = _("private details")
        ordering = ["person"]
        indexes = [models.Index(fields=["born_on"])]

    def __str__(self) -> str:
        return str(self.person)

    def clean(self) -> None:
        """One spelling for the insurance number; refuses one that HMRC would not issue."""
        self.national_insurance_number = nino.plain(self.national_insurance_number or "")
        self.country = self.country.strip().upper()
        if self.national_insurance_number and not nino.valid(self.national_insurance_number):
            raise ValidationError(
                {"national_insurance_number": _("This is not a national insurance number, such as AB 12 34 56 C.")}
            )

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the fingerprint in step with the number."""
        self.mark()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def mark(self) -> None:
        """Set the fingerprint by which the encrypted number is found again; bulk writers call it themselves."""
        number = nino.plain(self.national_insurance_number or "")
        self.national_insurance_number = number
        self.national_insurance_fingerprint = fingerprint(number) if number else ""

    @property
    def address(self) -> list[str]:
        """The lines of the address that are filled in."""
        return [line for line in (self.street, f"{self.postcode} {self.city}".strip(), self.country) if line]


class PersonBankAccount(Document):
    """Where a person's pay goes: entered by one, confirmed by another; only the confirmed one is paid to."""

    audit_ignore: ClassVar[tuple[str, ...]] = ("iban", "fingerprint")
    state_tones: ClassVar[dict[str, tuple[str, str]]] = {
        "entered": ("wait", "user-check"),
        "confirmed": ("good", "circle-check"),
    }

    class State(models.TextChoices):
        ENTERED = "entered", _("Waits for confirmation")
        CONFIRMED = "confirmed", _("Confirmed")
        REPLACED = "replaced", _("Replaced")
        REFUSED = "refused", _("Refused")

    flow = Flow(
        State.ENTERED,
        confirm=move(
            State.ENTERED,
            State.CONFIRMED,
            label=_("Confirm"),
            icon="check",
            primary=True,
            apart=("entered_by", "changed_by"),
            done=_("Confirmed"),
            confirm=_("Confirm only what you checked with the person or on their paper."),
        ),
        refuse=move(State.ENTERED, State.REFUSED, label=_("Refuse"), icon="x", danger=True, done=_("Refused")),
        replace=move(State.CONFIRMED, State.REPLACED, system=True, done=_("Replaced")),
    )
    state = StateField(State)
    person = models.ForeignKey(Person, models.PROTECT, related_name="bank_accounts", verbose_name=_("person"))
    holder = models.CharField(_("account holder"), max_length=120)
    iban = EncryptedField(_("IBAN"))
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    ending = models.CharField(_("ends in"), max_length=4, editable=False)
    fingerprint = models.CharField(max_length=64, editable=False, db_index=True)

    class Meta:
        verbose_name = _("person's bank account")
        verbose_name_plural = _("persons' bank accounts")
        ordering = ["person", "-id"]
        indexes = [models.Index(fields=["company", "state", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="confirmed"), name="person_paid_to_one_account"
            ),
            models.CheckConstraint(
                name="person_bank_account_state_is_known",
                condition=Q(state__in=["entered", "confirmed", "replaced", "refused"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.masked}" if self.person_id else super().__str__()

    @property
    def masked(self) -> str:
        """What screens and lists show of the number."""
        return f"•• {self.ending}"

    def clean(self) -> None:
        """Refuse an IBAN or BIC whose check digits are wrong."""
        self.iban = identifiers.plain(self.iban)
        if not identifiers.valid("iban", self.iban):
            raise ValidationError({"iban": _("The check digits of this IBAN do not agree.")})
        if self.bic and not identifiers.valid("bic", self.bic):
            raise ValidationError({"bic": _("This is not a BIC.")})

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the digits that are shown and the fingerprint in step with the number."""
        self.mark()
        super().save(*args, **kwargs)

    def mark(self) -> None:
        """Set the ending and the fingerprint; bulk writers call it themselves."""
        self.iban = identifiers.plain(self.iban)
        self.ending, self.fingerprint = self.iban[-4:], fingerprint(self.iban)


class Employment(Document):
    """The contract of a person with the company, from its first day to its last; who comes back has another.

    `ends_on` is the last day that is still employed. `access_ends_at` is the moment from which the person
    can no longer sign in. `continuous_from` is the start of continuous service, which may lie before. Its papers
    are contracts and letters: whoever may not read private details may not read them either.
    """

    papers_right: ClassVar[str] = "people.view_privatedetails"

    state_tones: ClassVar[dict[str, tuple[str, str]]] = {
        "prehire": ("wait", "clock"),
        "active": ("good", "circle-check"),
        "notice": ("wait", "calendar"),
        "left": ("idle", "log-out"),
    }

    class State(models.TextChoices):
        PREHIRE = "prehire", _("Starting")
        ACTIVE = "active", _("Active")
        NOTICE = "notice", _("Leaving")
        LEFT = "left", _("Left")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    flow = Flow(
        State.PREHIRE,
        begin=move(State.PREHIRE, State.ACTIVE, system=True, done=_("Started")),
        withdraw=move(
            State.PREHIRE,
            State.WITHDRAWN,
            label=_("Withdraw"),
            icon="x",
            danger=True,
            done=_("Does not start"),
            confirm=_("The employment never begins. The person stays on record."),
        ),
        give_notice=move(
            [State.ACTIVE, State.NOTICE], State.NOTICE, label=_("Give notice"), icon="log-out", done=_("Notice entered")
        ),
        change_assignment=move(
            [State.PREHIRE, State.ACTIVE, State.NOTICE],
            None,
            label=_("Change assignment"),
            icon="pencil",
            done=_("Assignment changed"),
        ),
        cancel_assignment=move(
            [State.PREHIRE, State.ACTIVE, State.NOTICE],
            None,
            label=_("Take back a change"),
            icon="undo-2",
            danger=True,
            done=_("The change that lay ahead is taken back"),
        ),
        withdraw_notice=move(
            State.NOTICE, State.ACTIVE, label=_("Withdraw notice"), icon="undo-2", done=_("Stays employed")
        ),
        depart=move(State.NOTICE, State.LEFT, system=True, done=_("Left")),
        leave=move(
            State.NOTICE,
            State.LEFT,
            label=_("Leave now"),
            icon="log-out",
            danger=True,
            done=_("Left"),
            confirm=_("Ends the employment on its last day and tells IT to ask for equipment."),
        ),
    )
    state = StateField(State)
    person = models.ForeignKey(Person, models.PROTECT, related_name="employments", verbose_name=_("person"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    continuous_from = models.DateField(_("continuous service from"))
    access_ends_at = models.DateTimeField(_("access ends"), null=True, blank=True)
    access_ended_at = models.DateTimeField(_("access ended"), null=True, editable=False)
    notice_reason = models.CharField(_("reason for leaving"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("employment")
        verbose_name_plural = _("employees")
        ordering = ["number", "id"]
        indexes = [
            models.Index(fields=["company", "state", "number", "id"]),
            models.Index(fields=["company", "starts_on", "ends_on"]),
            models.Index(
                fields=["access_ends_at"], condition=Q(access_ended_at__isnull=True), name="employment_access_to_end"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="employment_number_once"),
            models.CheckConstraint(name="employment_has_a_number", condition=~Q(number="")),
            models.CheckConstraint(
                name="employment_ends_after_it_starts", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="employment_service_starts_first", condition=Q(continuous_from__lte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="employment_state_is_known",
                condition=Q(state__in=["prehire", "active", "notice", "left", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="employment_that_ends_has_a_last_day",
                condition=~Q(state__in=["notice", "left"]) | Q(ends_on__isnull=False),
            ),
            ExclusionConstraint(
                name="employment_one_at_a_time",
                expressions=[
                    (Whole("person"), RangeOperators.OVERLAPS),
                    (Days("starts_on", "ends_on", "[]"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(state="withdrawn"),
                violation_error_message=_("This person is employed here in that time already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.person}" if self.person_id else super().__str__()

    @classmethod
    def in_departments(cls, departments: set[int]) -> Q:
        """Employments that are assigned to one of these departments today."""
        return Q(pk__in=working_in(departments).values("employment"))

    def runs(self, on: date) -> bool:
        """Whether the person is employed on this day."""
        is_over = self.ends_on is not None and self.ends_on < on
        return self.state != self.State.WITHDRAWN and self.starts_on <= on and not is_over


class Dated(models.Model):
    """A row that holds from a day up to, but not including, another; without the other it holds until further notice."""

    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("up to"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def holds(self, on: date) -> bool:
        """Whether the row holds on this day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds."""
        return None if self.valid_to is None else self.valid_to - timedelta(days=1)


class Assignment(Dated, Model):
    """What somebody does in an employment from a day on: job, department, manager, hours."""

    scope_company = "employment__company"

    employment = models.ForeignKey(Employment, models.CASCADE, related_name="assignments", verbose_name=_("employment"))
    job_title = models.CharField(_("job title"), max_length=80)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("department"))
    cost_centre = models.ForeignKey(CostCentre, models.PROTECT, related_name="+", verbose_name=_("cost centre"))
    manager = models.ForeignKey(
        Employment, models.PROTECT, null=True, blank=True, related_name="managed", verbose_name=_("manager")
    )
    grade = models.CharField(_("grade"), max_length=12, blank=True)
    weekly_hours = models.DecimalField(_("hours a week"), max_digits=5, decimal_places=2, default=Decimal("37.5"))
    fte = models.DecimalField(
        _("full-time equivalent"),
        max_digits=5,
        decimal_places=4,
        default=Decimal(1),
        help_text=_("1 is full time, 0.6 three days of five"),
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["employment", "valid_from"]
        indexes = [models.Index(fields=["employment", "valid_from"])]
        constraints = [
            models.CheckConstraint(
                name="assignment_ends_after_it_starts", condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from"))
            ),
            models.CheckConstraint(
                name="assignment_hours_are_possible", condition=Q(weekly_hours__gte=0, weekly_hours__lte=168)
            ),
            models.CheckConstraint(name="assignment_fte_is_possible", condition=Q(fte__gt=0, fte__lte=2)),
            models.CheckConstraint(
                name="assignment_not_managed_by_oneself", condition=Q(manager=None) | ~Q(manager=F("employment"))
            ),
            ExclusionConstraint(
                name="assignment_one_at_a_time",
                expressions=[
                    (Whole("employment"), RangeOperators.OVERLAPS),
                    (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Another assignment holds in that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_title}, {self.department}"

    @classmethod
    def in_departments(cls, departments: set[int]) -> Q:
        """The assignments, earlier and later ones too, of those who are in one of these departments today."""
        return Q(employment__in=working_in(departments).values("employment"))


def working_in(departments: set[int]) -> models.QuerySet[Assignment]:
    """The assignments by which somebody works in one of these departments today."""
    today = timezone.localdate()
    rows = Assignment.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=today),
        Q(employment__ends_on=None) | Q(employment__ends_on__gte=today),
        department__in=departments,
        valid_from__lte=today,
        employment__starts_on__lte=today,
    )
    return rows.exclude(employment__state=Employment.State.WITHDRAWN)


class PayRate(Dated, Document):
    """What is paid to an employment from a day on: proposed by one, approved by another; only approved rates count.

    Annual rates are for the hours of the assignment, not for full time; hourly rates are per paid hour. What was
    proposed is never altered (a guard of the database): another amount is another row. So the history need not
    repeat the amount, and nobody reads pay there who may not read it here.
    """

    audit_ignore: ClassVar[tuple[str, ...]] = ("amount",)
    guarded_history: ClassVar[bool] = True
    state_tones: ClassVar[dict[str, tuple[str, str]]] = {
        "proposed": ("wait", "user-check"),
        "approved": ("good", "circle-check"),
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for approval")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        CANCELLED = "cancelled", _("Cancelled")
        REPLACED = "replaced", _("Replaced")

    class Basis(models.TextChoices):
        ANNUAL = "annual", _("a year")
        HOURLY = "hourly", _("an hour")

    flow = Flow(
        State.PROPOSED,
        approve=move(
            State.PROPOSED,
            None,
            label=_("Approve"),
            icon="check",
            key="a",
            primary=True,
            apart=("entered_by", "changed_by"),
            done=_("Approved"),
        ),
        accept=move(State.PROPOSED, State.APPROVED, system=True, done=_("All approvals given")),
        send_back=move(State.PROPOSED, State.RETURNED, label=_("Return"), icon="undo-2", key="r", done=_("Returned")),
        withdraw=move(State.PROPOSED, State.WITHDRAWN, label=_("Withdraw"), icon="undo-2", done=_("Withdrawn")),
        drop=move(State.PROPOSED, State.WITHDRAWN, system=True, done=_("Fallen away with the employment")),
        cancel=move(
            State.APPROVED,
            State.CANCELLED,
            label=_("Cancel"),
            icon="x",
            danger=True,
            done=_("Cancelled"),
            confirm=_("The rate before it goes on holding."),
        ),
        replace=move(State.APPROVED, State.REPLACED, system=True, done=_("Replaced from its first day")),
    )
    state = StateField(State)
    employment = models.ForeignKey(Employment, models.PROTECT, related_name="pay_rates", verbose_name=_("employment"))
    basis = models.CharField(_("basis"), max_length=8, choices=Basis.choices, default=Basis.ANNUAL)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3, default="GBP", editable=False)
    reason = models.CharField(_("reason"), max_length=120)

    class Meta:
        verbose_name = _("pay rate")
        verbose_name_plural = _("pay rates")
        ordering = ["employment", "valid_from", "id"]
        indexes = [
            models.Index(fields=["employment", "state", "valid_from"]),
            models.Index(fields=["company", "state", "valid_from"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="pay_rate_ends_after_it_starts", condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from"))
            ),
            models.CheckConstraint(name="pay_rate_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="pay_rate_basis_is_known", condition=Q(basis__in=["annual", "hourly"])),
            models.CheckConstraint(name="pay_rate_currency_is_iso", condition=Q(currency__regex=r"^[A-Z]{3}$")),
            models.CheckConstraint(
                name="pay_rate_state_is_known",
                condition=Q(state__in=["proposed", "approved", "returned", "withdrawn", "cancelled", "replaced"]),
            ),
            ExclusionConstraint(
                name="pay_rate_one_at_a_time",
                expressions=[
                    (Whole("employment"), RangeOperators.OVERLAPS),
                    (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state="approved"),
                violation_error_message=_("Another rate holds in that time."),
            ),
        ]

    def __str__(self) -> str:
        # never the amount: this text stands in notices, crumbs and lists of others' work
        return f"{_('Pay')} {self.employment}" if self.employment_id else super().__str__()
