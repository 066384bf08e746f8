"""Loads the currencies of ISO 4217 with their minor units (names and digits as in Unicode CLDR, by babel)."""

from babel.numbers import get_currency_name, get_currency_precision, list_currencies
from django.db import migrations

IN_USE = {"GBP", "EUR", "USD"}


def load(apps, schema_editor):
    Currency = apps.get_model("currencies", "Currency")
    Currency.objects.bulk_create(
        Currency(
            code=code,
            name=get_currency_name(code, locale="en_GB"),
            digits=get_currency_precision(code),
            is_active=code in IN_USE,
        )
        for code in sorted(list_currencies())
    )


class Migration(migrations.Migration):
    dependencies = [("currencies", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
