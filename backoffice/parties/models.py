"""Parties and their bank accounts."""

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from backoffice.core.encryption import EncryptedField, fingerprint
from backoffice.core.models import Model
from backoffice.organisation.models import Company
from backoffice.parties import identifiers


class Party(Model):
    """An organisation or person that a company deals with, as one legal entity."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", _("Organisation")
        PERSON = "person", _("Person")

    company = models.ForeignKey(Company, models.PROTECT, related_name="parties", verbose_name=_("company"))
    ref = models.UUIDField(_("reference"), db_default=Func(function="uuidv7"), unique=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.ORGANISATION)
    name = models.CharField(_("name"), max_length=120)
    legal_name = models.CharField(
        _("legal name"), max_length=160, blank=True, help_text=_("When it differs from the name")
    )
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    registration_number = models.CharField(_("registration number"), max_length=30, blank=True)
    street = models.CharField(_("street"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166 code, e.g. GB"))
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    currency = models.CharField(_("currency"), max_length=3, help_text=_("ISO 4217 code; proposed on documents"))
    payment_days = models.PositiveSmallIntegerField(
        _("payment days"), default=30, help_text=_("After the document's date")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["name", "id"]
        # the VAT number is not unique: members of a VAT group share one and are still parties of their own
        indexes = [
            models.Index(fields=["company", "name", "id"]),
            models.Index(fields=["company", "vat_number"], condition=~Q(vat_number=""), name="party_by_vat_number"),
        ]
        constraints = [
            models.CheckConstraint(name="party_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="party_currency_is_iso", condition=Q(currency__regex=r"^[A-Z]{3}$")),
            models.CheckConstraint(name="party_country_is_iso", condition=Q(country__regex=r"^[A-Z]{2}$")),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Bring numbers into one spelling and refuse a VAT number whose check digits are wrong."""
        self.vat_number = identifiers.plain(self.vat_number)
        self.country, self.currency = self.country.strip().upper(), self.currency.strip().upper()
        if self.vat_number and not identifiers.valid("vat", self.vat_number):
            raise ValidationError({"vat_number": _("The check digits of this VAT number do not agree.")})

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("parties:party", args=[self.pk])

    @property
    def title(self) -> str:
        """The heading of its screen."""
        return self.name

    @property
    def address(self) -> list[str]:
        """The lines of the address that are filled in."""
        town = f"{self.postcode} {self.city}".strip()
        return [line for line in (self.street, town, self.country) if line]


class PartyBankAccount(Model):
    """Where a party is paid; the number is encrypted and shown by its last four digits."""

    scope_company = "party__company"
    audit_ignore: ClassVar[tuple[str, ...]] = ("number",)

    party = models.ForeignKey(Party, models.CASCADE, related_name="bank_accounts", verbose_name=_("party"))
    number = EncryptedField(_("account number"), help_text=_("IBAN, or the local number with its bank code"))
    ending = models.CharField(_("ends in"), max_length=4, editable=False)
    fingerprint = models.CharField(max_length=64, editable=False, db_index=True)
    is_iban = models.BooleanField(_("is an IBAN"), default=False, editable=False)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    holder = models.CharField(_("account holder"), max_length=120, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )
    entered_at = models.DateTimeField(_("entered at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ["party", "id"]
        constraints = [
            models.UniqueConstraint(fields=["party", "fingerprint"], name="bank_account_once_a_party"),
        ]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        """What screens and lists show of the number."""
        return f"•• {self.ending}"

    def clean(self) -> None:
        """Refuse an IBAN or BIC whose check digits are wrong; a number that does not look like one stays as typed."""
        number = identifiers.plain(self.number)
        if looks_like_iban(number) and not identifiers.valid("iban", number):
            raise ValidationError({"number": _("The check digits of this IBAN do not agree.")})
        if self.bic and not identifiers.valid("bic", self.bic):
            raise ValidationError({"bic": _("This is not a BIC.")})

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the digits that are shown and the fingerprint in step with the number."""
        self.number = identifiers.plain(self.number)
        self.ending = self.number[-4:]
        self.fingerprint = fingerprint(self.number)
        self.is_iban = looks_like_iban(self.number)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


def looks_like_iban(number: str) -> bool:
    """Two letters and two digits in front: whoever writes that means an IBAN."""
    return len(number) >= 15 and number[:2].isalpha() and number[2:4].isdigit()
