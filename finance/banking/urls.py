"""The screens of banking."""

from django.urls import URLPattern

app_name = "banking"
urlpatterns: list[URLPattern] = []
