"""History in the administration: looked at, never edited."""

from django.contrib import admin

from backoffice.audit.models import Act, Change
from backoffice.core.admin import ReadOnly


@admin.register(Act)
class ActAdmin(ReadOnly):
    list_display = ["at", "by", "verb", "content_type", "object_id"]
    list_filter = ["verb"]
    list_select_related = ["by", "content_type"]
    show_full_result_count = False


@admin.register(Change)
class ChangeAdmin(ReadOnly):
    list_display = ["at", "by", "table", "row_id", "operation"]
    list_filter = ["operation"]
    list_select_related = ["by"]
    show_full_result_count = False
