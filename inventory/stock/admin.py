"""Stock in the administration: places are kept, what moved is only looked at."""

from django.contrib import admin

from backoffice.core.admin import Master, ReadOnly
from inventory.stock.models import Bin, CostEntry, StockMove, Warehouse


@admin.register(Warehouse)
class WarehouseAdmin(Master):
    list_display = ["company", "code", "name", "department", "allows_negative", "is_active"]
    list_filter = ["company", "is_active"]


@admin.register(Bin)
class BinAdmin(Master):
    list_display = ["warehouse", "code", "name", "kind", "is_active"]
    list_filter = ["warehouse", "kind"]


@admin.register(StockMove)
class StockMoveAdmin(ReadOnly):
    list_display = ["on", "kind", "item", "bin", "quantity", "origin_name"]
    list_filter = ["company", "kind"]


@admin.register(CostEntry)
class CostEntryAdmin(ReadOnly):
    list_display = ["on", "kind", "item", "amount", "account", "entry"]
    list_filter = ["company", "kind"]
