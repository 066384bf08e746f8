from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "backoffice.ui"
    label = "ui"
    verbose_name = "Screens"
