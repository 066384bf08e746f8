"""Persons, what is private about them, and where their pay goes."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.core.encryption import EncryptedField, fingerprint
from backoffice.core.flow import Flow, StateField, move
from backoffice.core.models import Model
from backoffice.documents.models import Document, OrderedId
from backoffice.organisation.models import Company
from backoffice.parties import identifiers
from hr.people import nino
from hr.people.models.days import working_in


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

    def clean_for(self, user: Any) -> None:
        """Nobody takes a record for their own: the own record shows pay. Raises `ValidationError`."""
        if self.user_id is None or self.user_id != getattr(user, "pk", None):
            return
        if self.pk is None or not Person.objects.filter(pk=self.pk, user=self.user_id).exists():
            raise ValidationError({"user": _("Somebody else must link your own sign-in.")})

    @classmethod
    def in_departments(cls, departments: set[int]) -> Q:
        """Persons who work in one of these departments today."""
        found = cls._base_manager.filter(working_in(departments, "employments__assignments__", "employments__"))
        return Q(pk__in=found.values("pk"))

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

    named_by: ClassVar[tuple[str, ...]] = ("person",)
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
