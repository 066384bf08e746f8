"""Clocks of incidents as ledgers of segments: what ran, what stood still, and what was told once."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model
from backoffice.workcal.models import Calendar


class Metric(models.TextChoices):
    """What a clock measures."""

    FIRST_RESPONSE = "first_response", _("First answer")
    UPDATE = "update", _("Next word")
    SOLUTION = "solution", _("Solution")


class Clock(Model):
    """One promise on one incident: how much working time is used of how much.

    `counted` are the seconds of ended running segments that count; a running clock adds the working time since
    `running_since`. The moments are foreseen whenever something happens to the clock and stay empty while it stands
    still; `next_event_at` is the earliest that was not told. A detached clock is kept as history.
    """

    scope_company: ClassVar[str | None] = "incident__company"
    audited: ClassVar[bool] = False

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Stopped")
        STOPPED = "stopped", _("Ended")
        DETACHED = "detached", _("No longer promised")

    state_tones: ClassVar[dict[str, tuple[str, str]]] = {
        "running": ("busy", "play"),
        "paused": ("wait", "pause"),
        "stopped": ("", "circle-check"),
        "detached": ("", "x"),
    }

    incident = models.ForeignKey("Incident", models.CASCADE, related_name="clocks", verbose_name=_("incident"))
    metric = models.CharField(_("what"), max_length=16, choices=Metric.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.RUNNING)
    priority = models.PositiveSmallIntegerField(_("priority"))
    target = models.PositiveIntegerField(_("target, seconds of working time"))
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+", verbose_name=_("calendar"))
    counted = models.PositiveIntegerField(_("seconds counted"), default=0)
    started_at = models.DateTimeField(_("started"))
    running_since = models.DateTimeField(_("running since"), null=True)
    stopped_at = models.DateTimeField(_("ended"), null=True)
    at_50 = models.DateTimeField(_("half used"), null=True)
    at_75 = models.DateTimeField(_("three quarters used"), null=True)
    at_90 = models.DateTimeField(_("nine tenths used"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    next_event_at = models.DateTimeField(_("next to be told"), null=True)
    breached_at = models.DateTimeField(_("broken"), null=True)

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        ordering = ["incident", "id"]
        indexes = [
            models.Index(fields=["next_event_at"], name="clock_to_tell", condition=Q(next_event_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "metric"], condition=Q(state__in=["running", "paused"]), name="clock_one_at_a_time"
            ),
            models.CheckConstraint(
                name="clock_runs_since", condition=Q(state="running") ^ Q(running_since__isnull=True)
            ),
            models.CheckConstraint(
                name="clock_tells_while_it_runs", condition=Q(state="running") | Q(next_event_at__isnull=True)
            ),
            models.CheckConstraint(
                name="clock_state_is_known", condition=Q(state__in=["running", "paused", "stopped", "detached"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_metric_display()} {self.incident_id}"

    @property
    def is_broken(self) -> bool:
        """Whether the promise was broken; later edits do not mend it."""
        return self.breached_at is not None


class Segment(Model):
    """A stretch in which a clock ran or stood still under one target and calendar; once ended it never changes.

    `worked` is its working time in seconds, found when it ended, so that later changes of a calendar leave it.
    """

    scope_company: ClassVar[str | None] = "clock__incident__company"
    audited: ClassVar[bool] = False

    class Kind(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Stopped")

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="segments", verbose_name=_("clock"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"), null=True)
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+", verbose_name=_("calendar"))
    target = models.PositiveIntegerField(_("target, seconds of working time"))
    worked = models.PositiveIntegerField(_("seconds of working time"), null=True)
    reason = models.CharField(_("why"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["clock", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=Q(ends_at__isnull=True), name="segment_one_open_a_clock"
            ),
            models.CheckConstraint(
                name="segment_ends_after_it_starts", condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at"))
            ),
            models.CheckConstraint(
                name="segment_is_measured_when_it_ends",
                condition=Q(ends_at__isnull=True, worked__isnull=True) | Q(ends_at__isnull=False, worked__isnull=False),
            ),
            models.CheckConstraint(name="segment_kind_is_known", condition=Q(kind__in=["running", "paused"])),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_at:%d %b %H:%M}"


class ClockWarning(Model):
    """So many percent of a clock's target were used at this moment: written once, whatever becomes of the target."""

    scope_company: ClassVar[str | None] = "clock__incident__company"
    audited: ClassVar[bool] = False

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="warnings", verbose_name=_("clock"))
    percent = models.PositiveSmallIntegerField(_("percent"))
    at = models.DateTimeField(_("reached"))

    class Meta:
        verbose_name = _("warning")
        verbose_name_plural = _("warnings")
        ordering = ["clock", "percent"]
        constraints = [
            models.UniqueConstraint(fields=["clock", "percent"], name="clock_warning_once"),
            models.CheckConstraint(name="clock_warning_is_known", condition=Q(percent__in=[50, 75, 90, 100])),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id}: {self.percent} %"
