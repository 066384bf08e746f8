from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccessConfig(AppConfig):
    name = "backoffice.access"
    label = "access"
    verbose_name = "Access"

    def ready(self) -> None:
        from backoffice.access.roles import install_roles
        from backoffice.access.verb_rights import create_verb_rights

        post_migrate.connect(create_verb_rights, dispatch_uid="access.verb_rights")
        post_migrate.connect(install_roles, dispatch_uid="access.roles")
