from django.apps import AppConfig


class PayablesConfig(AppConfig):
    name = "finance.payables"
    label = "payables"
    verbose_name = "Payables"
