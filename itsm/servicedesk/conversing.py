"""What is said about an incident: in public, with the requester, or among the team."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.audit.recording import acting
from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from itsm.servicedesk import clocking, handling, telling
from itsm.servicedesk.models import Incident, InternalNote, Message

State, Side, Channel = Incident.State, Message.Side, Incident.Channel
LONGEST = 20_000  # characters


@dataclass(frozen=True)
class Words:
    """Words that came by mail: whose they are as far as the mail says, and by which name the mail goes."""

    text: str
    side: str
    author_name: str
    author_email: str
    message_id: str = ""
    user: Any = None

    def __str__(self) -> str:
        return self.text


@Incident.flow.verb
def reply(incident: Incident, *, by: Any, text: str) -> None:
    """Say something that everybody on the incident reads: the team's word goes to the requester by mail.

    The team's first word ends the clock of the first answer. The requester's word wakes what waited for it, and
    reopens what was resolved. Raises `Refused` without words.
    """
    own = incident.requester_id == by.pk
    side = Side.REQUESTER if own else Side.TEAM
    _say(incident, Words(text, side, by.name, by.email, user=by), Channel.PORTAL)


@Incident.flow.verb
def hear(incident: Incident, *, by: Any, words: Words) -> None:
    """The same for words that came by mail, also of people who were drawn in and have no account."""
    _say(incident, words, Channel.EMAIL)


def _say(incident: Incident, words: Words, channel: str) -> None:
    text = words.text.strip()[:LONGEST]
    if not text:
        raise Refused(_("An answer needs words."), code="empty")
    if incident.state == State.RESOLVED and words.side == Side.REQUESTER and (late := handling.in_time(incident, None)):
        raise late
    now = timezone.now()
    message = Message.objects.create(
        incident=incident,
        side=words.side,
        by=words.user,
        author_name=words.author_name[:80],
        author_email=words.author_email,
        text=text,
        channel=channel,
        message_id=words.message_id[:200],
        at=now,
    )
    if words.side == Side.TEAM:
        clocking.answered(incident, now)
        telling.answered(incident, message)
        return
    clocking.spoken(incident, now)
    if incident.state == State.WAITING and incident.waits_for == Incident.Waits.USER:
        handling.begin_again(incident)
        incident.state = State.IN_PROGRESS
    elif incident.state == State.RESOLVED and words.side == Side.REQUESTER:
        incident.state = State.IN_PROGRESS
        begin_anew(incident)
    telling.heard(incident, message)


def begin_anew(incident: Incident) -> None:
    """What was resolved is open again: the clock of the solution goes on without the time between."""
    incident.reopened += 1
    incident.resolved_at = incident.closed_at = None
    clocking.go_on(incident, timezone.now())


def note(incident: Incident, *, by: Any, text: str) -> InternalNote:
    """Note something for the team alone; it is no act of the incident, so no history of it tells the words.

    Raises `PermissionDenied` without the right on this incident, `Refused` without words.
    """
    for right in ("servicedesk.view_incident", "servicedesk.add_internalnote"):
        if denied := authority.only.refusal(by, right, incident):
            raise denied
    if incident.requester_id == by.pk and not by.has_perm("servicedesk.view_internalnote", incident):
        raise PermissionDenied(_("The team notes for itself."))
    if not text.strip():
        raise Refused(_("A note needs words."), code="empty")
    with acting(by):
        return InternalNote.objects.create(incident=incident, by=by, text=text.strip()[:LONGEST])
