"""The screens of workflow."""

from typing import Any

app_name = "workflow"
urlpatterns: list[Any] = []
