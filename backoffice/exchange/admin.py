"""Uploads are only read."""

from typing import Any

from django.contrib import admin

from backoffice.exchange.models import Upload


@admin.register(Upload)
class UploadAdmin(admin.ModelAdmin):
    list_display = ["name", "company", "kind", "state", "by", "at"]
    list_filter = ["state", "kind", "company"]
    exclude = ["content"]

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False
