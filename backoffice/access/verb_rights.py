"""Rights that follow from flows: after migrate each verb of each document has its permission."""

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.management import create_contenttypes
from django.contrib.contenttypes.models import ContentType

from backoffice.core.flow import flows


def create_verb_rights(app_config: Any, using: str = "default", **kwargs: Any) -> None:
    """Create the missing permissions of this app's flows; called after migrate, once an app."""
    mine = [flow for flow in flows() if flow.model._meta.app_label == app_config.label]
    if not mine:
        return
    create_contenttypes(app_config, using=using, apps=apps, verbosity=0)
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
