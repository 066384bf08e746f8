"""Plain SQL beside the migrations: guards live in `.sql` files that people can read and run."""

from pathlib import Path

from django.db import migrations


def run_sql(migration_file: str, name: str) -> migrations.RunSQL:
    """The operation that runs `sql/<name>.sql` of the app and, backwards, `sql/<name>.down.sql`."""
    folder = Path(migration_file).parent.parent / "sql"
    forward = (folder / f"{name}.sql").read_text()
    backward = (folder / f"{name}.down.sql").read_text()
    return migrations.RunSQL([(forward, None)], [(backward, None)])
