"""Under /api/: the endpoints of all apps, their schema and documentation; under /profile/: a person's tokens."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from backoffice.api import views
from backoffice.api.routes import gather

app_name = "api"
urlpatterns = [
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", views.DocumentationPage.as_view(), name="docs"),
    path("api/v1/", include(gather().urls)),
    path("profile/api-tokens/", views.own_tokens, name="tokens"),
    path("profile/api-tokens/<int:pk>/revoke/", views.revoke_token, name="token_revoke"),
]
