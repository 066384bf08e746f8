"""The screens of purchasing."""

from django.urls import URLPattern

app_name = "purchasing"
urlpatterns: list[URLPattern] = []
