"""The heart of a running job: signs of life and progress, written outside of the work's transaction.

The work is one transaction, so nobody would see progress written in it, and its lock on the row
would hold up everyone else. A thread with a connection of its own does the writing.
"""

import threading
from typing import Any, Self

from django.db import connection
from django.db.models.functions import Now

from backoffice.jobs.models import Job

BEAT = 5.0  # seconds between signs of life
SHOW = 0.7  # seconds between two writings of progress


class Superseded(Exception):
    """The job was cancelled or given to another worker: what this attempt did must not count."""


class Heart:
    """Beats while the work runs; stops it when the attempt no longer owns the job."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._lost = threading.Event()
        self._news = threading.Event()
        self._ended = threading.Event()
        # Inside somebody's transaction (a test, a shell) no other connection can see the row yet.
        self._thread = None if connection.in_atomic_block else threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self.job.heart = self
        if self._thread:
            self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.job.heart = None
        self._ended.set()
        self._news.set()
        if self._thread:
            self._thread.join()

    def tell(self) -> None:
        """Have the job's progress written soon. Raises `Superseded` when the attempt lost its job."""
        self._news.set()
        if self._lost.is_set():
            raise Superseded

    def _beat(self) -> None:
        try:
            while not self._ended.is_set():
                self._news.wait(BEAT)
                self._news.clear()
                if self._ended.is_set() or not self._write():
                    return
                self._ended.wait(SHOW)
        finally:
            connection.close()

    def _write(self) -> bool:
        job = self.job
        fields: dict[str, Any] = {"done": job.done, "total": job.total, "message": job.message}
        mine = Job.objects.filter(pk=job.pk, attempt=job.attempt, state=Job.State.RUNNING)
        if mine.update(heartbeat_at=Now(), **fields):
            return True
        self._lost.set()
        return False
