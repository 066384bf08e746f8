"""Equipment in the administration: only looked at."""

from django.contrib import admin

from backoffice.core.admin import ReadOnly
from itsm.assets.models import Asset, HandOver, Outfit


@admin.register(Asset)
class AssetAdmin(ReadOnly):
    list_display = ["number", "name", "serial", "state", "holder", "place", "cost"]
    list_filter = ["company", "state"]
    search_fields = ["number", "name", "serial"]


@admin.register(HandOver)
class HandOverAdmin(ReadOnly):
    list_display = ["asset", "employment", "place", "given_at", "accepted_at", "returned_at"]


@admin.register(Outfit)
class OutfitAdmin(ReadOnly):
    list_display = ["employment", "starts_on", "state", "requisition"]
