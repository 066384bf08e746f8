"""The numbers of requisitions and orders: one series a company, kind and year."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model
from backoffice.organisation.models import Company


class Series(Model):
    """The last number given; its row is locked by the last write of the verb that numbers."""

    audited: ClassVar[bool] = False

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name=_("company"))
    kind = models.CharField(_("kind"), max_length=4)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"))

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        ordering = ["company", "kind", "year"]
        constraints = [models.UniqueConstraint(fields=["company", "kind", "year"], name="series_once_a_year")]

    def __str__(self) -> str:
        return f"{self.kind}-{self.year}: {self.last}"
