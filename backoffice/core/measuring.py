"""What benches share: a throw-away database, medians, and figures beside their raw limit."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

REPEATS = 5


@dataclass(frozen=True)
class Figure:
    """Our figure beside the limit that plain SQL sets on the same rows in the same run."""

    ours: float
    limit: float
    unit: str
    higher_is_better: bool = True

    @classmethod
    def of(cls, measured: Sequence[float], unit: str, *, higher_is_better: bool = True) -> "Figure":
        """From the medians of ours and of the limit."""
        ours, limit = measured
        return cls(ours, limit, unit, higher_is_better)

    def as_json(self) -> dict[str, Any]:
        """Ratio 1 means as good as the limit, more is better."""
        ratio = self.ours / self.limit if self.higher_is_better else self.limit / self.ours
        return {"ours": round(self.ours, 3), "limit": round(self.limit, 3), "ratio": round(ratio, 3), "unit": self.unit}


def per_second(count: int, action: Callable[[], object]) -> float:
    """How many of `count` things a second this action does."""
    started = time.perf_counter()
    action()
    return count / (time.perf_counter() - started)


def milliseconds(action: Callable[[], object], times: int = 20) -> float:
    """Median time of a warm call."""
    action()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def interleaved(*actions: Callable[[], float]) -> list[float]:
    """Medians of several measurements taken in turn, so that a drifting machine meets all of them."""
    results: list[list[float]] = [[] for _ in actions]
    for _ in range(REPEATS):
        for place, action in enumerate(actions):
            results[place].append(action())
    return [statistics.median(values) for values in results]


@contextmanager
def throw_away_database() -> Iterator[str]:
    """A fresh, migrated database for the length of a bench; the process works in it as the application's role."""
    name = f"bench_{os.getpid()}"
    mine = connection.settings_dict
    before = dict(mine)
    owner = settings.OWNER_DATABASE
    with _server() as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        connection.close()
        mine.update(NAME=name, USER=owner["USER"], PASSWORD=owner["PASSWORD"])
        call_command("migrate", verbosity=0)
        connection.close()
        mine.update(USER=before["USER"], PASSWORD=before["PASSWORD"])
        yield name
    finally:
        connection.close()
        mine.update(before)
        with _server() as server:
            _drop(server, name)


def _drop(server: psycopg.Connection[Any], name: str) -> None:
    """Drop a database with whoever is connected; an autovacuum at work in it goes only when asked without force."""
    try:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _server() -> psycopg.Connection[Any]:
    owner = settings.OWNER_DATABASE
    return psycopg.connect(
        dbname="postgres",
        user=owner["USER"],
        password=owner["PASSWORD"],
        host=owner["HOST"],
        port=owner["PORT"] or None,
        autocommit=True,
    )


def raw(*, as_owner: bool = False) -> psycopg.Connection[Any]:
    """A plain connection to the throw-away database, for the limit."""
    mine = settings.OWNER_DATABASE if as_owner else connection.settings_dict
    return psycopg.connect(
        dbname=connection.settings_dict["NAME"],
        user=mine["USER"],
        password=mine["PASSWORD"],
        host=mine["HOST"],
        port=mine["PORT"] or None,
    )


def together(bench: str, job: str, processes: int, *arguments: str) -> list[str]:
    """Run a bench's job in several processes on the same database; what each printed last."""
    command = [
        sys.executable,
        "manage.py",
        "bench",
        bench,
        "--job",
        job,
        "--database",
        connection.settings_dict["NAME"],
    ]
    running = [
        subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True)  # noqa: S603 (our own command)
        for _ in range(processes)
    ]
    return [process.communicate(timeout=300)[0].strip().splitlines()[-1] for process in running]
