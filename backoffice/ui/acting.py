"""The buttons of a document: which verbs are open, which are closed and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

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

    A verb whose time has not come is drawn closed where it is the next step of the document, else not at all.
    `asking` names verbs with a form.
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
        is_early = isinstance(reason, Refused) and reason.code == "state"
        if is_early and not (move.primary and _lies_ahead(document, move)):
            continue
        words = _when(document, move) if is_early and name not in flow.explanations else str(reason or "")
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
                reason=words,
            )
        )
    return sorted(found, key=lambda a: (a.primary, bool(a.reason)))


def in_front(verbs: Sequence[Action], room: int = 4) -> list[Action]:
    """Those that stand beside the heading, in their order; where the room is short, those with a key of their own."""
    calm = [verb for verb in verbs if verb.primary or verb.reason or not verb.danger]
    behind = [verb for verb in calm if not (verb.primary or verb.reason or verb.key)][: max(len(calm) - room, 0)]
    return [verb for verb in calm if verb not in behind][-room:]


def verb_href(document: Any, verb: str) -> str:
    """The address of a verb of a document; empty when it has no screen."""
    meta = document._meta
    try:
        return reverse(f"{meta.app_label}:{meta.model_name}_verb", args=[document.pk, verb])
    except NoReverseMatch:
        return ""


def _when(document: Any, move: Any) -> str:
    """Why a verb is closed whose time has not come, said after its name."""
    words = dict(document._meta.get_field("state").flatchoices)
    states = _(" or ").join(f"“{words[state]}”" for state in words if state in move.sources)
    return _("opens when the state is %(states)s.") % {"states": states}


def _lies_ahead(document: Any, move: Any) -> bool:
    """Whether the document can still come to a state from which the verb leads on, one step from here.

    A verb that leads back (withdraw, take back) is no news before there is something to take back.
    """
    flow = document.flow
    order = [value for value, _words in document._meta.get_field("state").flatchoices]
    here = order.index(document.state) if document.state in order else 0
    nexts = {m.target for m in flow.moves.values() if document.state in m.sources and m.target and not m.danger}
    ahead = [order.index(source) for source in move.sources if source in nexts and order.index(source) > here]
    return any(move.target is None or order.index(move.target) > source for source in ahead)
