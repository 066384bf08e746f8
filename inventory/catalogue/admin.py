"""The catalogue in the administration."""

from django.contrib import admin

from backoffice.core.admin import Master
from inventory.catalogue.models import Category, Item, Unit


@admin.register(Unit)
class UnitAdmin(Master):
    list_display = ["code", "name", "digits"]


@admin.register(Category)
class CategoryAdmin(Master):
    list_display = ["company", "code", "name", "cost_method"]
    list_filter = ["company", "cost_method"]


@admin.register(Item)
class ItemAdmin(Master):
    list_display = ["code", "name", "category", "kind", "is_asset", "is_active"]
    list_filter = ["company", "kind", "is_active"]
    search_fields = ["code", "name"]
