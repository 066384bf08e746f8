"""The buttons of a document: which verbs are open, which are closed and why."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import NoReverseMatch, reverse

from backoffice.core.errors import Refused
from backoffice.ui.forms import new_key


@dataclass(frozen=True)
class Action:
    """A verb as a button; with a reason it is closed now."""

    name: str
    label: str
    icon: str
    key: str
    href: str
    primary: bool = False
    danger: bool = False
    asks: bool = False
    reason: str = ""
    idempotency_key: str = field(default_factory=new_key)


def actions(document: Any, user: Any, *, asking: frozenset[str] = frozenset()) -> list[Action]:
    """The verbs of a document for a person: never what the role can't do, closed ones with their reason.

    A verb whose time is past (no way from here leads to it) is not drawn. `asking` names verbs with a form.
    """
    flow = getattr(document, "flow", None)
    if flow is None:
        return []
    found = []
    for name, move in flow.moves.items():
        reason = None if move.system else flow.why_not(document, user, name)
        href = verb_href(document, name)
        if move.system or not href or isinstance(reason, PermissionDenied):
            continue
        if isinstance(reason, Refused) and reason.code == "state" and not _lies_ahead(document, move):
            continue
        found.append(
            Action(
                name,
                flow.label(name),
                move.icon,
                move.key,
                href,
                primary=move.primary and reason is None,
                danger=move.danger,
                asks=name in asking or bool(move.confirm) or bool(move.fields),
                reason=str(reason) if reason else "",
            )
        )
    return sorted(found, key=lambda a: (a.primary, bool(a.reason)))


def verb_href(document: Any, verb: str) -> str:
    """The address of a verb of a document; empty when it has no screen."""
    meta = document._meta
    try:
        return reverse(f"{meta.app_label}:{meta.model_name}_verb", args=[document.pk, verb])
    except NoReverseMatch:
        return ""


def _lies_ahead(document: Any, move: Any) -> bool:
    """Whether the document can still come to a state from which the verb leads on, one step from here."""
    flow = document.flow
    order = [value for value, _ in document._meta.get_field("state").flatchoices]
    here = order.index(document.state) if document.state in order else 0
    nexts = {m.target for m in flow.moves.values() if document.state in m.sources and m.target and not m.danger}
    return any(source in nexts and order.index(source) > here for source in move.sources)
