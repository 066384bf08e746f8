"""The year to date: a ledger of rows, never a counter that is changed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model
from finance.ledger.models import Amount
from hr.payroll.models.runs import PayrollRun
from hr.people.models import Employment


class YearToDate(Model):
    """What one run, or what was before us, adds to a total of an employment in a tax year.

    Rows of a run count once it is posted; rows without a run are brought forward (form P45, the former system);
    a reversal adds the negatives.
    """

    scope_company: ClassVar[str] = "employment__company"
    audited: ClassVar[bool] = False

    employment = models.ForeignKey(
        Employment, models.PROTECT, related_name="year_rows", db_index=False, verbose_name=_("employment")
    )
    tax_year = models.CharField(_("tax year"), max_length=7)
    code = models.CharField(_("total"), max_length=24)
    run = models.ForeignKey(
        PayrollRun, models.PROTECT, null=True, related_name="year_rows", verbose_name=_("payroll run")
    )
    is_reversal = models.BooleanField(_("reversal"), default=False)
    amount = Amount(_("amount"))
    source = models.CharField(_("source"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("year to date")
        verbose_name_plural = _("years to date")
        ordering = ["employment", "tax_year", "code", "id"]
        indexes = [models.Index(fields=["employment", "tax_year"], include=["run", "code", "amount"], name="ytd_sums")]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "employment", "code", "is_reversal"],
                condition=Q(run__isnull=False),
                name="ytd_once_a_run",
            ),
            models.UniqueConstraint(
                fields=["employment", "tax_year", "code"],
                condition=Q(run__isnull=True),
                name="ytd_brought_forward_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.tax_year}"
