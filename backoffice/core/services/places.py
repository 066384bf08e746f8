"""Where the servers of one checkout keep their data, sockets and passwords, and as whom they run.

The data folder is BACKOFFICE_DATA_DIR, for root /var/lib/backoffice, for everybody else the per-user data folder.
PostgreSQL refuses to run as root; root therefore runs it as the system user BACKOFFICE_SERVICE_USER (default
`backoffice`, made if missing), who can reach only what lies open to him: his data and copies of the binaries. The
rights of folders that are not ours are never changed.
"""

import fcntl
import hashlib
import json
import os
import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Literal

Kind = Literal["demo", "test"]

CHECKOUT = Path(__file__).resolve().parents[3]
# The kernel keeps a socket's path in 108 bytes (104 on macOS), and PostgreSQL adds its own file name.
LONGEST_SOCKET_FOLDER = 80


class ServiceError(Exception):
    """A server cannot be started or stopped; the message tells the person at the terminal what to do."""


@dataclass(frozen=True)
class Place:
    """The home of one kind of servers of this checkout."""

    kind: Kind
    base: Path
    home: Path

    @property
    def folder(self) -> Path:
        """Readable by the servers alone."""
        return self.home / self.kind

    @property
    def sockets(self) -> Path:
        """A short folder that only we and the servers may enter."""
        inside = self.folder / "run"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
            return inside
        return Path("/tmp") / f"backoffice-{os.getuid()}" / f"{self.home.name[-8:]}-{self.kind}"  # noqa: S108 - checked below

    def log(self, server: str) -> Path:
        return self.home / f"{self.kind}-{server}.log"

    def secrets(self, name: str, make: Callable[[], dict[str, str]]) -> dict[str, str]:
        """The secrets stored under a name, made at the first call; only their owner may read the file."""
        path = self.home / f"{self.kind}-{name}.json"
        try:
            if not path.exists():
                self._make_home()
                with self.locked():
                    if not path.exists():
                        write_secret(path, json.dumps(make()))
            stored: dict[str, str] = json.loads(path.read_text())
        except OSError as error:
            raise ServiceError(
                f"{error.strerror}: {error.filename}. Choose a folder of your own in BACKOFFICE_DATA_DIR, "
                "or name running servers in DATABASE_URL, REDIS_URL and BROKER_URL."
            ) from error
        return stored

    def credentials(self) -> dict[str, str]:
        """The passwords of the servers' roles."""
        roles = ("superuser", "owner", "app", "valkey")
        return self.secrets("credentials", lambda: {role: token_urlsafe(24) for role in roles})

    def prepare(self) -> None:
        """Make folders and passwords that are missing; what exists stays as it is."""
        user = service_user()
        self._refuse_closed_parents(user)
        self.credentials()
        with self.locked():
            _make_folder(self.folder, 0o700, user)
            if self.sockets.parent != self.folder:
                _make_folder(self.sockets.parent, 0o711 if user else 0o700)
                _refuse_foreign(self.sockets.parent)
            _make_folder(self.sockets, 0o700, user)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Only one process at a time starts or stops the servers of this place."""
        with locked_file(self.home / f"{self.kind}.lock"):
            yield

    def _make_home(self) -> None:
        """Root's folders stay passable for the service user; everybody else's are private."""
        mode = 0o755 if os.getuid() == 0 else 0o700
        _make_folder(self.base, mode)
        _make_folder(self.home, mode)
        (self.home / "checkout.txt").write_text(f"{CHECKOUT}\n")

    def _refuse_closed_parents(self, user: pwd.struct_passwd | None) -> None:
        """The service user must be able to reach the data; opening somebody's private folder is not ours to do."""
        if user is None:
            return
        for parent in self.base.parents:
            if parent.exists() and not parent.stat().st_mode & stat.S_IXOTH:
                raise ServiceError(
                    f"The user {user.pw_name}, as whom the servers run, cannot enter {parent}. "
                    "Choose another folder in BACKOFFICE_DATA_DIR."
                )


def place(kind: Kind) -> Place:
    """The place of this checkout's demo or test servers; touches nothing."""
    base = data_folder()
    fingerprint = hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:8]
    return Place(kind=kind, base=base, home=base / f"{CHECKOUT.name[:24]}-{fingerprint}")


def data_folder() -> Path:
    """The folder that holds the data of all checkouts of this user."""
    if chosen := os.environ.get("BACKOFFICE_DATA_DIR"):
        return Path(chosen).expanduser().absolute()
    if os.getuid() == 0:
        return Path("/var/lib/backoffice")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "backoffice"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "backoffice"


@cache
def service_user() -> pwd.struct_passwd | None:
    """As whom root runs the servers, made if missing; None for ordinary users, who run them as themselves."""
    if os.getuid() != 0:
        return None
    name = os.environ.get("BACKOFFICE_SERVICE_USER", "backoffice")
    try:
        return pwd.getpwnam(name)
    except KeyError:
        pass
    if not shutil.which("useradd"):
        raise ServiceError(f"PostgreSQL does not run as root. Make a system user named {name} and try again.")
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return pwd.getpwnam(name)  # another process may have made it in the same moment
    except KeyError:
        raise ServiceError(f"The system user {name} could not be made: {made.stderr.strip()}") from None


def as_service() -> dict[str, Any]:
    """Arguments for subprocess: run as the service user, at the root folder, with an environment of our choice.

    The working directory matters: the service user may be unable to enter the one of the caller.
    """
    arguments: dict[str, Any] = {
        "cwd": "/",
        "env": {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
        "stdin": subprocess.DEVNULL,
    }
    if user := service_user():
        arguments |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return arguments


@contextmanager
def locked_file(path: Path) -> Iterator[None]:
    """Hold the file alone; the kernel lets go when the process ends, however it ends."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write_secret(path: Path, text: str, user: pwd.struct_passwd | None = None) -> None:
    """Write a file that nobody else could read at any moment, complete or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        if user:
            os.fchown(handle, user.pw_uid, user.pw_gid)
        file.write(text)
    part.replace(path)


def _make_folder(path: Path, mode: int, user: pwd.struct_passwd | None = None) -> None:
    if path.is_dir():
        return
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)
    if user:
        os.chown(path, user.pw_uid, user.pw_gid)


def _refuse_foreign(path: Path) -> None:
    """In the shared temporary folder somebody else may have made our folder first."""
    found = path.lstat()
    if found.st_uid != os.getuid() or not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o022:
        raise ServiceError(f"{path} does not belong to you alone. Remove it, or choose a shorter BACKOFFICE_DATA_DIR.")
