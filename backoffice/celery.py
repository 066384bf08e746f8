"""Celery: carries wake-ups only; what must be done lies in PostgreSQL (`backoffice.jobs`)."""

import os
from collections.abc import Callable
from typing import Any

from celery import Celery
from django.db import transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings")

app = Celery("backoffice")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def wake(task: str, then: Callable[[], object] | None = None, **arguments: Any) -> None:
    """Ask a worker for a task once this transaction is committed, and call `then` when the broker took it.

    A lost wake-up costs time, never work: the sweepers look into PostgreSQL every 15 seconds. So the
    request of a person neither waits for a broker that is down nor fails because of it.
    """

    def send() -> None:
        app.send_task(task, kwargs=arguments, retry=False)
        if then is not None:
            then()

    transaction.on_commit(send, robust=True)
