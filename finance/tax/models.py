"""Tax codes, their dated rates, and the tax rows captured at posting."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model
from backoffice.organisation.models import Company
from finance.ledger.models import Amount, JournalEntry, Role


class TaxCode(Model):
    """How a line is taxed: one tax, or a group of taxes in a fixed order."""

    class Kind(models.TextChoices):
        PERCENT = "percent", _("Percentage of the base")
        PERCENT_OF_GROSS = "percent_of_gross", _("Percentage of the price with tax")
        FIXED_PER_UNIT = "fixed_per_unit", _("Fixed amount a unit")
        GROUP = "group", _("Group of taxes")

    company = models.ForeignKey(Company, models.PROTECT, related_name="tax_codes", verbose_name=_("company"))
    code = models.CharField(_("code"), max_length=12)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.PERCENT)
    included = models.BooleanField(_("prices include it"), default=False)
    adds_to_base = models.BooleanField(_("adds to the base of following taxes"), default=False)
    recoverable = models.DecimalField(
        _("recoverable percentage"), max_digits=5, decimal_places=2, default=100, help_text=_("On purchases")
    )
    is_reverse_charge = models.BooleanField(
        _("reverse charge"), default=False, help_text=_("Owed and recovered by the buyer; the supplier charges none")
    )
    role = models.CharField(_("account role"), max_length=16, choices=Role.choices, default=Role.VAT_IN)
    base_box = models.CharField(_("return box of the base"), max_length=8, blank=True)
    tax_box = models.CharField(_("return box of the tax"), max_length=8, blank=True)
    category = models.CharField(
        _("EN 16931 category"), max_length=2, default="S", help_text=_("UNCL 5305: S, Z, E, AE, K, G, O")
    )
    is_active = models.BooleanField(_("active"), default=True)
    place = models.PositiveSmallIntegerField(_("place in lists"), default=0)

    class Meta:
        verbose_name = _("tax code")
        verbose_name_plural = _("tax codes")
        ordering = ["company", "place", "code"]
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="tax_code_once_a_company"),
            models.CheckConstraint(
                name="tax_code_recoverable_percentage", condition=Q(recoverable__gte=0, recoverable__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TaxRate(Model):
    """The rate of a tax from a day on: percent, or an amount a unit for a fixed tax."""

    scope_company = "tax_code__company"

    tax_code = models.ForeignKey(TaxCode, models.CASCADE, related_name="rates", verbose_name=_("tax code"))
    on = models.DateField(_("from"))
    rate = models.DecimalField(_("rate"), max_digits=12, decimal_places=6)
    source = models.CharField(_("source"), max_length=120, blank=True, help_text=_("The law or notice"))

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        ordering = ["tax_code", "-on"]
        constraints = [models.UniqueConstraint(fields=["tax_code", "on"], name="tax_rate_once_a_day")]

    def __str__(self) -> str:
        return f"{self.tax_code} {self.rate.normalize():f} ({self.on})"


class TaxGroupMember(Model):
    """A tax that belongs to a group, at its place in the order of computation."""

    scope_company = "group__company"

    group = models.ForeignKey(TaxCode, models.CASCADE, related_name="members", verbose_name=_("group"))
    member = models.ForeignKey(TaxCode, models.PROTECT, related_name="+", verbose_name=_("tax"))
    place = models.PositiveSmallIntegerField(_("place"))

    class Meta:
        verbose_name = _("tax of a group")
        verbose_name_plural = _("taxes of groups")
        ordering = ["group", "place"]
        constraints = [models.UniqueConstraint(fields=["group", "place"], name="tax_group_place_once")]

    def __str__(self) -> str:
        return f"{self.group}: {self.member}"


class TaxRow(Model):
    """Base and tax of one code in one entry, as captured at posting; returns read these rows and nothing else."""

    scope_company = "entry__company"
    audited: ClassVar[bool] = False  # only ever added, with the entry whose act is written down

    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="tax_rows", verbose_name=_("entry"))
    tax_code = models.ForeignKey(TaxCode, models.PROTECT, related_name="rows", verbose_name=_("tax code"))
    tax_point = models.DateField(_("tax point"))
    currency = models.CharField(_("currency"), max_length=3)
    base = Amount(_("base"))
    tax = Amount(_("tax"))
    company_base = Amount(_("base in company currency"))
    company_tax = Amount(_("tax in company currency"))
    base_box = models.CharField(_("return box of the base"), max_length=8, blank=True)
    tax_box = models.CharField(_("return box of the tax"), max_length=8, blank=True)

    class Meta:
        verbose_name = _("tax row")
        verbose_name_plural = _("tax rows")
        ordering = ["entry", "id"]
        indexes = [models.Index(fields=["tax_code", "tax_point"])]

    def __str__(self) -> str:
        return f"{self.tax_code_id}: {self.base} / {self.tax}"
