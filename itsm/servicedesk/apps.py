from django.apps import AppConfig


class ServicedeskConfig(AppConfig):
    name = "itsm.servicedesk"
    label = "servicedesk"
    verbose_name = "Service desk"
