"""Suppliers are only read here: they are proposed and approved on their own screens. Prices may be put right."""

from django.contrib import admin

from backoffice.core.admin import Master, ReadOnly
from procurement.suppliers.models import Supplier, SupplierItem


@admin.register(Supplier)
class SupplierAdmin(ReadOnly):
    list_display = ["party", "company", "state", "payment_days", "lead_days"]
    list_filter = ["company", "state"]
    search_fields = ["party__name"]


@admin.register(SupplierItem)
class SupplierItemAdmin(Master):
    list_display = ["supplier", "item", "price", "currency", "valid_from"]
    search_fields = ["supplier__party__name", "item__code"]
