"""A job happens once, whatever dies; its row tells the truth."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from backoffice.core.errors import Refused
from backoffice.core.slots import Slot
from backoffice.jobs import heart, running, sweeping
from backoffice.jobs.models import Job
from backoffice.messaging.models import Notice
from tests.fixtures_world import a_user


@pytest.fixture
def kinds(monkeypatch):
    """A slot of our own, so that tests may register kinds."""
    monkeypatch.setattr(Slot, "closed", False)
    slot = Slot.__new__(Slot)
    slot.name, slot._filled = "jobs.kinds", {}
    monkeypatch.setattr(running, "kinds", slot)
    monkeypatch.setattr(sweeping, "kinds", slot)
    return slot


@pytest.fixture
def tom(db):
    return a_user("Tom Ashworth")


def noticing(job, *, title, **unknown):
    Notice.objects.create(to=job.actor, title=title)


def test_a_job_exists_only_if_its_cause_was_committed(tom, kinds):
    running.kind("note")(noticing)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        running.enqueue("note", by=tom, title_="x", title="hello")
        raise ZeroDivisionError

    assert not Job.objects.exists()


def test_a_job_is_done_once_however_often_it_is_started(tom, kinds):
    running.kind("note")(lambda job, **words: noticing(job, title="done"))
    job = running.enqueue("note", by=tom)

    outcomes = [running.run(job.pk) for _time in range(3)]

    assert [o and o.state for o in outcomes] == [Job.State.DONE, None, None]
    assert Notice.objects.count() == 1


def test_a_repeated_request_with_the_same_key_is_the_same_job(tom, kinds):
    running.kind("note")(noticing)

    first = running.enqueue("note", by=tom, key="monday")
    second = running.enqueue("note", by=tom, key="monday")

    assert first.pk == second.pk


def test_an_unknown_kind_is_refused_at_once(tom, kinds):
    with pytest.raises(LookupError):
        running.enqueue("nothing", by=tom)


def test_what_a_refused_job_wrote_is_undone_and_its_row_says_why(tom, kinds):
    def work(job, **words):
        noticing(job, title="half")
        raise Refused("The period is closed.")

    running.kind("note")(work)
    job = running.run(running.enqueue("note", by=tom).pk)

    assert (job.state, job.message) == (Job.State.FAILED, "The period is closed.")
    assert not Notice.objects.exists()


def test_an_unexpected_failure_is_tried_again_later_and_given_up_in_the_end(tom, kinds):
    def work(job, **words):
        raise RuntimeError("secret detail")

    running.kind("note", attempts=2)(work)
    job = running.run(running.enqueue("note", by=tom).pk)
    assert (job.state, job.published_at) == (Job.State.QUEUED, None)
    assert job.wake_at > timezone.now()
    assert running.run(job.pk) is None  # not before its time

    Job.objects.update(wake_at=timezone.now() - timedelta(seconds=1))
    job = running.run(job.pk)

    assert job.state == Job.State.FAILED
    assert "secret" not in job.message


def test_rights_are_asked_again_when_the_job_runs(company, kinds):
    user = a_user("Tom Ashworth", "jobs.view_job", company=company)
    running.kind("note", permission="jobs.view_job")(lambda job, **words: noticing(job, title="done"))
    job = running.enqueue("note", by=user, company=company)
    user.role_assignments.all().delete()

    assert running.run(job.pk).state == Job.State.FAILED
    assert not Notice.objects.exists()


def test_a_job_of_somebody_who_left_is_not_done(tom, kinds):
    running.kind("note")(lambda job, **words: noticing(job, title="done"))
    job = running.enqueue("note", by=tom)
    type(tom).objects.filter(pk=tom.pk).update(is_active=False)

    assert running.run(job.pk).state == Job.State.FAILED


def test_an_attempt_that_lost_its_job_leaves_nothing_behind(tom, kinds):
    def work(job, **words):
        noticing(job, title="late")
        Job.objects.filter(pk=job.pk).update(attempt=F("attempt") + 1)  # the sweeper gave it to another worker

    running.kind("note")(work)
    running.run(running.enqueue("note", by=tom).pk)

    assert not Notice.objects.exists()


def test_only_the_owner_or_a_holder_of_the_right_cancels(company, tom, kinds):
    running.kind("note")(noticing)
    job = running.enqueue("note", by=tom)

    with pytest.raises(PermissionDenied):
        running.cancel(job, by=a_user("Hannah Reid", company=company))
    assert running.cancel(job, by=tom).state == Job.State.CANCELLED
    with pytest.raises(Refused):
        running.cancel(job, by=tom)
    assert running.run(job.pk) is None


@pytest.mark.parametrize(
    "row",
    [
        {"published_at": None, "queued_at": timedelta(seconds=10)},
        {"published_at": timedelta(seconds=100), "queued_at": timedelta(seconds=100)},
    ],
)
def test_the_sweeper_wakes_workers_for_what_nobody_took(tom, kinds, row, django_capture_on_commit_callbacks):
    running.kind("note")(noticing)
    job = running.enqueue("note", by=tom)
    now = timezone.now()
    Job.objects.update(**{name: ago and now - ago for name, ago in row.items()})

    with django_capture_on_commit_callbacks() as waking:
        assert sweeping.sweep(now) == 1

    assert len(waking) == 1
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


def test_the_sweeper_leaves_young_and_living_jobs_alone(tom, kinds):
    running.kind("note")(noticing)
    running.enqueue("note", by=tom)
    alive = running.enqueue("note", by=tom)
    Job.objects.filter(pk=alive.pk).update(state="running", attempt=1, heartbeat_at=timezone.now())

    assert sweeping.sweep(timezone.now()) == 0


def test_the_job_of_a_dead_worker_is_given_out_again_and_given_up_in_the_end(tom, kinds):
    running.kind("note", attempts=2)(noticing)
    job = running.enqueue("note", by=tom)
    silent = timezone.now() - timedelta(minutes=5)

    Job.objects.update(state="running", attempt=1, heartbeat_at=silent)
    assert sweeping.sweep(timezone.now()) == 1

    Job.objects.update(state="running", attempt=2, heartbeat_at=silent)
    assert sweeping.sweep(timezone.now()) == 0
    job.refresh_from_db()
    assert job.state == Job.State.FAILED


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_while_the_work_is_uncommitted_and_cancelling_undoes_it(kinds, monkeypatch):
    monkeypatch.setattr(heart, "SHOW", 0.05)
    tom = a_user("Tom Ashworth")
    seen, go_on = threading.Event(), threading.Event()

    def work(job, **words):
        noticing(job, title="half")
        job.progress(1, 2, "Half way")
        seen.set()
        go_on.wait(10)
        for _turn in range(100):
            time.sleep(0.05)
            job.progress(1, 2)

    running.kind("note")(work)
    job = running.enqueue("note", by=tom)

    def worker():
        running.run(job.pk)
        connection.close()

    thread = threading.Thread(target=worker)
    thread.start()
    assert seen.wait(10)
    for _turn in range(60):
        job.refresh_from_db()
        if job.done:
            break
        time.sleep(0.05)
    assert (job.state, job.done, job.message) == (Job.State.RUNNING, 1, "Half way")
    assert not Notice.objects.exists()

    running.cancel(job, by=tom)
    go_on.set()
    thread.join(10)

    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert not Notice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_does_not_disturb_the_request(kinds, monkeypatch):
    running.kind("note")(noticing)

    def down(*args, **options):
        raise ConnectionError("broker")

    monkeypatch.setattr("backoffice.celery.app.send_task", down)
    job = running.enqueue("note", by=a_user("Tom Ashworth"), title="x")

    job.refresh_from_db()
    assert (job.state, job.published_at) == (Job.State.QUEUED, None)
