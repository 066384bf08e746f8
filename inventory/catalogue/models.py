"""Items, the units they are counted in, and the codes they are found by."""

from decimal import Decimal
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model
from backoffice.organisation.models import Company
from finance.ledger.models import Account

ONE = Decimal(1)


class Unit(Model):
    """A unit of measure by its UNECE Recommendation 20 code: C62 one piece, KGM a kilogram, MTR a metre."""

    scope_company: ClassVar[str | None] = ""

    code = models.CharField(_("code"), max_length=3, unique=True, help_text=_("UNECE Recommendation 20, e.g. C62"))
    name = models.CharField(_("name"), max_length=40)
    digits = models.PositiveSmallIntegerField(_("decimals"), default=0, help_text=_("Of a quantity in this unit"))

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["code"]
        constraints = [models.CheckConstraint(name="unit_digits_fit", condition=Q(digits__lte=6))]

    def __str__(self) -> str:
        return self.name


class Category(Model):
    """A group of items that are valued and posted alike; accounts left empty follow the company's roles."""

    class Method(models.TextChoices):
        FIFO = "fifo", _("First in, first out")
        AVERAGE = "average", _("Moving average")
        STANDARD = "standard", _("Standard cost")

    company = models.ForeignKey(Company, models.CASCADE, related_name="item_categories", verbose_name=_("company"))
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    cost_method = models.CharField(_("cost method"), max_length=8, choices=Method.choices, default=Method.AVERAGE)
    stock_account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("stock account")
    )
    cost_account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account of what is issued")
    )
    capitalise_from = models.DecimalField(
        _("capitalise from"),
        max_digits=20,
        decimal_places=6,
        default=0,
        help_text=_("Equipment that costs less apiece, in company currency, is an expense"),
    )

    class Meta:
        verbose_name = _("item category")
        verbose_name_plural = _("item categories")
        ordering = ["company", "code"]
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="item_category_code_once_a_company"),
            models.CheckConstraint(
                name="item_category_method_is_known", condition=Q(cost_method__in=["fifo", "average", "standard"])
            ),
            models.CheckConstraint(name="item_category_limit_is_not_negative", condition=Q(capitalise_from__gte=0)),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """The account of its stock is explained by stock alone, and what is issued never goes to such a one."""
        super().clean()
        stock, cost = self.stock_account, self.cost_account
        if stock is not None and (stock.is_control or (not stock.kept_by and stock.lines.filter(on__isnull=False))):
            raise ValidationError({"stock_account": _("Choose an account without postings of its own.")})
        if cost is not None and cost.why_not_by_hand:
            raise ValidationError({"cost_account": f"{cost}: {cost.why_not_by_hand}."})

    def get_absolute_url(self) -> str:
        return reverse("catalogue:category", args=[self.pk])


class Item(Model):
    """Something that is bought, kept or used; quantities without a unit are in its own, the base unit."""

    class Kind(models.TextChoices):
        STOCK = "stock", _("Kept in stock")
        SERVICE = "service", _("Service")
        EXPENSE = "expense", _("Used up at once")

    company = models.ForeignKey(Company, models.PROTECT, related_name="items", verbose_name=_("company"))
    code = models.CharField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=120)
    category = models.ForeignKey(Category, models.PROTECT, related_name="items", verbose_name=_("category"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.STOCK)
    is_asset = models.BooleanField(
        _("becomes equipment"), default=False, help_text=_("Each piece received is handed to the equipment register")
    )
    tax_code = models.ForeignKey(
        "tax.TaxCode", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("VAT when bought")
    )
    account = models.ForeignKey(
        Account,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
        help_text=_("What it is booked to when it is not kept in stock"),
    )
    standard_cost = models.DecimalField(
        _("standard cost"), max_digits=20, decimal_places=6, default=0, help_text=_("Of one unit, in company currency")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["company", "code"]
        indexes = [models.Index(fields=["company", "name"])]
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="item_code_once_a_company"),
            models.CheckConstraint(name="item_kind_is_known", condition=Q(kind__in=["stock", "service", "expense"])),
            models.CheckConstraint(name="item_standard_cost_not_negative", condition=Q(standard_cost__gte=0)),
            models.CheckConstraint(name="item_of_equipment_is_not_stock", condition=~Q(is_asset=True, kind="stock")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def title(self) -> str:
        """The heading of its screen."""
        return self.name

    @property
    def method(self) -> str:
        """How its stock is valued."""
        return self.category.cost_method

    def get_absolute_url(self) -> str:
        return reverse("catalogue:item", args=[self.pk])


class ItemUnit(Model):
    """A further unit of an item: one of it is exactly numerator / denominator base units (operations B0.7)."""

    scope_company = "item__company"

    item = models.ForeignKey(Item, models.CASCADE, related_name="units", verbose_name=_("item"))
    name = models.CharField(_("name"), max_length=40, help_text=_("As people say it, e.g. pack of 25"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    numerator = models.PositiveIntegerField(_("base units"), default=1)
    denominator = models.PositiveIntegerField(_("in so many"), default=1)

    class Meta:
        verbose_name = _("unit of an item")
        verbose_name_plural = _("units of items")
        ordering = ["item", "id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "name"], name="item_unit_name_once_an_item"),
            models.CheckConstraint(
                name="item_unit_ratio_is_positive", condition=Q(numerator__gte=1, denominator__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def in_base(self, quantity: Decimal) -> Decimal:
        """So many of this unit, in the item's base unit; exact where the result has six decimals."""
        return quantity * self.numerator / self.denominator


class Barcode(Model):
    """A code by which a scanner finds an item, or a pack of it."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="barcodes", verbose_name=_("company"))
    item = models.ForeignKey(Item, models.CASCADE, related_name="barcodes", verbose_name=_("item"))
    item_unit = models.ForeignKey(
        ItemUnit, models.CASCADE, null=True, blank=True, related_name="barcodes", verbose_name=_("of the unit")
    )
    code = models.CharField(_("code"), max_length=48)

    class Meta:
        verbose_name = _("barcode")
        verbose_name_plural = _("barcodes")
        ordering = ["item", "id"]
        constraints = [
            models.UniqueConstraint(F("company"), F("code"), name="barcode_once_a_company"),
            models.CheckConstraint(name="barcode_is_not_empty", condition=~Q(code="")),
        ]

    def __str__(self) -> str:
        return self.code
