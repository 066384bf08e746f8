from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "inventory.catalogue"
    label = "catalogue"
    verbose_name = "Catalogue"
