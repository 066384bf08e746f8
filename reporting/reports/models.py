"""Runs that were made and kept, packs of reports, schedules, their recipients and deliveries."""

from secrets import token_hex
from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.access.rights import grants
from backoffice.core.models import Model, Rows
from backoffice.documents.models import OrderedId
from backoffice.organisation.models import Company


class FileKind(models.TextChoices):
    PDF = "pdf", "PDF"
    XLSX = "xlsx", "XLSX"
    CSV = "csv", "CSV"


MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.CSV: "text/csv; charset=utf-8",
}


def new_code() -> str:
    """A short id of a run, printed on every page."""
    return token_hex(4)


class Pack(Model):
    """Reports that belong together, in their order, each with its parameters."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name=_("company"))
    name = models.CharField(_("name"), max_length=80)
    is_single = models.BooleanField(_("made for one report"), default=False, editable=False)

    class Meta:
        verbose_name = _("pack")
        verbose_name_plural = _("packs")
        ordering = ["company", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "name"], name="pack_name_once_a_company", condition=Q(is_single=False)
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reports:pack", args=[self.pk])


class PackPart(Model):
    """One report of a pack; `parameters` may hold relative words such as last_month."""

    scope_company: ClassVar[str | None] = "pack__company"

    pack = models.ForeignKey(Pack, models.CASCADE, related_name="parts", verbose_name=_("pack"))
    place = models.PositiveSmallIntegerField(_("place"))
    report = models.CharField(_("report"), max_length=60)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)

    class Meta:
        verbose_name = _("part of a pack")
        verbose_name_plural = _("parts of packs")
        ordering = ["pack", "place", "id"]

    def __str__(self) -> str:
        return f"{self.pack}: {self.report}"


class Schedule(Model):
    """When a pack is made and mailed, and to whom; every recipient gets only what their own role may see."""

    scope_owner: ClassVar[str] = "owner"

    class Every(models.TextChoices):
        MONTH = "month", _("Month, on a working day")
        WEEK = "week", _("Week, on a weekday")
        DAY = "day", _("Working day")

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name=_("company"))
    pack = models.ForeignKey(Pack, models.PROTECT, related_name="schedules", verbose_name=_("pack"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("set up by"))
    every = models.CharField(_("every"), max_length=8, choices=Every.choices, default=Every.MONTH)
    working_day = models.PositiveSmallIntegerField(_("working day"), default=5)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices, default=Weekday.MONDAY)
    at = models.TimeField(_("at"), help_text=_("In the company's time zone"))
    subject = models.CharField(
        _("subject"), max_length=120, help_text=_("{month} becomes the month before the day of sending")
    )
    attach_pdf = models.BooleanField(_("PDF"), default=True)
    attach_xlsx = models.BooleanField(_("XLSX"), default=False)
    attach_csv = models.BooleanField(_("CSV"), default=False)
    only_when_closed = models.BooleanField(
        _("only if the period is closed (otherwise wait, and tell me)"), default=False
    )
    is_active = models.BooleanField(_("active"), default=True)
    next_at = models.DateTimeField(_("next"), null=True, blank=True, editable=False)
    waiting_since = models.DateTimeField(_("waits for the closing since"), null=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        ordering = ["company", "pack", "id"]
        indexes = [models.Index(fields=["next_at"], name="schedule_due", condition=Q(is_active=True))]
        constraints = [
            models.CheckConstraint(
                name="schedule_working_day_exists", condition=Q(working_day__gte=1, working_day__lte=20)
            ),
            models.CheckConstraint(
                name="schedule_attaches_something",
                condition=Q(attach_pdf=True) | Q(attach_xlsx=True) | Q(attach_csv=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pack)

    def get_absolute_url(self) -> str:
        return reverse("reports:schedule", args=[self.pk])

    @property
    def kinds(self) -> list[str]:
        """The kinds of file that are attached."""
        wanted = [(self.attach_pdf, FileKind.PDF), (self.attach_xlsx, FileKind.XLSX), (self.attach_csv, FileKind.CSV)]
        return [str(kind) for attach, kind in wanted if attach]


class Recipient(Model):
    """Somebody who gets what a schedule makes, made with their own rights."""

    scope_company: ClassVar[str | None] = "schedule__company"

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="recipients", verbose_name=_("schedule"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["schedule", "user__name", "id"]
        constraints = [models.UniqueConstraint(fields=["schedule", "user"], name="recipient_once_a_schedule")]

    def __str__(self) -> str:
        return str(self.user)


class Runs(Rows):
    """Kept files are as secret as what they were made from."""

    def visible_to(self, user: Any, action: str = "view") -> "Runs":
        """A person's own files, and those of others whose reports this person may see for the whole company."""
        seen = super().visible_to(user, action)
        if user.is_superuser:
            return seen
        whole = [g for g in grants(user) if g.department_id is None]
        everywhere = {right for g in whole if g.company_id is None for right in g.permissions}
        allowed = Q(for_user=user.pk) | Q(rights__contained_by=sorted(everywhere))
        for company in {g.company_id for g in whole if g.company_id is not None}:
            here = {right for g in whole if g.company_id == company for right in g.permissions}
            allowed |= Q(company=company, rights__contained_by=sorted(everywhere | here))
        return seen.filter(allowed)


class ReportRun(Model):
    """One file that was made: from what, for whom, when, and its checksums. Never changed afterwards.

    `parts` lists report, title, parameters, entries, rows and digest of each report in the file; with
    them, `as_of` and `for_user` it can be made again and compared.
    """

    scope_owner: ClassVar[str] = "for_user"
    audit_ignore: ClassVar[tuple[str, ...]] = ("content",)

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name=_("company"))
    ref = models.UUIDField(_("reference"), db_default=OrderedId(), unique=True, editable=False)
    code = models.CharField(_("report id"), max_length=12, unique=True, default=new_code)
    title = models.CharField(_("title"), max_length=160)
    subtitle = models.CharField(_("for"), max_length=160, blank=True)
    pack = models.ForeignKey(Pack, models.SET_NULL, null=True, related_name="+", verbose_name=_("pack"))
    schedule = models.ForeignKey(Schedule, models.SET_NULL, null=True, related_name="runs", verbose_name=_("schedule"))
    parts = models.JSONField(_("parts"), encoder=DjangoJSONEncoder)
    left_out = models.JSONField(_("left out"), default=list)
    rights = models.JSONField(_("rights that its reports ask for"), default=list)
    kind = models.CharField(_("file"), max_length=4, choices=FileKind.choices)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    for_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="report_runs", verbose_name=_("with the rights of")
    )
    made_at = models.DateTimeField(_("made at"))
    as_of = models.DateTimeField(_("from entries posted by"))
    entries = models.PositiveIntegerField(_("entries behind the largest part"), default=0)
    file_name = models.CharField(_("file name"), max_length=160)
    content = models.BinaryField(_("content"))
    size = models.PositiveIntegerField(_("bytes"))
    file_digest = models.CharField(_("SHA-256 of the file"), max_length=64)
    data_digest = models.CharField(_("SHA-256 of the figures"), max_length=64)
    again_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="made_again", verbose_name=_("made again from")
    )

    objects: ClassVar[Any] = Runs.as_manager()

    class Meta:
        verbose_name = _("report run")
        verbose_name_plural = _("report runs")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["company", "-id"], name="run_by_company"),
            models.Index(fields=["for_user", "-id"], name="run_by_person"),
        ]
        constraints = [
            models.CheckConstraint(name="report_run_kind_is_known", condition=Q(kind__in=["pdf", "xlsx", "csv"])),
            models.CheckConstraint(name="report_run_is_not_empty", condition=Q(size__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.subtitle}" if self.subtitle else self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:reportrun", args=[self.pk])

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[FileKind(self.kind)]

    def questions(self) -> list[tuple[str, dict[str, Any]]]:
        """Key and parameters of each report in the file."""
        return [(part["report"], part["parameters"]) for part in self.parts]


class Delivery(Model):
    """What one recipient got for one due time: at most one, whatever is started twice."""

    scope_company: ClassVar[str | None] = "schedule__company"
    scope_owner: ClassVar[str] = "user"
    audited: ClassVar[bool] = False

    class State(models.TextChoices):
        SENT = "sent", _("Sent")
        EMPTY = "empty", _("Nothing they may see")

    schedule = models.ForeignKey(
        Schedule, models.CASCADE, null=True, related_name="deliveries", verbose_name=_("schedule")
    )
    key = models.CharField(_("key"), max_length=120, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("to"))
    due_at = models.DateTimeField(_("due at"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices)
    runs = models.ManyToManyField(ReportRun, related_name="deliveries", verbose_name=_("files"))
    made_at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_state_display()}"
