"""Pages by cursor: equally fast on the last page, steady while rows are added, and never a COUNT."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request


class Pages(CursorPagination):
    """`?cursor=` comes from `next` and `previous`; `?page_size=` up to 500. Newest first unless the endpoint says."""

    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = ("-pk",)

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        return tuple(getattr(view, "ordering", None) or self.ordering)
