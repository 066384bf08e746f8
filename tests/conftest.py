"""The test database: made and migrated by the owner, used as the application's role, as in production.

The application's role may not TRUNCATE, so tests that commit are undone by making the database
anew from a template (0.2 s) instead of by Django's flush.
"""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from django.test.utils import setup_databases
from psycopg import sql

from backoffice.workcal import calendars
from hr.payroll import parameters

pytest_plugins = ["tests.fixtures_browser", "tests.fixtures_world"]


def _owner_connection() -> psycopg.Connection[Any]:
    own = settings.OWNER_DATABASE
    return psycopg.connect(
        dbname="postgres",
        user=own["USER"],
        password=own["PASSWORD"],
        host=own["HOST"],
        port=own["PORT"] or None,
        autocommit=True,
    )


def owner_of_test_database() -> psycopg.Connection[Any]:
    """A connection to the test database as its owner, for tests that take a guard out."""
    own = settings.OWNER_DATABASE
    return psycopg.connect(
        dbname=connections["default"].settings_dict["NAME"],
        user=own["USER"],
        password=own["PASSWORD"],
        host=own["HOST"],
        port=own["PORT"] or None,
        autocommit=True,
    )


def _as_role(database: dict[str, Any]) -> None:
    connection = connections["default"]
    connection.close()
    connection.settings_dict.update(USER=database["USER"], PASSWORD=database["PASSWORD"])


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    keep = request.config.getvalue("reuse_db") and not request.config.getvalue("create_db")
    # A browser keeps its connections open, so each thread of the live server gives its own of the database back.
    connections["default"].settings_dict["CONN_MAX_AGE"] = 0
    application = dict(connections["default"].settings_dict)
    with django_db_blocker.unblock():
        _as_role(settings.OWNER_DATABASE)
        old = setup_databases(verbosity=0, interactive=False, keepdb=keep, serialized_aliases=set())
        _as_role(application)
        _drop_template()
    yield
    if not keep:
        with django_db_blocker.unblock():
            connections.close_all()
            _drop_template()
            name = connections["default"].settings_dict["NAME"]
            with _owner_connection() as owner:
                owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    del old


def _template() -> str:
    return connections["default"].settings_dict["NAME"] + "_clean"


def _drop_template() -> None:
    with _owner_connection() as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_template())))


def _copy(source: str, target: str) -> None:
    """Replace `target` by a copy of `source`, whoever is still connected."""
    connections.close_all()
    with _owner_connection() as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'",
            [source],
        )
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target)))
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(target), sql.Identifier(source)
            )
        )


def _exists(name: str) -> bool:
    with _owner_connection() as owner:
        return owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _restore(self: TransactionTestCase) -> None:
    """The database as it was; its sequences begin again, so what the process keeps by key is of another world."""
    _copy(_template(), connections["default"].settings_dict["NAME"])
    calendars.forget()
    parameters.read.cache_clear()


TransactionTestCase._fixture_teardown = _restore  # type: ignore[method-assign]
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's sync API keeps an event loop


@pytest.fixture
def _django_db_template_ready(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        if not _exists(_template()):
            _copy(connections["default"].settings_dict["NAME"], _template())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that commit need the template before they start; files that take minutes come first, so that none runs alone."""
    seconds = {item: mark.kwargs.get("seconds", 30) for item in items if (mark := item.get_closest_marker("slow"))}
    items.sort(key=lambda item: -seconds.get(item, 0))
    for item in items:
        marker = item.get_closest_marker("django_db")
        names = getattr(item, "fixturenames", [])
        if (marker and marker.kwargs.get("transaction")) or "transactional_db" in names or "live_server" in names:
            item.fixturenames.insert(0, "_django_db_template_ready")  # type: ignore[attr-defined]
