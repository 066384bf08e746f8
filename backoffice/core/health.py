"""Is the process alive, and can it serve: for load balancers, the launcher and people on call."""

from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse  # noqa: TID251  (these two answers are all that the core says over HTTP)
from django.views.decorators.cache import never_cache


@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked, so that a slow database does not restart the web."""
    return JsonResponse({"alive": True})


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Each service in one word; 503 when the database or its migrations are not there.

    A missing queue is told but does not take the web away: wake-ups are repeated from the database.
    """
    answers: dict[str, Any] = {"database": _database(), "queue": _queue()}
    can_serve = answers["database"] == "ready"
    return JsonResponse({"ready": can_serve, **answers}, status=200 if can_serve else 503)


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unreachable"
    return "migrations missing" if waiting else "ready"


def _queue() -> str:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as queue:
            queue.ping()
    except redis.RedisError:
        return "unreachable"
    return "ready"
