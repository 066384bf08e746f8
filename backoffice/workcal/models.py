"""Calendars: the weekly hours from a day on, and the days that differ from them."""

from datetime import date, time
from typing import ClassVar
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model
from backoffice.organisation.models import Company

ALWAYS = date(2000, 1, 1)  # the first day of a calendar's first week


def known_zone(name: str) -> None:
    """Refuse a time zone that the tz database does not have."""
    if name not in available_timezones():
        raise ValidationError(_("There is no time zone named %(name)s.") % {"name": name})


class Calendar(Model):
    """When work is done: weekly hours in a time zone, holidays and exceptions. `version` grows with every change."""

    audit_ignore: ClassVar[tuple[str, ...]] = ("version",)

    company = models.ForeignKey(Company, models.CASCADE, related_name="calendars", verbose_name=_("company"))
    name = models.CharField(_("name"), max_length=60)
    zone = models.CharField(_("time zone"), max_length=40, default="Europe/London", validators=[known_zone])
    country = models.CharField(
        _("holidays of"), max_length=2, blank=True, help_text=_("ISO 3166 code; empty: no public holidays")
    )
    is_default = models.BooleanField(_("used where none is named"), default=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        ordering = ["company", "name"]
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="calendar_name_once_a_company"),
            models.UniqueConstraint(
                fields=["company"], condition=Q(is_default=True), name="calendar_one_default_a_company"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("workcal:calendar", args=[self.pk])


class Span(Model):
    """Opening hours of a weekday, from a day on. The spans of the latest such day are the week in force."""

    scope_company: ClassVar[str | None] = "calendar__company"

    class Weekday(models.IntegerChoices):
        MON = 0, _("Monday")
        TUE = 1, _("Tuesday")
        WED = 2, _("Wednesday")
        THU = 3, _("Thursday")
        FRI = 4, _("Friday")
        SAT = 5, _("Saturday")
        SUN = 6, _("Sunday")

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="spans", verbose_name=_("calendar"))
    valid_from = models.DateField(_("from"), default=ALWAYS)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    starts = models.TimeField(_("opens"))
    ends = models.TimeField(_("closes"), help_text=_("00:00 is midnight at the end of the day"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["calendar", "valid_from", "weekday", "starts", "id"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "valid_from", "weekday", "starts"], name="span_once"),
            models.CheckConstraint(
                name="span_closes_after_it_opens", condition=Q(ends__gt=F("starts")) | Q(ends=time(0))
            ),
            models.CheckConstraint(name="span_weekday_is_known", condition=Q(weekday__lte=6)),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M}–{self.ends:%H:%M}"


class CalendarDay(Model):
    """A day that differs from the week: closed when it names no hours, else open from `starts` to `ends`."""

    scope_company: ClassVar[str | None] = "calendar__company"

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="days", verbose_name=_("calendar"))
    on = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=120)
    starts = models.TimeField(_("opens"), null=True, blank=True)
    ends = models.TimeField(_("closes"), null=True, blank=True)
    is_public = models.BooleanField(_("public holiday"), default=False, editable=False)

    class Meta:
        verbose_name = _("day that differs")
        verbose_name_plural = _("days that differ")
        ordering = ["calendar", "on"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "on"], name="calendar_day_once"),
            models.CheckConstraint(
                name="calendar_day_is_closed_or_has_hours",
                condition=Q(starts=None, ends=None) | Q(starts__lt=F("ends")) | Q(starts__isnull=False, ends=time(0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%d %b %Y} {self.name}"
