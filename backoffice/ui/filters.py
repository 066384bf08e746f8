"""Filters of lists, on django-filter: the same filter set serves screen, export, API and report."""

from contextlib import suppress
from typing import Any
from uuid import UUID

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from backoffice.core.refs import has_ref
from backoffice.ui.forms import BaseForm, DateField, LookupField
from backoffice.ui.lookups import every_word
from backoffice.ui.reading import Unreadable, read_amount

COMPARE = {">=": "gte", "<=": "lte", ">": "gt", "<": "lt", "=": "exact"}


class FilterForm(BaseForm):
    """The form of a filter set: nothing in it is required."""

    marks_required = False


class Filters(django_filters.FilterSet):
    """Base of all filter sets; `user` limits what look-ups offer. A filter named `q` becomes the search box."""

    def get_form_class(self) -> type[FilterForm]:
        fields = {name: filter_.field for name, filter_ in self.filters.items()}
        return type(f"{type(self).__name__}Form", (FilterForm,), fields)

    @property
    def form(self) -> Any:
        if not hasattr(self, "_form"):
            form_class = self.get_form_class()
            user = getattr(self.request, "user", None)
            options = {"prefix": self.form_prefix, "user": user, "company": getattr(self.request, "company", None)}
            self._form = form_class(self.data, **options) if self.is_bound else form_class(**options)
        return self._form


class Search(django_filters.CharFilter):
    """Words in any of several fields; ">10k" compares the `amount` field where one is given."""

    def __init__(self, *fields: str, amount: str = "", label: Any = "Search", **options: Any) -> None:
        super().__init__(label=label, **options)
        self.fields, self.amount = fields, amount

    def filter(self, qs: Any, value: str) -> Any:
        words = (value or "").strip()
        if not words:
            return qs
        mark = next((m for m in COMPARE if words.startswith(m)), "")
        if mark and self.amount:
            try:
                return qs.filter(**{f"{self.amount}__{COMPARE[mark]}": read_amount(words.removeprefix(mark))})
            except Unreadable:
                return qs.none()
        found = every_word(self.fields, words)
        if self.amount:
            with suppress(Unreadable):
                found |= Q(**{self.amount: read_amount(words)})
        return qs.filter(found)


class DateFilter(django_filters.Filter):
    """A day, read leniently; give `lookup_expr="gte"` or "lte"."""

    field_class = DateField


class RecordField(LookupField):
    """Screens name a record by its key, programs by its `ref` where it has one."""

    def to_python(self, value: Any) -> Any:
        rows: Any = self.queryset
        if not _is_ref(value) or not has_ref(rows.model):
            return super().to_python(value)
        row = rows.filter(ref=value).first()
        if row is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return row


def _is_ref(value: Any) -> bool:
    with suppress(ValueError):
        return bool(UUID(str(value)))
    return False


class RecordFilter(django_filters.ModelChoiceFilter):
    """A looked-up record, e.g. the supplier."""

    field_class = RecordField

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        kind = OpenApiTypes.UUID if has_ref(options["queryset"].model) else OpenApiTypes.INT
        extend_schema_field(kind)(self)

    @property
    def field(self) -> Any:
        if not hasattr(self, "_field"):
            self._field = RecordField(self.queryset, required=False, label=self.label)
        return self._field
