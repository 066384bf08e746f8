"""Bills are only read here: they are entered, approved and posted on their own screens. Terms may be put right."""

from typing import Any

from django.contrib import admin

from finance.payables.models import Bill, BillLine, SupplierTerms


class BillLineInline(admin.TabularInline):
    model = BillLine
    extra = 0
    can_delete = False
    fields = readonly_fields = ("place", "text", "quantity", "unit_price", "net", "account", "cost_centre", "tax_code")

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(Bill)
class BillAdmin(admin.ModelAdmin):
    list_display = ["number", "reference", "party", "company", "state", "bill_date", "currency", "amount"]
    list_filter = ["company", "state", "kind"]
    search_fields = ["number", "reference", "party__name"]
    inlines = [BillLineInline]

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(SupplierTerms)
class SupplierTermsAdmin(admin.ModelAdmin):
    list_display = ["party", "account", "cost_centre", "tax_code"]
    search_fields = ["party__name"]
    autocomplete_fields = ["party"]
