"""The next number of a requisition or an order, taken as the last write of the verb that makes it real."""

from typing import Any

from django.db import connection
from django.utils import timezone

from backoffice.documents.models import Document

PREFIX = {"requisition": "REQ", "purchaseorder": "PO"}

NEXT = """
INSERT INTO purchasing_series (company_id, kind, year, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (company_id, kind, year) DO UPDATE SET last = purchasing_series.last + 1
RETURNING last
"""


def number(document: Document, *, by: Any) -> None:
    """Give the document its number, e.g. PO-2026-03311, unless it has one from before; the year is today's."""
    if document.number:
        return
    kind, year = PREFIX[document._meta.model_name or ""], timezone.localdate().year
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [document.company_id, kind, year])
        last = cursor.fetchone()[0]
    document.number = f"{kind}-{year}-{last:05d}"
    document.save(update_fields=["number"])
