from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def install_parameters(using: str, apps: Any, **details: Any) -> None:
    """Bring the figures that ship with the packs into the database, while it has their table (backwards it has none)."""
    if "parameter" not in apps.all_models["payroll"]:
        return
    from hr.payroll import parameters

    parameters.install(using)


class PayrollConfig(AppConfig):
    name = "hr.payroll"
    label = "payroll"
    verbose_name = "Payroll"

    def ready(self) -> None:
        post_migrate.connect(install_parameters, sender=self, dispatch_uid="payroll.parameters")
