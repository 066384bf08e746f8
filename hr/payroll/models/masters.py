"""What pay is reckoned by: figures of the law, a company's own elements, and what holds for one employment."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model
from backoffice.organisation.models import Company
from finance.ledger.models import Account
from hr.payroll.engine import formulas
from hr.payroll.engine.elements import DEDUCTION, EARNING
from hr.payroll.uk import insurance, loans, paye, pensions
from hr.people.models import Dated, Days, Employment, Whole


class Parameter(Model):
    """A figure of the law from a day on, as known since `recorded_at`; a correction is another row, never an edit."""

    scope_company: ClassVar[str] = ""

    jurisdiction = models.CharField(_("country pack"), max_length=8, default="uk")
    code = models.CharField(_("code"), max_length=60)
    valid_from = models.DateField(_("from"))
    value = models.JSONField(_("value"), help_text=_("A number, rows of limit and percent, or names with numbers"))
    source = models.CharField(_("source"), max_length=300)
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("parameter")
        verbose_name_plural = _("parameters")
        ordering = ["jurisdiction", "code", "-valid_from", "-recorded_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "code", "valid_from", "recorded_at"], name="parameter_recorded_once"
            ),
            models.CheckConstraint(name="parameter_has_a_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.code} from {self.valid_from}"


class Element(Model):
    """A part of pay of a company's own beside those of the law: overtime, a bonus, a deduction for uniforms."""

    class Kind(models.TextChoices):
        EARNING = EARNING, _("Earning")
        DEDUCTION = DEDUCTION, _("Deduction")

    BASES = (
        ("taxable", _("taxable pay")),
        ("niable", _("pay for National Insurance")),
        ("pensionable", _("pensionable pay")),
        ("wage", _("pay for the minimum wage")),
    )

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name=_("company"))
    code = models.SlugField(_("code"), max_length=24)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.EARNING)
    feeds = ArrayField(
        models.CharField(max_length=12, choices=BASES), verbose_name=_("counts towards"), default=list, blank=True
    )
    formula = models.CharField(
        _("formula"),
        max_length=200,
        blank=True,
        help_text=_("Over salary, amount and the bases; without one the amount itself is paid"),
    )
    account = models.ForeignKey(
        Account,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
        help_text=_("Without one: wages for earnings, other deductions for deductions"),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("element of pay")
        verbose_name_plural = _("elements of pay")
        ordering = ["company", "code"]
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="element_code_once_a_company"),
            models.CheckConstraint(name="element_kind_is_known", condition=Q(kind__in=["earning", "deduction"])),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a formula that cannot be read, or that names what is not there."""
        if not self.formula:
            return
        known = {"salary", "amount", *(base for base, _words in self.BASES)}
        try:
            if unknown := formulas.names_in(self.formula) - known:
                raise formulas.Unreadable(_("%s is not known here.") % ", ".join(sorted(unknown)))
            formulas.value(self.formula, dict.fromkeys(known, Decimal(1)))
        except formulas.Unreadable as reason:
            raise ValidationError({"formula": str(reason)}) from reason


class TaxDetails(Dated, Model):
    """How an employment is taxed and insured from a day on: tax code, category, loans, pension."""

    scope_company: ClassVar[str] = "employment__company"
    guarded_history: ClassVar[bool] = True

    class Pension(models.TextChoices):
        NONE = "none", _("Not enrolled")
        OPTED_OUT = "opted_out", _("Opted out")
        NET_PAY = pensions.NET_PAY, _("Net pay: taken before tax")
        RELIEF = pensions.RELIEF, _("Relief at source: taken after tax")
        SACRIFICE = pensions.SACRIFICE, _("Salary sacrifice")

    employment = models.ForeignKey(Employment, models.PROTECT, related_name="tax_details", verbose_name=_("employment"))
    tax_code = models.CharField(
        _("tax code"), max_length=12, help_text=_("As HMRC wrote it, such as 1257L or S1257L M1")
    )
    code_source = models.CharField(_("where the code comes from"), max_length=60, blank=True)
    ni_category = models.CharField(
        _("National Insurance category"), max_length=1, default="A", choices=[(c, c) for c in insurance.CATEGORIES]
    )
    is_director = models.BooleanField(_("director"), default=False)
    loan_plans = ArrayField(
        models.CharField(max_length=1, choices=[(p, p) for p in loans.PLANS]),
        verbose_name=_("student loan plans"),
        default=list,
        blank=True,
    )
    postgraduate_loan = models.BooleanField(_("postgraduate loan"), default=False)
    pension = models.CharField(_("pension"), max_length=16, choices=Pension.choices, default=Pension.NONE)
    pension_employee = models.DecimalField(_("employee's percent"), max_digits=5, decimal_places=2, default=0)
    pension_employer = models.DecimalField(_("employer's percent"), max_digits=5, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("tax details")
        verbose_name_plural = _("tax details")
        ordering = ["employment", "valid_from"]
        indexes = [models.Index(fields=["employment", "valid_from"])]
        constraints = [
            models.CheckConstraint(
                name="tax_details_end_after_they_start",
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")),
            ),
            models.CheckConstraint(
                name="tax_details_percents_are_possible",
                condition=Q(pension_employee__range=(0, 100), pension_employer__range=(0, 100)),
            ),
            models.CheckConstraint(
                name="tax_details_category_is_known", condition=Q(ni_category__in=list(insurance.CATEGORIES))
            ),
            ExclusionConstraint(
                name="tax_details_one_at_a_time",
                expressions=[
                    (Whole("employment"), RangeOperators.OVERLAPS),
                    (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Other details hold in that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Tax details')} {self.employment}"

    def clean(self) -> None:
        """One spelling of the code; refuses what is none."""
        self.tax_code = " ".join((self.tax_code or "").upper().split())
        if not paye.readable(self.tax_code):
            raise ValidationError({"tax_code": _("This is not a tax code, such as 1257L, S1257L M1, K475 or BR.")})


class PayItem(Dated, Model):
    """An amount of a company's element for one employment: once in a month, or every month until it ends.

    Only its end is ever changed (trigger); whoever entered it does not approve the run that pays it.
    """

    scope_company: ClassVar[str] = "employment__company"
    guarded_history: ClassVar[bool] = True
    audit_ignore: ClassVar[tuple[str, ...]] = ("amount",)

    employment = models.ForeignKey(Employment, models.PROTECT, related_name="pay_items", verbose_name=_("employment"))
    element = models.ForeignKey(Element, models.PROTECT, related_name="items", verbose_name=_("element"))
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    note = models.CharField(_("what for"), max_length=120, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name=_("entered by"),
    )

    class Meta:
        verbose_name = _("pay item")
        verbose_name_plural = _("pay items")
        ordering = ["employment", "valid_from", "id"]
        indexes = [models.Index(fields=["employment", "valid_from"])]
        constraints = [
            models.CheckConstraint(
                name="pay_item_ends_after_it_starts",
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")),
            ),
            models.CheckConstraint(name="pay_item_is_not_nothing", condition=~Q(amount=0)),
        ]

    def __str__(self) -> str:
        return f"{self.element} {self.employment}"
