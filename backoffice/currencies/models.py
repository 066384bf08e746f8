"""Currencies and what one is worth in another, by day."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model


class Currency(Model):
    """A currency of ISO 4217 with its number of decimals."""

    scope_company = ""

    code = models.CharField(_("code"), max_length=3, primary_key=True)
    name = models.CharField(_("name"), max_length=60)
    digits = models.PositiveSmallIntegerField(_("decimals"), default=2)
    is_active = models.BooleanField(_("in use"), default=False)

    class Meta:
        verbose_name = _("currency")
        verbose_name_plural = _("currencies")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Rate(Model):
    """How much of `quote` one unit of `base` is worth from this day on (1.2 for USD/EUR: 1 USD = 1.2 EUR)."""

    scope_company = ""

    base = models.ForeignKey(Currency, models.PROTECT, related_name="+", verbose_name=_("base"))
    quote = models.ForeignKey(Currency, models.PROTECT, related_name="+", verbose_name=_("quote"))
    on = models.DateField(_("from"))
    rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=10)
    source = models.CharField(_("source"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["base", "quote", "-on"]
        constraints = [
            models.UniqueConstraint(fields=["base", "quote", "on"], name="rate_once_a_day"),
            models.CheckConstraint(name="rate_is_positive", condition=Q(rate__gt=0)),
            models.CheckConstraint(name="rate_between_two_currencies", condition=~Q(base=F("quote"))),
        ]

    def __str__(self) -> str:
        return f"{self.base_id}/{self.quote_id} {self.rate} ({self.on})"
