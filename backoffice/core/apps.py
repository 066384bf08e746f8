"""Loads every app's verbs and slot fillings, so that web, worker and shell know the same house."""

from importlib import import_module
from pathlib import Path

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

ROOTS = ("backoffice", "reporting", "finance", "hr", "inventory", "procurement", "itsm")

# The files of architecture section 2 that Django or the edges load themselves; every other module
# of an app is a verb module or fills slots, and is imported at start.
ON_DEMAND = frozenset(
    [
        "admin",
        "api",
        "apps",
        "demo",
        "factories",
        "forms",
        "migrations",
        "models",
        "settings",
        "tables",
        "tasks",
        "templatetags",
        "tests",
        "urls",
        "views",
        "wsgi",
        "asgi",
        "celery",
        "management",
        "services",
        "middleware",
        "bench",
    ]
)


class CoreConfig(AppConfig):
    name = "backoffice.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        from backoffice.core import checks, grants, slots  # noqa: F401  (checks register themselves)

        for config in apps.get_app_configs():
            if config.name.split(".")[0] in ROOTS:
                load_modules(config)
        slots.close()
        post_migrate.connect(grants.grant_to_application, dispatch_uid="core.grants")


def load_modules(config: AppConfig) -> None:
    """Import the modules of an app that bind verbs or fill slots."""
    for path in sorted(Path(config.path).iterdir()):
        is_module = path.suffix == ".py" or (path.is_dir() and (path / "__init__.py").exists())
        if is_module and path.stem not in ON_DEMAND and not path.stem.startswith("_"):
            import_module(f"{config.name}.{path.stem}")
