"""Parties in the administration; bank accounts show their last digits only and are added on the party's screen."""

from typing import Any

from django.contrib import admin

from backoffice.core.admin import Master
from backoffice.parties.models import Party, PartyBankAccount


class BankAccountInline(admin.TabularInline):
    model = PartyBankAccount
    fields = readonly_fields = ("masked", "bic", "holder", "currency", "is_active")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(Party)
class PartyAdmin(Master):
    list_display = ["name", "company", "vat_number", "country", "currency", "payment_days", "is_active"]
    list_filter = ["company", "is_active", "country"]
    search_fields = ["name", "legal_name", "vat_number"]
    inlines = [BankAccountInline]
