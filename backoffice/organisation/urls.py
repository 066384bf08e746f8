"""The set-up of a company."""

from django.urls import path

from backoffice.organisation import views

app_name = "organisation"

urlpatterns = [
    path("", views.start, name="setup"),
    path("<int:pk>/done/", views.done, name="setup_done"),
    path("<int:pk>/<slug:key>/", views.step, name="setup_step"),
]
