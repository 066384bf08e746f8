"""Payroll in the administration: figures of the law to look at; pay is not shown there."""

from django.contrib import admin

from backoffice.core.admin import ReadOnly
from hr.payroll.models import Parameter


@admin.register(Parameter)
class ParameterAdmin(ReadOnly):
    list_display = ["code", "valid_from", "value", "source", "recorded_at"]
    list_filter = ["jurisdiction", "valid_from"]
    search_fields = ["code", "source"]
