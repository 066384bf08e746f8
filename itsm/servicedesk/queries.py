"""Reading the service desk: what was said on an incident and by whom it may be read, and what was seen before."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.access.models import User
from backoffice.audit.models import Act
from itsm.servicedesk.models import Incident, InternalNote, Message, Team

QUIET = ("reply", "hear", "enter")
PLAIN = ("take", "wait", "resume", "resolve", "reopen", "close", "lapse")  # what the requester is told of the work
LOOKED_AT = 60


@dataclass(frozen=True)
class Said:
    """One part of the conversation: a message, a note of the team, or something that was done."""

    at: datetime
    who: str
    words: str
    text: str = ""
    kind: str = "changes"
    icon: str = ""
    tone: str = ""


def notes_for(incident: Incident, user: Any) -> list[InternalNote]:
    """The notes of the team: never for the requester, whatever role that person holds elsewhere."""
    if incident.requester_id == user.pk or not user.has_perm("servicedesk.view_internalnote", incident):
        return []
    return list(incident.notes.select_related("by").order_by("id"))


def conversation(incident: Incident, user: Any, *, plain: bool = False) -> list[Said]:
    """Everything in its order; `plain` is what the requester reads: messages and the course of the work."""
    came = _("by %(channel)s") % {"channel": incident.get_channel_display()}
    found = [Said(incident.opened_at, incident.asked_by, came, incident.text, "replies")]
    found += [_message(each) for each in incident.messages.order_by("id")]
    if not plain:
        found += [
            Said(note.at, note.by.name, _("noted for the team only"), note.text, "notes", "lock", "wait")
            for note in notes_for(incident, user)
        ]
    found += _acts(incident, PLAIN if plain else None)
    return sorted(found, key=lambda each: each.at)


def seen_before(incident: Incident, user: Any, limit: int = 3) -> list[Incident]:
    """Resolved incidents of the same service, those first whose subjects share the most words."""
    if incident.service_id is None:
        return []
    rows = Incident.objects.visible_to(user).filter(
        company=incident.company_id, service=incident.service_id, state__in=["resolved", "closed"]
    )
    wanted = _words(incident.subject)
    scored = [
        (len(wanted & _words(row.subject)), row) for row in rows.exclude(pk=incident.pk).order_by("-id")[:LOOKED_AT]
    ]
    return [row for score, row in sorted(scored, key=lambda each: -each[0]) if score > 1][:limit]


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 3}


def _message(message: Message) -> Said:
    words = _("answered") if message.side == Message.Side.TEAM else _("wrote")
    if message.channel == Incident.Channel.EMAIL:
        words = _("%(wrote)s by e-mail") % {"wrote": words}
    if message.side == Message.Side.OTHER:
        words = _("%(wrote)s (%(address)s)") % {"wrote": words, "address": message.author_email}
    return Said(message.at, message.author_name, words, message.text, "replies")


ICONS = {
    "resolve": ("check", "good"),
    "close": ("lock", ""),
    "lapse": ("lock", ""),
    "wait": ("pause", "wait"),
    "reopen": ("undo-2", "wait"),
    "take": ("play", ""),
    "resume": ("play", ""),
    "assign": ("user-check", ""),
    "attach": ("paperclip", ""),
}


DONE = {
    "take": gettext_lazy("took it in hand"),
    "prioritise": gettext_lazy("judged how urgent it is"),
    "wait": gettext_lazy("waits for an answer"),
    "resume": gettext_lazy("went on with it"),
    "resolve": gettext_lazy("resolved it"),
    "reopen": gettext_lazy("opened it again"),
    "close": gettext_lazy("closed it"),
    "lapse": gettext_lazy("closed it, nobody said otherwise"),
    "attach": gettext_lazy("attached a file"),
}


def _acts(incident: Incident, only: tuple[str, ...] | None) -> list[Said]:
    kind = ContentType.objects.get_for_model(Incident)
    acts = Act.objects.filter(content_type=kind, object_id=incident.pk).exclude(verb__in=QUIET).select_related("by")
    acts = acts if only is None else acts.filter(verb__in=only)
    rows = list(acts.order_by("id")[:200])
    names = _names(rows)
    found = []
    for act in rows:
        icon, tone = ICONS.get(act.verb, ("zap", ""))
        who = act.by.name if act.by else _("The desk")
        text = incident.solution if act.verb == "resolve" and incident.solution else ""
        if only is None:
            text = text or str(act.details.get("reason", ""))
        found.append(Said(act.at, who, _did(act, names, plain=only is not None), text, "changes", icon, tone))
    return found


def _did(act: Act, names: dict[str, str], *, plain: bool) -> str:
    move = Incident.flow.moves.get(act.verb)
    words = DONE.get(act.verb) or (str(move.done).lower() if move else act.verb)
    details = act.details
    if act.verb == "assign":
        given = [names.get(str(details.get(part, "")), "") for part in ("team", "agent")]
        return _("gave it to %(whom)s") % {"whom": ", ".join(filter(None, given))}
    if act.verb == "wait" and not plain:
        waits = dict(Incident.Waits.choices).get(str(details.get("waits_for", "")), "")
        return _("waits for %(whom)s") % {"whom": waits}
    if act.verb == "attach":
        return f"{words}: {details.get('name', '')}"
    return str(words)


def _names(acts: list[Act]) -> dict[str, str]:
    """The names of teams and people that acts of giving mention, in two queries."""
    keys = {str(act.details[part]) for act in acts for part in ("team", "agent") if act.details.get(part)}
    found: dict[str, str] = {}
    for model in (Team, User):
        label = f"{model._meta.label_lower}:"
        wanted = [key.removeprefix(label) for key in keys if key.startswith(label)]
        found |= {f"{label}{row.pk}": row.name for row in model._default_manager.filter(pk__in=wanted)}
    return found
