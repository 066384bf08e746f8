"""One Valkey for queue and cache: started, stopped.

It keeps an append-only file in the demo, so that accepted tasks survive a crash, and nothing on disk in tests.
"""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from . import binaries
from .places import Place, ServiceError, as_service, service_user

SOCKET = "valkey.sock"
START_SECONDS = 20
_children: list[subprocess.Popen[bytes]] = []


def start(place: Place) -> bool:
    """Start the server; False when it answered already."""
    if running_version(place):
        return False
    programs, server = binaries.valkey()
    data = place.folder / "valkey"
    if not data.exists():
        data.mkdir(mode=0o700)
        if user := service_user():
            shutil.chown(data, user.pw_uid, user.pw_gid)
    log = place.log("valkey")
    with log.open("wb") as output:
        arguments = as_service() | {"stdin": subprocess.PIPE}
        command = [programs.path(server), "-"]
        child = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True, **arguments)
    _children.append(child)
    assert child.stdin is not None
    # The configuration goes in by standard input: a password on the command line is public.
    with suppress(BrokenPipeError), child.stdin as configuration:
        configuration.write(_configuration(place, str(data)).encode())
    deadline = time.monotonic() + START_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        if running_version(place):
            return True
        time.sleep(0.05)
    tail = log.read_text(errors="replace").splitlines()[-15:]
    raise ServiceError("Valkey does not start. The end of its log:\n" + "\n".join(tail))


def stop(place: Place) -> bool:
    """Stop the server, which first writes what it holds; False when none ran."""
    try:
        with _client(place) as client:
            pid = int(client.info("server")["process_id"])
    except redis.RedisError:
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + START_SECONDS
    while running_version(place) and time.monotonic() < deadline:
        time.sleep(0.05)
    for child in _children:
        if child.pid == pid:
            with suppress(subprocess.TimeoutExpired):
                child.wait(timeout=5)
    return True


def running_version(place: Place) -> str:
    """The version that answers at the socket, or an empty text."""
    try:
        with _client(place) as client:
            about = client.info("server")
    except redis.RedisError:
        return ""
    return str(about.get("valkey_version") or about["redis_version"])


def _client(place: Place) -> redis.Redis:
    return redis.Redis(
        unix_socket_path=str(place.sockets / SOCKET),
        password=place.credentials()["valkey"],
        socket_timeout=3,
        retry=Retry(NoBackoff(), 0),  # a server that does not answer is an answer here
    )


def _configuration(place: Place, data: str) -> str:
    lines = [
        "port 0",
        f'unixsocket "{place.sockets / SOCKET}"',
        "unixsocketperm 700",
        f'requirepass "{place.credentials()["valkey"]}"',
        f'dir "{data}"',
        f"appendonly {'yes' if place.kind == 'demo' else 'no'}",
        "appendfsync everysec",
        'save ""',
        "maxmemory-policy noeviction",
        "daemonize no",
    ]
    return "\n".join(lines) + "\n"
