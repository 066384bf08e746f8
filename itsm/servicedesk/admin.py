"""Masters of the service desk in the administration; mailboxes are not here, since their form would show passwords."""

from django.contrib import admin

from backoffice.core.admin import Master
from itsm.servicedesk.models import PriorityRule, Service, ServiceLevel, Target, Team


@admin.register(Team)
class TeamAdmin(Master):
    list_display = ["company", "name", "lead", "is_first"]
    list_filter = ["company"]


@admin.register(Service)
class ServiceAdmin(Master):
    list_display = ["company", "name", "team", "is_key", "is_active"]
    list_filter = ["company", "is_active"]


@admin.register(PriorityRule)
class PriorityRuleAdmin(Master):
    list_display = ["company", "impact", "urgency", "priority"]
    list_filter = ["company"]


class TargetsInline(admin.TabularInline):
    model = Target
    extra = 0


@admin.register(ServiceLevel)
class ServiceLevelAdmin(Master):
    list_display = ["company", "name", "service", "recounts"]
    list_filter = ["company"]
    inlines = [TargetsInline]
