"""Rights that follow from flows: after migrate each verb of each document has its permission.

What an app lists in `permissions.RIGHTS` (model name, code name, words) is made with them.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.management import create_contenttypes
from django.contrib.contenttypes.models import ContentType

from backoffice.core.apps import ROOTS
from backoffice.core.flow import flows


def create_verb_rights(app_config: Any, using: str = "default", **kwargs: Any) -> None:
    """Create the missing permissions of this app's flows; called after migrate, once an app."""
    mine = [flow for flow in flows() if flow.model._meta.app_label == app_config.label]
    further = _further(app_config)
    if not mine and not further:
        return
    create_contenttypes(app_config, using=using, apps=apps, verbosity=0)
    for model_name, codename, words in further:
        of_model = ContentType.objects.db_manager(using).get_for_model(app_config.get_model(model_name))
        right = Permission(content_type=of_model, codename=codename, name=words)
        Permission.objects.using(using).bulk_create([right], ignore_conflicts=True)
    for flow in mine:
        kind = ContentType.objects.db_manager(using).get_for_model(flow.model)
        name = str(flow.model._meta.verbose_name)
        wanted = [
            Permission(
                content_type=kind,
                codename=flow.permission(verb).split(".")[1],
                name=f"Can {verb.replace('_', ' ')} {name}",
            )
            for verb, move in flow.moves.items()
            if not move.system
        ]
        Permission.objects.using(using).bulk_create(wanted, ignore_conflicts=True)


def _further(app_config: Any) -> list[tuple[str, str, str]]:
    """The rights that an app of the house lists in its `permissions` module."""
    if app_config.name.split(".")[0] not in ROOTS or find_spec(f"{app_config.name}.permissions") is None:
        return []
    return list(getattr(import_module(f"{app_config.name}.permissions"), "RIGHTS", []))
