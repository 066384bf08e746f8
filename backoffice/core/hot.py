"""Prepared statements for the few paths where planning costs more than the work.

Django binds parameters into the text of a statement, so PostgreSQL plans it anew each time. Here the server
keeps the plan, and the parameters travel beside the text (so none of them reaches a log).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection


def fetch(statement: str, parameters: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a prepared statement in Django's own connection and transaction; its rows."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, parameters, prepare=True)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description else []
