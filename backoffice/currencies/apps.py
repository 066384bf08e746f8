from django.apps import AppConfig


class CurrenciesConfig(AppConfig):
    name = "backoffice.currencies"
    label = "currencies"
    verbose_name = "Currencies"
