"""Asking for a job and doing it: enqueue, run, cancel.

The job row is written in the caller's transaction, so a job exists if and only if the business
fact that needs it does. A worker claims it by a conditional update; its effect and the word
"done" are one transaction, fenced by the number of the attempt.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit.recording import acting
from backoffice.celery import wake
from backoffice.core import events
from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from backoffice.core.slots import Slot
from backoffice.jobs.events import JobEnded
from backoffice.jobs.heart import Heart, Superseded
from backoffice.jobs.models import Job

log = logging.getLogger(__name__)
RUN = "backoffice.jobs.tasks.run"

W = TypeVar("W", bound=Callable[..., None])


@dataclass(frozen=True)
class Kind:
    """A kind of job: the function that does it and what it asks for.

    `permission` is checked again when the job runs, so a right lost meanwhile is lost. `attempts`
    is how often a job is started when its worker dies or fails unexpectedly.
    """

    name: str
    function: Callable[..., None]
    label: Any
    permission: str
    attempts: int


kinds: Slot[Kind] = Slot("jobs.kinds")


def kind(name: str, *, label: Any = "", permission: str = "", attempts: int = 3) -> Callable[[W], W]:
    """Register `function(job, **arguments)` as the worker of a kind of job."""

    def keep(function: W) -> W:
        kinds.fill(name, Kind(name, function, label or name, permission, attempts))
        return function

    return keep


def enqueue(name: str, *, by: Any, company: Any = None, key: str = "", title: str = "", **arguments: Any) -> Job:
    """Write down a job in the caller's transaction; workers hear of it after commit.

    With a `key` a second request of the same kind returns the first job. Arguments must be JSON
    (dates arrive as ISO text). Raises `LookupError` for an unknown kind.
    """
    if (known := kinds.get(name)) is None:
        raise LookupError(f"There is no kind of job named {name}.")
    fields = {"arguments": arguments, "actor": by, "company": company, "title": title or str(known.label)}
    with transaction.atomic():
        if key:
            job, is_new = Job.objects.get_or_create(kind=name, key=key, defaults=fields)
        else:
            job, is_new = Job.objects.create(kind=name, **fields), True
        if is_new:
            publish(job.pk)
    return job


def publish(job_id: int) -> None:
    """Wake a worker for this job after commit, and note that the broker took it."""
    waiting = Job.objects.filter(pk=job_id, state=Job.State.QUEUED)
    wake(RUN, job_id=job_id, then=partial(waiting.update, published_at=Now()))


def run(job_id: int) -> Job | None:
    """Claim a waiting job and do it; None when there is nothing to claim.

    Never raises for what the job did: the row tells the outcome.
    """
    if (job := _claim(job_id)) is None:
        return None
    try:
        with Heart(job), acting(job.actor):
            _do(job)
            _finish(job, Job.State.DONE)
    except Superseded:
        log.info("Job %s was taken from attempt %s.", job.pk, job.attempt)
    except (Refused, PermissionDenied, ValidationError) as reason:
        _fail(job, " ".join(reason.messages) if isinstance(reason, ValidationError) else str(reason))
    except Exception:
        log.exception("Job %s (%s) failed in attempt %s.", job.pk, job.kind, job.attempt)
        _try_again(job)
    job.refresh_from_db()
    return job


def cancel(job: Job, *, by: Any) -> Job:
    """Stop a job that has not ended; what its running attempt did is rolled back.

    Raises `PermissionDenied` for the jobs of others without the right, `Refused` when it has ended.
    """
    if job.actor_id != by.pk and (denied := authority.only.refusal(by, "jobs.change_job", job)):
        raise denied
    with transaction.atomic():
        ended = Job.objects.filter(pk=job.pk, state__in=Job.UNFINISHED).update(
            state=Job.State.CANCELLED, finished_at=Now(), message=_("Cancelled by %(name)s.") % {"name": by}
        )
        job.refresh_from_db()
        if not ended:
            raise Refused(_("%(job)s has ended already.") % {"job": job}, code="state")
        events.publish(JobEnded(job.pk, job.kind, job.state))
    return job


def _claim(job_id: int) -> Job | None:
    with transaction.atomic():
        claimed = Job.objects.filter(pk=job_id, state=Job.State.QUEUED, wake_at__lte=Now()).update(
            state=Job.State.RUNNING, attempt=F("attempt") + 1, started_at=Now(), heartbeat_at=Now()
        )
        return Job.objects.select_related("actor", "company").get(pk=job_id) if claimed else None


def _do(job: Job) -> None:
    known = kinds.get(job.kind)
    if known is None:
        raise Refused(_("Nothing here knows how to do %(kind)s.") % {"kind": job.kind})
    if not job.actor.is_active:
        raise PermissionDenied(_("%(name)s has no access any more.") % {"name": job.actor})
    if known.permission and (denied := authority.only.refusal(job.actor, known.permission, job.company)):
        raise denied
    known.function(job, **job.arguments)


def _finish(job: Job, state: str, message: str | None = None) -> None:
    """The last write of the attempt; raises `Superseded` when another attempt owns the job now."""
    mine = Job.objects.filter(pk=job.pk, attempt=job.attempt, state=Job.State.RUNNING)
    text = job.message if message is None else message
    if state == Job.State.DONE:
        job.done = job.total
    outcome = {"result_text": job.result_text, "result_url": job.result_url, "done": job.done, "total": job.total}
    if not mine.update(state=state, finished_at=Now(), message=text, **outcome):
        raise Superseded
    events.publish(JobEnded(job.pk, job.kind, state))


def _fail(job: Job, message: str) -> None:
    try:
        with transaction.atomic():
            _finish(job, Job.State.FAILED, message)
    except Superseded:
        log.info("Job %s was taken from attempt %s.", job.pk, job.attempt)


def _try_again(job: Job) -> None:
    """Back into the queue with a growing pause, until the attempts of its kind are used up."""
    known = kinds.get(job.kind)
    if known is None or job.attempt >= known.attempts:
        _fail(job, _("It failed unexpectedly; the log of the server names job %(number)s.") % {"number": job.pk})
        return
    pause = timedelta(seconds=10 * 3**job.attempt)
    Job.objects.filter(pk=job.pk, attempt=job.attempt, state=Job.State.RUNNING).update(
        state=Job.State.QUEUED, wake_at=timezone.now() + pause, published_at=None
    )
