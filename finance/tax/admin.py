"""Tax codes with their dated rates are kept; captured tax rows are only looked at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from backoffice.core.admin import Master, ReadOnly
from finance.tax.models import TaxCode, TaxGroupMember, TaxRate, TaxRow


class _Kept(admin.StackedInline):
    """Rows that are kept together with their tax code."""

    extra = 0

    def _may(self, request: HttpRequest, action: str) -> bool:
        return bool(request.user.has_perm(f"tax.{action}_{self.model._meta.model_name}"))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "delete")


class RateRows(_Kept):
    model = TaxRate


class MemberRows(_Kept):
    model = TaxGroupMember
    fk_name = "group"


@admin.register(TaxCode)
class TaxCodeAdmin(Master):
    list_display = ["code", "name", "company", "kind", "recoverable", "is_reverse_charge", "category", "is_active"]
    list_filter = ["company", "kind", "is_active"]
    search_fields = ["code", "name"]
    inlines = [RateRows, MemberRows]


@admin.register(TaxRow)
class TaxRowAdmin(ReadOnly):
    list_display = ["entry", "tax_code", "tax_point", "currency", "base", "tax"]
    list_filter = ["tax_code"]
    show_full_result_count = False
