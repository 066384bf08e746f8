"""Where things lie: warehouses and their bins."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model
from backoffice.organisation.models import Company, Department


class Warehouse(Model):
    """A building or yard where goods lie."""

    scope_department = "department"

    company = models.ForeignKey(Company, models.PROTECT, related_name="warehouses", verbose_name=_("company"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    code = models.CharField(_("code"), max_length=12)
    name = models.CharField(_("name"), max_length=60)
    street = models.CharField(_("street"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    allows_negative = models.BooleanField(
        _("may go below nought"), default=False, help_text=_("What is issued uncovered takes the last known cost")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        ordering = ["company", "code"]
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="warehouse_code_once_a_company")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("stock:warehouse", args=[self.pk])


class Bin(Model):
    """A place in a warehouse; what lies in quarantine is owned and valued, but not free to use."""

    named_by = ("warehouse",)
    scope_company = "warehouse__company"
    scope_department = "warehouse__department"

    class Kind(models.TextChoices):
        STORAGE = "storage", _("Storage")
        RECEIVING = "receiving", _("Receiving")
        QUARANTINE = "quarantine", _("Quarantine")

    warehouse = models.ForeignKey(Warehouse, models.CASCADE, related_name="bins", verbose_name=_("warehouse"))
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.STORAGE)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("bin")
        verbose_name_plural = _("bins")
        ordering = ["warehouse", "code"]
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "code"], name="bin_code_once_a_warehouse"),
            models.CheckConstraint(
                name="bin_kind_is_known", condition=Q(kind__in=["storage", "receiving", "quarantine"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.warehouse.code} {self.code}"

    def get_absolute_url(self) -> str:
        return reverse("stock:bin", args=[self.pk])
