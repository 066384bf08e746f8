"""The job: what is to be done, for whom, how far it is and how it ended."""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model, Rows
from backoffice.organisation.models import Company


class Jobs(Rows):
    """The words of lists of jobs."""

    def unfinished(self) -> "Jobs":
        return self.filter(state__in=Job.UNFINISHED)


class Job(Model):
    """A piece of work of one kind, done at most once whatever process dies.

    `attempt` fences: only the latest attempt may write progress or the outcome. `key` makes a
    request repeatable: two requests of one kind with one key are one job.
    """

    scope_owner: ClassVar[str] = "actor"
    audited: ClassVar[bool] = False

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting to start")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    UNFINISHED = (State.QUEUED, State.RUNNING)

    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("key"), max_length=120, blank=True)
    title = models.CharField(_("what"), max_length=160, blank=True)
    arguments = models.JSONField(_("arguments"), default=dict, encoder=DjangoJSONEncoder)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="jobs", verbose_name=_("for"))
    company = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("company")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(_("done so far"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    message = models.TextField(_("message"), blank=True)
    result_text = models.CharField(_("result"), max_length=160, blank=True)
    result_url = models.CharField(_("where the result is"), max_length=300, blank=True)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    queued_at = models.DateTimeField(_("asked at"), db_default=Now())
    wake_at = models.DateTimeField(_("not before"), db_default=Now())
    published_at = models.DateTimeField(_("told to the workers at"), null=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects: ClassVar[Any] = Jobs.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["actor", "-id"], name="job_by_actor"),
            models.Index(fields=["wake_at"], name="job_unfinished", condition=Q(state__in=["queued", "running"])),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="job_once_a_key", condition=~Q(key="")),
            models.CheckConstraint(
                name="job_state_is_known",
                condition=Q(state__in=["queued", "running", "done", "failed", "cancelled"]),
            ),
        ]

    # The heart of the running attempt: it carries progress out of the transaction of the work.
    heart: Any = None

    def __str__(self) -> str:
        return self.title or self.kind

    def get_absolute_url(self) -> str:
        return reverse("jobs:job", args=[self.pk])

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED

    @property
    def took(self) -> timedelta | None:
        """How long the last attempt ran."""
        return self.finished_at - self.started_at if self.finished_at and self.started_at else None

    def progress(self, done: int, total: int = 0, message: str = "") -> None:
        """Tell how far the work is; seen at once by whoever watches, though the work itself is uncommitted.

        Raises `backoffice.jobs.heart.Superseded` when the job was cancelled or given to another worker:
        let it pass, so that the transaction is rolled back.
        """
        self.done, self.total, self.message = done, total or self.total, message or self.message
        if self.heart is not None:
            self.heart.tell()
