from django.apps import AppConfig


class PurchasingConfig(AppConfig):
    name = "procurement.purchasing"
    label = "purchasing"
    verbose_name = "Purchasing"
