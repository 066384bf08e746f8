"""Companies, departments and cost centres."""

from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model


class Company(Model):
    """A legal entity that keeps its own books in one currency."""

    scope_company = "pk"

    class LatePosting(models.TextChoices):
        STRICT = "strict", _("Refuse")
        NEXT_OPEN = "next_open", _("Post on the first open day, keep the paper's date")

    name = models.CharField(_("legal name"), max_length=120, unique=True)
    short_name = models.CharField(_("short name"), max_length=40)
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166 code"))
    currency = models.CharField(_("currency"), max_length=3, help_text=_("ISO 4217 code; the books are kept in it"))
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/London")
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    registration_number = models.CharField(_("registration number"), max_length=30, blank=True)
    street = models.CharField(_("street"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    late_posting = models.CharField(
        _("posting into a closed period"), max_length=12, choices=LatePosting.choices, default=LatePosting.STRICT
    )

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="company_currency_is_iso", condition=Q(currency__regex=r"^[A-Z]{3}$")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def initials(self) -> str:
        """Two letters for the mark in the corner, e.g. CW for Calder & Wren."""
        words = [word for word in self.short_name.split() if word[0].isalnum()]
        return "".join(word[0] for word in words[:2]).upper()


class Department(Model):
    """A part of a company that has a head; rights may be limited to it."""

    scope_department = "pk"

    company = models.ForeignKey(Company, models.PROTECT, related_name="departments", verbose_name=_("company"))
    code = models.CharField(_("code"), max_length=12)
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["company", "code"]
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="department_code_once_a_company")]

    def __str__(self) -> str:
        return self.name


class CostCentre(Model):
    """Where costs are gathered; belongs to at most one department."""

    scope_department = "department"

    company = models.ForeignKey(Company, models.PROTECT, related_name="cost_centres", verbose_name=_("company"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="cost_centres", verbose_name=_("department")
    )
    code = models.CharField(_("code"), max_length=12)
    name = models.CharField(_("name"), max_length=60)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("cost centre")
        verbose_name_plural = _("cost centres")
        ordering = ["company", "code"]
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="cost_centre_code_once_a_company")]

    def __str__(self) -> str:
        return self.name
