"""One PostgreSQL cluster: made, started, given its two roles, stopped.

Two roles: the owner migrates and owns every table; the application reads and writes rows and can neither change nor
disable what guards them. Nobody else may connect, and only through a Unix socket.
"""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql

from . import binaries
from .places import Place, ServiceError, as_service, service_user, write_secret

SUPERUSER = "postgres"
OWNER = "backoffice_owner"
APP = "backoffice_app"
DATABASE = "backoffice"

COMMON = {"listen_addresses": "", "unix_socket_permissions": "0700", "jit": "off", "shared_buffers": "256MB"}
TUNING = {
    "demo": COMMON | {"max_wal_size": "2GB", "max_connections": "100"},
    # Test data are worth nothing after the test, so nothing waits for the disk.
    "test": COMMON
    | {
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_wal_size": "4GB",
        "max_connections": "60",
        "autovacuum_naptime": "5min",
    },
}
START_SECONDS = 60
MOST_STARTS = 20
_children: list[subprocess.Popen[bytes]] = []


def start(place: Place) -> bool:
    """Make the cluster if needed and start it; False when it answered already."""
    if running_version(place):
        return False
    programs = binaries.postgres()
    data = place.folder / f"pgdata-{programs.major}"
    if not data.exists():
        _initialise(place, programs, data)
    _start_server(place, programs, data)
    _make_roles_and_database(place)
    return True


def stop(place: Place) -> bool:
    """Stop the server in order, ending open sessions; False when none ran."""
    stopped = False
    for data in place.folder.glob("pgdata-*"):
        pid = _server_pid(data)
        if pid is None:
            continue
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
            stopped = True
        deadline = time.monotonic() + START_SECONDS
        while _server_pid(data) == pid and _alive(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
    for child in _children:
        child.poll()
    return stopped


def running_version(place: Place) -> str:
    """The version that answers at the socket, or an empty text. The file with the process id is not trusted."""
    if not (place.sockets / ".s.PGSQL.5432").exists():
        return ""
    try:
        with _connection(place) as connection:
            major, minor = divmod(connection.info.server_version, 10000)
            return f"{major}.{minor}"
    except psycopg.OperationalError:
        return ""


def _initialise(place: Place, programs: binaries.Programs, data: Path) -> None:
    older = sorted(path.name for path in place.folder.glob("pgdata-*") if not path.name.endswith(".part"))
    if older and place.kind == "demo":
        raise ServiceError(
            f"{place.folder} holds {', '.join(older)}, but the server found is version {programs.major}. "
            "Dump with the old server and restore with the new one, or put the old folder away."
        )
    # Made beside its place and moved when complete: a run that was killed leaves nothing that looks like a cluster.
    part = data.with_name(f"{data.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    password_file = place.folder / "password"
    write_secret(password_file, place.credentials()["superuser"], service_user())
    command = [programs.path("initdb"), f"--pgdata={part}", f"--username={SUPERUSER}", f"--pwfile={password_file}"]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
    command += ["--builtin-locale=C.UTF-8", "--no-instructions", *(["--no-sync"] if place.kind == "test" else [])]
    try:
        made = subprocess.run(command, capture_output=True, text=True, check=False, **as_service())
    finally:
        password_file.unlink()
    if made.returncode:
        raise ServiceError(f"PostgreSQL could not prepare {part}:\n{made.stdout}{made.stderr}")
    part.replace(data)


def _start_server(place: Place, programs: binaries.Programs, data: Path) -> None:
    settings = TUNING[place.kind] | {"unix_socket_directories": str(place.sockets)}
    command = [programs.path("postgres"), "-D", str(data)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    log = place.log("postgresql")
    deadline = time.monotonic() + START_SECONDS
    starts = 0
    while starts < MOST_STARTS:
        starts += 1
        _forget_zombie(place, data)
        with log.open("wb" if starts == 1 else "ab") as output:
            child = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True, **as_service()
            )
        _children.append(child)
        while child.poll() is None:
            if running_version(place):
                return
            if time.monotonic() > deadline:
                child.send_signal(signal.SIGINT)
                break
            time.sleep(0.05)
        if time.monotonic() > deadline:
            break
        # A server killed a moment ago may still seem to hold the folder: the start is tried again, not only the connect.
        time.sleep(0.3)
    tail = log.read_text(errors="replace").splitlines()[-15:]
    raise ServiceError("PostgreSQL does not start. The end of its log:\n" + "\n".join(tail))


def _make_roles_and_database(place: Place) -> None:
    secret = place.credentials()
    with _connection(place) as connection:
        connection.autocommit = True
        for role, rights in ((OWNER, "CREATEDB"), (APP, "NOCREATEDB")):
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
            # Encrypted here, so that the password itself reaches neither the wire nor a log.
            password = secret["owner" if role == OWNER else "app"].encode()
            verifier = connection.pgconn.encrypt_password(password, role.encode(), b"scram-sha-256").decode()
            connection.execute(
                sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {} PASSWORD {}").format(
                    sql.Identifier(role), sql.SQL(rights), sql.Literal(verifier)
                )
            )
        if place.kind == "test":
            # Tests drop databases with (FORCE), which ends the application's sessions.
            connection.execute(sql.SQL("GRANT pg_signal_backend TO {}").format(sql.Identifier(OWNER)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            names = {"database": sql.Identifier(DATABASE), "owner": sql.Identifier(OWNER), "app": sql.Identifier(APP)}
            connection.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**names))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {database} FROM PUBLIC").format(**names))
            connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}").format(**names))


def _connection(place: Place) -> psycopg.Connection:
    return psycopg.connect(
        host=str(place.sockets),
        port=5432,
        user=SUPERUSER,
        password=place.credentials()["superuser"],
        dbname="postgres",
        connect_timeout=3,
    )


def _server_pid(data: Path) -> int | None:
    return _pid_in(data / "postmaster.pid")


def _pid_in(lock: Path) -> int | None:
    try:
        return int(lock.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _alive(pid: int) -> bool:
    for child in _children:
        child.poll()
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not _zombie(pid)


def _zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def _forget_zombie(place: Place, data: Path) -> None:
    """A container's first process may never reap: a killed server would seem to hold its folder for ever.

    Sessions of it that still write are noticed by PostgreSQL itself, through their shared memory.
    """
    for child in _children:
        child.poll()
    for lock in (data / "postmaster.pid", place.sockets / ".s.PGSQL.5432.lock"):
        pid = _pid_in(lock)
        if pid is not None and _zombie(pid):
            lock.unlink(missing_ok=True)
