"""The screens of the kit; the root includes them at the start of all addresses."""

from django.urls import path

from backoffice.ui import views

app_name = "ui"

urlpatterns = [
    path("", views.my_work, name="work"),
    path("find/", views.find, name="find"),
    path("keys/", views.keys, name="keys"),
    path("me/", views.profile, name="profile"),
    path("me/badges/", views.badges, name="badges"),
    path("me/preferences/", views.preferences, name="preferences"),
    path("me/views/", views.save_view, name="save_view"),
    path("me/views/<int:pk>/drop/", views.drop_view, name="drop_view"),
    path("lookup/<str:label>/", views.lookup, name="lookup"),
    path("<path:address>/draft/", views.draft, name="draft"),
]
