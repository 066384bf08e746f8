"""Prepared statements for the few paths where planning and waiting cost more than the work.

Django binds parameters into the text of a statement, so PostgreSQL plans it anew each time. Here the server
keeps the plan, and the parameters travel beside the text (so none of them reaches a log). Statement and BEGIN,
or statement and COMMIT, travel together: a row that all posters wait for is not held while this process wakes up.
"""

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection
from psycopg.pq import TransactionStatus


def fetch(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a prepared statement in Django's own connection and transaction; its rows."""
    return _run(statement, parameters, commit=False)


def fetch_last(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run the last statement of a transaction; where this is the outermost block, COMMIT goes with it.

    The caller must not touch the database again in this block.
    """
    return _run(statement, parameters, commit=connection.in_atomic_block and not connection.savepoint_ids)


def _run(statement: str, parameters: Mapping[str, Any], *, commit: bool) -> list[tuple[Any, ...]]:
    connection.ensure_connection()
    raw = connection.connection
    with connection.wrap_database_errors, psycopg.Cursor(raw) as cursor:
        if commit or raw.info.transaction_status == TransactionStatus.IDLE:
            with raw.pipeline():
                cursor.execute(statement, parameters, prepare=True)
                if commit:
                    raw.commit()  # Django's own commit, when the block ends, finds nothing left to do
        else:
            cursor.execute(statement, parameters, prepare=True)
        return cursor.fetchall() if cursor.description else []
