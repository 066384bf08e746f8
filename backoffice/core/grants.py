"""After migrate: the application role may read and write rows, and nothing else.

The owner role makes tables, functions and triggers; the application is neither owner nor
superuser, so it cannot switch a guard off (spec: PostgreSQL GRANT, "owner's implicit rights").
"""

from typing import Any

from django.conf import settings
from django.db import connections
from psycopg import sql


def grant_to_application(using: str = "default", **kwargs: Any) -> None:
    """Grant row rights on all tables to the role of `DATABASE_URL`; a no-op where one role does both."""
    connection = connections[using]
    role = settings.APPLICATION_ROLE
    if not role or role == connection.settings_dict["USER"]:
        return
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
