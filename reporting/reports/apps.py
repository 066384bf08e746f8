from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reporting.reports"
    label = "reports"
    verbose_name = "Reports"
