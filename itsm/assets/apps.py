from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "itsm.assets"
    label = "assets"
    verbose_name = "Assets"
