"""After migrate: the application role may read and write rows, and nothing else.

The owner role makes tables, functions and triggers; the application is neither owner nor
superuser, so it cannot switch a guard off (spec: PostgreSQL GRANT, "owner's implicit rights").
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from psycopg import sql


def grant_to_application(using: str = "default", **kwargs: Any) -> None:
    """Grant row rights on all tables to the role of `DATABASE_URL`; a no-op where one role does both."""
    connection = connections[using]
    role = settings.APPLICATION_ROLE
    if not role or role == connection.settings_dict["USER"]:
        return
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "GRANT USAGE ON SCHEMA public TO {role};"
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};"
                "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role};"
            )
            .format(role=sql.Identifier(role))
            .as_string()
        )
        for table in present.intersection(_written_by_triggers()):
            revoke = sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {table} FROM {role}")
            cursor.execute(revoke.format(table=sql.Identifier(table), role=sql.Identifier(role)).as_string())


def _written_by_triggers() -> list[str]:
    return [m._meta.db_table for m in apps.get_models() if getattr(m, "written_by_triggers", False)]
