"""The screens of parties."""

from typing import Any

app_name = "parties"
urlpatterns: list[Any] = []
