from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "backoffice.parties"
    label = "parties"
    verbose_name = "Parties"
