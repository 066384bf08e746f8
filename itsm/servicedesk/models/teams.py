"""Who answers for what: teams, and the services that people ask about."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model
from backoffice.organisation.models import Company


class Team(Model):
    """People who share a queue; the lead is told when a clock is nearly over."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="desk_teams", verbose_name=_("company"))
    name = models.CharField(_("name"), max_length=60)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lead")
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="desk_teams", verbose_name=_("members")
    )
    is_first = models.BooleanField(
        _("gets what nobody else gets"), default=False, help_text=_("Incidents without a service go to this team")
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["company", "name"]
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="team_name_once_a_company"),
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(is_first=True), name="team_one_first_a_company"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("servicedesk:team", args=[self.pk])


class Service(Model):
    """What people use and what may fail: dispatch, e-mail, a laptop. A team answers for it."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="desk_services", verbose_name=_("company"))
    name = models.CharField(_("name"), max_length=60)
    team = models.ForeignKey(Team, models.PROTECT, related_name="services", verbose_name=_("team"))
    is_key = models.BooleanField(
        _("key service"), default=False, help_text=_("Its failure has a high impact whoever reports it")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["company", "name"]
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="service_name_once_a_company")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("servicedesk:service", args=[self.pk])
