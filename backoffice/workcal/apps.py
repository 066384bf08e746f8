from django.apps import AppConfig


class WorkcalConfig(AppConfig):
    name = "backoffice.workcal"
    label = "workcal"
    verbose_name = "Working time"
