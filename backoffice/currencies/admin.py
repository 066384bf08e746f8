"""Currencies and exchange rates in the administration."""

from django.contrib import admin

from backoffice.core.admin import Master
from backoffice.currencies.models import Currency, Rate


@admin.register(Currency)
class CurrencyAdmin(Master):
    list_display = ["code", "name", "digits", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["code", "name"]


@admin.register(Rate)
class RateAdmin(Master):
    list_display = ["base", "quote", "on", "rate", "source"]
    list_filter = ["quote"]
    date_hierarchy = "on"
    autocomplete_fields = ["base", "quote"]
