"""The screens of working time."""

from django.urls import URLPattern

app_name = "workcal"
urlpatterns: list[URLPattern] = []
