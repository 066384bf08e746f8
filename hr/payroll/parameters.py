"""The figures of the law as the database keeps them: shipped with the pack, added to, never altered."""

from functools import lru_cache
from typing import Any

from django.db.models import Count, Max

from hr.payroll.engine.parameters import Book, Figure
from hr.payroll.models import Parameter
from hr.payroll.uk import figures


def book() -> Book:
    """All figures; read again when one was added: their number tells also of one that was committed out of turn."""
    known = Parameter.objects.aggregate(newest=Max("pk", default=0), count=Count("pk"))
    return read(known["newest"], known["count"])


@lru_cache(maxsize=4)
def read(newest: int, count: int) -> Book:
    """The figures up to a key, of which there are so many; kept in the process."""
    rows = Parameter.objects.filter(pk__lte=newest)
    return Book(Figure(r.code, r.valid_from, r.value, r.source, r.recorded_at, str(r.pk)) for r in rows)


def install(using: str = "default", **unknown: Any) -> None:
    """Record what the pack ships and the database does not know yet; called after every migrate."""
    known = {
        (code, valid_from): value
        for code, valid_from, value in Parameter.objects.using(using)
        .filter(jurisdiction="uk")
        .order_by("recorded_at", "pk")
        .values_list("code", "valid_from", "value")
    }
    Parameter.objects.using(using).bulk_create(
        Parameter(code=f.code, valid_from=f.valid_from, value=f.value, source=f.source)
        for f in figures.shipped()
        if known.get((f.code, f.valid_from)) != f.value
    )
