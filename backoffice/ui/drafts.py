"""Keeping what a person is typing, so that nothing is lost before it is saved."""

import json
from typing import Any

from django.db.models.functions import Now
from django.http import QueryDict

from backoffice.ui.models import Draft

NOT_KEPT = frozenset({"csrfmiddlewaretoken", "idempotency_key", "version", "was", "then", "draft", "clash", "password"})


def keep(user: Any, address: str, values: QueryDict) -> Draft:
    """Keep the typed values of a form under its address, replacing what was kept before."""
    typed = json.dumps({name: values.getlist(name) for name in values if name not in NOT_KEPT})
    draft, _ = Draft.objects.update_or_create(user=user, address=address, defaults={"values": typed, "kept_at": Now()})
    return draft


def kept(user: Any, address: str) -> Draft | None:
    """The draft of this person for this form."""
    return Draft.objects.filter(user=user, address=address).first()


def drop(user: Any, address: str) -> None:
    """Throw the draft away: it was saved, or the person does not want it."""
    Draft.objects.filter(user=user, address=address).delete()


def as_posted(draft: Draft) -> QueryDict:
    """The kept values in the shape in which a form reads them."""
    data = QueryDict(mutable=True)
    for name, several in json.loads(draft.values).items():
        data.setlist(name, several)
    return data
