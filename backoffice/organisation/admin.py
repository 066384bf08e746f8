"""Companies, departments and cost centres in the administration."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from backoffice.core.admin import Master
from backoffice.organisation.models import Company, CostCentre, Department


@admin.register(Company)
class CompanyAdmin(Master):
    """The facts of a company; its currency stays what its books are kept in."""

    list_display = ["name", "short_name", "country", "currency", "vat_number", "late_posting"]
    search_fields = ["name", "short_name", "vat_number"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["currency"] if obj else []

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A company is founded by the set-up, which gives it books."""
        return False


@admin.register(Department)
class DepartmentAdmin(Master):
    list_display = ["code", "name", "company"]
    list_filter = ["company"]
    search_fields = ["code", "name"]


@admin.register(CostCentre)
class CostCentreAdmin(Master):
    list_display = ["code", "name", "company", "department", "is_active"]
    list_filter = ["company", "is_active"]
    search_fields = ["code", "name"]
