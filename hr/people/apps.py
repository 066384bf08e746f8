from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "hr.people"
    label = "people"
    verbose_name = "People"
