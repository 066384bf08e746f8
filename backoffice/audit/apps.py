from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "backoffice.audit"
    label = "audit"
    verbose_name = "Audit"

    def ready(self) -> None:
        from backoffice.audit.watching import watch_tables

        post_migrate.connect(watch_tables, dispatch_uid="audit.watching")
