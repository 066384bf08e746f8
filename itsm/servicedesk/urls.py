"""The screens of service desk."""

from django.urls import URLPattern

app_name = "servicedesk"
urlpatterns: list[URLPattern] = []
