"""What is promised: the priority matrix, and the targets of a service level by priority."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model
from backoffice.organisation.models import Company
from backoffice.workcal import calendars
from backoffice.workcal.models import Calendar
from itsm.servicedesk.models.clocks import Metric
from itsm.servicedesk.models.incidents import Impact, Priority, Urgency
from itsm.servicedesk.models.teams import Service


class PriorityRule(Model):
    """One field of the matrix: the priority that follows from impact and urgency."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name=_("company"))
    impact = models.CharField(_("impact"), max_length=6, choices=Impact.choices)
    urgency = models.CharField(_("urgency"), max_length=6, choices=Urgency.choices)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices)

    class Meta:
        verbose_name = _("field of the priority matrix")
        verbose_name_plural = _("priority matrix")
        ordering = ["company", "priority", "id"]
        constraints = [
            models.UniqueConstraint(fields=["company", "impact", "urgency"], name="priority_rule_once"),
            models.CheckConstraint(name="priority_rule_priority_is_known", condition=Q(priority__range=(1, 5))),
        ]

    def __str__(self) -> str:
        return f"{self.get_impact_display()}, {self.get_urgency_display()}: {self.get_priority_display()}"

    def get_absolute_url(self) -> str:
        return reverse("servicedesk:priorityrule", args=[self.pk])


class ServiceLevel(Model):
    """Promises for a service, or for all without one of their own; and for which reasons their clocks stand still.

    `recounts` says what a new priority does: the time used counts from the opening (usual), or from the change.
    """

    class Recounts(models.TextChoices):
        CREATION = "creation", _("from the opening")
        CHANGE = "change", _("from the change")

    company = models.ForeignKey(Company, models.CASCADE, related_name="service_levels", verbose_name=_("company"))
    name = models.CharField(_("name"), max_length=60)
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="levels",
        verbose_name=_("service"),
        help_text=_("Empty: all services without a level of their own"),
    )
    recounts = models.CharField(
        _("after a new priority, time counts"), max_length=8, choices=Recounts.choices, default=Recounts.CREATION
    )
    pauses_for_user = models.BooleanField(_("stands still while the requester is asked"), default=True)
    pauses_for_supplier = models.BooleanField(_("stands still while a supplier is asked"), default=False)
    pauses_for_change = models.BooleanField(_("stands still until a change is done"), default=False)
    reopen_days = models.PositiveSmallIntegerField(_("days in which it may be reopened"), default=14)
    close_days = models.PositiveSmallIntegerField(_("days after which a resolved one closes"), default=5)

    class Meta:
        verbose_name = _("service level")
        verbose_name_plural = _("service levels")
        ordering = ["company", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "service"], name="service_level_once_a_service", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="service_level_recounts_known", condition=Q(recounts__in=["creation", "change"])
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("servicedesk:servicelevel", args=[self.pk])

    def pauses_for(self, whom: str) -> bool:
        """Whether waiting for them stops the clocks."""
        return {
            "user": self.pauses_for_user,
            "supplier": self.pauses_for_supplier,
            "change": self.pauses_for_change,
        }.get(whom, False)


class Target(Model):
    """How much working time may pass, by metric and priority; a "day" is a day of the target's calendar."""

    scope_company: ClassVar[str | None] = "level__company"

    class Unit(models.TextChoices):
        MINUTES = "minutes", _("minutes")
        HOURS = "hours", _("hours")
        DAYS = "days", _("days")

    level = models.ForeignKey(ServiceLevel, models.CASCADE, related_name="targets", verbose_name=_("service level"))
    metric = models.CharField(_("what"), max_length=16, choices=Metric.choices)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices)
    amount = models.PositiveIntegerField(_("within"))
    unit = models.CharField(_("unit"), max_length=8, choices=Unit.choices, default=Unit.MINUTES)
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+", verbose_name=_("calendar"))

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["level", "priority", "metric", "id"]
        constraints = [
            models.UniqueConstraint(fields=["level", "metric", "priority"], name="target_once"),
            models.CheckConstraint(name="target_is_some_time", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="target_unit_is_known", condition=Q(unit__in=["minutes", "hours", "days"])),
        ]

    def __str__(self) -> str:
        return f"{self.get_metric_display()} {self.get_priority_display()}"

    @property
    def length(self) -> timedelta:
        """The target as working time."""
        if self.unit == self.Unit.DAYS:
            return self.amount * calendars.working_time(self.calendar).day_length
        return timedelta(minutes=self.amount if self.unit == self.Unit.MINUTES else self.amount * 60)
