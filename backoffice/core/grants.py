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
        for table, columns in _written_by_triggers().items():
            if table not in present:
                continue
            names = {"table": sql.Identifier(table), "role": sql.Identifier(role)}
            cursor.execute(sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {table} FROM {role}").format(**names).as_string())
            if columns:
                granted = sql.SQL(", ").join(map(sql.Identifier, columns))
                statement = sql.SQL("GRANT UPDATE ({columns}) ON {table} TO {role}").format(columns=granted, **names)
                cursor.execute(statement.as_string())


def _written_by_triggers() -> dict[str, tuple[str, ...]]:
    """Tables that only triggers write, with the columns that the application may update (and so lock by)."""
    return {
        model._meta.db_table: getattr(model, "application_updates", ())
        for model in apps.get_models()
        if getattr(model, "written_by_triggers", False)
    }
