"""PostgreSQL and Valkey on the own machine, for the demo and the tests, without administrator rights or set-up.

Production names its servers in DATABASE_URL and REDIS_URL and never comes here. Everything of one checkout lives in a
folder of its own below the data folder (see `places`), so two checkouts neither share nor stop each other's servers.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from secrets import token_bytes, token_hex, token_urlsafe
from urllib.parse import quote

from . import places, postgres, valkey
from .places import Kind, ServiceError

__all__ = ["Addresses", "Kind", "ServiceError", "addresses", "down", "secrets", "status", "up"]


@dataclass(frozen=True)
class Addresses:
    """Where the servers of this checkout answer, with their passwords: not for logs."""

    database_url: str
    database_owner_url: str
    redis_url: str
    broker_url: str

    def environment(self) -> dict[str, str]:
        """The same as environment variables for child processes."""
        return {
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.database_owner_url,
            "REDIS_URL": self.redis_url,
            "BROKER_URL": self.broker_url,
        }


def addresses(kind: Kind = "demo") -> Addresses:
    """The addresses of this checkout's servers. Starts nothing: it may be asked before they run."""
    place = places.place(kind)
    secret = {name: quote(value, safe="") for name, value in place.credentials().items()}
    folder = quote(str(place.sockets), safe="")
    socket = quote(str(place.sockets / valkey.SOCKET))
    return Addresses(
        database_url=f"postgresql://{postgres.APP}:{secret['app']}@/{postgres.DATABASE}?host={folder}",
        database_owner_url=f"postgresql://{postgres.OWNER}:{secret['owner']}@/{postgres.DATABASE}?host={folder}",
        redis_url=f"unix://:{secret['valkey']}@{socket}?db=0",
        broker_url=f"redis+socket://:{secret['valkey']}@{socket}",
    )


def secrets() -> dict[str, str]:
    """The keys with which this checkout signs, seals and encrypts, kept so that demo data stay readable.

    Their form is that of the environment variables which production sets.
    """

    def make() -> dict[str, str]:
        return {
            "SECRET_KEY": token_urlsafe(50),
            "SEAL_KEYS": f"demo:{token_hex(32)}",
            "FIELD_KEYS": urlsafe_b64encode(token_bytes(32)).decode(),
        }

    return places.place("demo").secrets("keys", make)


def up(kind: Kind = "demo") -> bool:
    """Start what does not run yet. True when something had to be started; ServiceError when it cannot be."""
    place = places.place(kind)
    place.prepare()
    with place.locked():
        database_started = postgres.start(place)
        queue_started = valkey.start(place)
    return database_started or queue_started


def down(kind: Kind = "demo") -> bool:
    """Stop the servers of this checkout in order; their data stay. True when something was running."""
    place = places.place(kind)
    if not place.folder.exists():
        return False
    with place.locked():
        queue_stopped = valkey.stop(place)
        database_stopped = postgres.stop(place)
    return database_stopped or queue_stopped


def status(kind: Kind = "demo") -> dict[str, str]:
    """What answers, by server: its version, or an empty text for a server that does not run."""
    place = places.place(kind)
    if not place.folder.exists():
        return {"PostgreSQL": "", "Valkey": ""}
    return {"PostgreSQL": postgres.running_version(place), "Valkey": valkey.running_version(place)}
