"""Which tables are watched: all of the house's own models that do not say `audited = False`."""

from typing import Any

from django.apps import apps
from django.db import connections, models
from psycopg import sql

from backoffice.core.apps import ROOTS

# `audit_insert_when` spares rows that are born final and whose act tells all, such as posted lines.
ATTACH = """
DROP TRIGGER IF EXISTS audit_note_new ON {table};
DROP TRIGGER IF EXISTS audit_note ON {table};
CREATE TRIGGER audit_note_new AFTER INSERT ON {table}
FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION audit_note_change({key}, {skipped});
CREATE TRIGGER audit_note AFTER UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION audit_note_change({key}, {skipped});
"""


def watched() -> list[type[models.Model]]:
    """The models whose rows have a history, by table name."""
    ours = [m for m in apps.get_models() if m.__module__.split(".")[0] in ROOTS and m._meta.managed]
    return sorted((m for m in ours if getattr(m, "audited", True)), key=lambda m: m._meta.db_table)


def watch_tables(app_config: Any, using: str = "default", **kwargs: Any) -> None:
    """Attach the history trigger to the tables of this app; called after migrate as the owner."""
    if not apps.is_installed("backoffice.audit"):
        return
    connection = connections[using]
    present = set(connection.introspection.table_names())
    if "audit_change" not in present:
        return
    with connection.cursor() as cursor:
        for model in watched():
            table = model._meta.db_table
            if model._meta.app_label == app_config.label and table in present:
                statement = sql.SQL(ATTACH).format(
                    table=sql.Identifier(table),
                    condition=sql.SQL(getattr(model, "audit_insert_when", "true")),
                    key=sql.Literal(model._meta.pk.column),
                    skipped=sql.Literal(",".join(getattr(model, "audit_ignore", ()))),
                )
                cursor.execute(statement.as_string())
