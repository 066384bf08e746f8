"""Calendars in the administration, where hours and days may also be removed."""

from django.contrib import admin

from backoffice.core.admin import Master
from backoffice.workcal.models import Calendar, CalendarDay, Span


class SpansInline(admin.TabularInline):
    model = Span
    extra = 0


@admin.register(Calendar)
class CalendarAdmin(Master):
    list_display = ["company", "name", "zone", "country", "is_default"]
    list_filter = ["company"]
    inlines = [SpansInline]


@admin.register(CalendarDay)
class CalendarDayAdmin(Master):
    list_display = ["calendar", "on", "name", "starts", "ends"]
    list_filter = ["calendar"]
    date_hierarchy = "on"
