"""Writing down acts, and telling the database on whose behalf rows are written."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction

from backoffice.audit.models import Act
from backoffice.core.authority import recorder


def record(document: models.Model, verb: str, by: Any, details: Mapping[str, Any]) -> None:
    """Write one act; values that JSON lacks become text, instances become "label:id"."""
    record_all([(document, details)], verb, by)


def record_all(told: Sequence[tuple[models.Model, Mapping[str, Any]]], verb: str, by: Any) -> None:
    """Write one act of the same kind for each of these documents, in one statement."""
    Act.objects.bulk_create(
        Act(
            content_type=ContentType.objects.get_for_model(document),
            object_id=document.pk,
            verb=verb,
            by_id=by.pk,
            details={key: _plain(value) for key, value in details.items() if value is not None},
        )
        for document, details in told
    )


def _plain(value: Any) -> Any:
    match value:
        case models.Model():
            return f"{value._meta.label_lower}:{value.pk}"
        case Decimal() | date() | datetime():
            return str(value)
        case list() | tuple():
            return [_plain(item) for item in value]
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case str() | int() | bool():
            return value
    return str(value)


@contextmanager
def acting(user: Any) -> Iterator[None]:
    """One transaction whose changes are written down as this user's."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('backoffice.actor', %s, true)", [str(user.pk or "")])
        yield


recorder.fill("audit", record)
