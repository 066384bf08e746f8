"""Requisitions and orders are only read here: they live on their own screens."""

from django.contrib import admin

from backoffice.core.admin import ReadOnly, ReadOnlyRows
from procurement.purchasing.models import OrderLine, PurchaseOrder, Requisition, RequisitionLine


class RequisitionLines(ReadOnlyRows):
    model = RequisitionLine
    fields = readonly_fields = ("place", "item", "text", "category", "quantity", "unit", "price")


@admin.register(Requisition)
class RequisitionAdmin(ReadOnly):
    list_display = ["number", "purpose", "requester", "department", "state", "total"]
    list_filter = ["company", "state"]
    search_fields = ["number", "purpose"]
    inlines = [RequisitionLines]


class OrderLines(ReadOnlyRows):
    model = OrderLine
    fields = readonly_fields = ("place", "item", "text", "quantity", "unit", "price", "net")


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(ReadOnly):
    list_display = ["number", "supplier", "company", "state", "ordered_on", "currency", "total"]
    list_filter = ["company", "state"]
    search_fields = ["number", "supplier__party__name"]
    inlines = [OrderLines]
