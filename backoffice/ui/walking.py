"""From one document to its neighbours in the list that it was opened from.

The last list that a person saw of a model is kept for an hour in the cache: its rows' ids and the words of its view.
Rights are not kept: the neighbour's own page asks them.
"""

from collections.abc import Sequence
from typing import Any

from django.core.cache import cache
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

KEPT = 3600  # seconds


def remember(request: HttpRequest, model: type[models.Model], words: str, ids: Sequence[Any]) -> None:
    """Keep what this person sees in the list now."""
    cache.set(_key(request, model), (words, list(ids)), KEPT)


def neighbours(request: HttpRequest, document: models.Model) -> dict[str, str]:
    """The addresses before and after a document, and where it stands: "2 of 15, open"; empty when it is not there."""
    words, ids = cache.get(_key(request, type(document))) or ("", [])
    if document.pk not in ids or len(ids) < 2:
        return {}
    at = ids.index(document.pk)
    return {
        "prev_href": _href(document, ids[at - 1]) if at else "",
        "next_href": _href(document, ids[at + 1]) if at + 1 < len(ids) else "",
        "walk_words": ", ".join(filter(None, (_("%(at)s of %(all)s") % {"at": at + 1, "all": len(ids)}, words))),
    }


def _key(request: HttpRequest, model: type[models.Model]) -> str:
    return f"ui.walk.{request.user.pk}.{model._meta.label_lower}"


def _href(document: models.Model, pk: int) -> str:
    return reverse(f"{document._meta.app_label}:{document._meta.model_name}", args=[pk])
