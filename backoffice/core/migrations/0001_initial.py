from django.db import migrations

from backoffice.core.sqlfiles import run_sql


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        run_sql(__file__, "guards"),
    ]
