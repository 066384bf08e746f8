from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "backoffice.exchange"
    label = "exchange"
    verbose_name = "Exchange"
