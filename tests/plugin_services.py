"""Gives every test run a PostgreSQL and a Valkey of its own before Django reads its settings.

Servers named in DATABASE_URL and REDIS_URL are used instead. Sessions that run at the same time share the test
servers; the last one to leave stops them. A worker of pytest-xdist inherits the addresses and takes a numbered
database of the same Valkey for itself.
"""

import fcntl
import os
from urllib.parse import urlsplit, urlunsplit

import pytest

from backoffice.core import services
from backoffice.core.services import places

NAMES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "BROKER_URL")
_share = None


def numbered(url, number):
    """The same Valkey, another of its databases."""
    parts = urlsplit(url)
    if parts.scheme == "redis+socket":
        return urlunsplit(parts._replace(query=f"virtual_host={number}"))
    if parts.scheme == "unix":
        return urlunsplit(parts._replace(query=f"db={number}"))
    return urlunsplit(parts._replace(path=f"/{number}"))


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args):
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        for name in ("REDIS_URL", "BROKER_URL"):
            os.environ[name] = numbered(os.environ[name], int(worker.removeprefix("gw")) + 1)
    if all(name in os.environ for name in NAMES):
        return
    global _share
    place = places.place("test")
    place.prepare()
    # Held shared for the whole session; the kernel lets go even if the session is killed.
    _share = (place.home / "test.sessions").open("a")
    fcntl.flock(_share, fcntl.LOCK_SH)
    services.up("test")
    for name, value in services.addresses("test").environment().items():
        os.environ.setdefault(name, value)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    global _share
    if _share is None:
        return
    try:
        fcntl.flock(_share, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pass  # somebody else still tests
    else:
        services.down("test")
    _share.close()
    _share = None
