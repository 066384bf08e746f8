"""The screens of payables."""

from typing import Any

app_name = "payables"
urlpatterns: list[Any] = []
