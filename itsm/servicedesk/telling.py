"""Who hears of what: mails to the requester in the thread of the incident, notices to the team. Never a note."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from backoffice.messaging.models import OutgoingMail
from backoffice.messaging.noticing import notify
from backoffice.messaging.sending import queue_mail
from itsm.servicedesk.models import Incident, Mailbox, Message, ReceivedMail

OPENED = "email/incident_opened.txt"
ANSWER = "email/incident_answer.txt"
RESOLVED = "email/incident_resolved.txt"
HUMAN, ROBOT = "no", "auto-replied"  # RFC 3834: what a person wrote may be answered by a robot, the other never


def opened(incident: Incident) -> None:
    """Confirm the report to the requester, and tell the team."""
    _mail(incident, "opened", OPENED, ROBOT)
    _notice_team(incident, _("%(number)s is new") % {"number": incident}, key=f"incident-{incident.pk}-new")


def assigned(incident: Incident, *, by: Any) -> None:
    """Tell the person who has it now, unless it is whoever gave it."""
    if incident.agent is not None and incident.agent.pk != by.pk:
        _notice(incident, incident.agent, _("%(number)s is yours") % {"number": incident})
    elif incident.agent is None:
        _notice_team(incident, _("%(number)s is with your team") % {"number": incident})


def answered(incident: Incident, message: Message) -> None:
    """The team's word to the requester, by mail in the thread and as a notice."""
    _mail(incident, f"message-{message.pk}", ANSWER, HUMAN, words=message.text, author=message.author_name)
    if incident.requester is not None:
        title = _("%(who)s answered: %(subject)s") % {"who": message.author_name, "subject": incident.subject}
        _notice(incident, incident.requester, title, url=incident.get_portal_url())


def heard(incident: Incident, message: Message) -> None:
    """The requester's word to whoever has the incident, else to the team."""
    title = _("%(who)s wrote on %(number)s") % {"who": message.author_name, "number": incident}
    if incident.agent is not None:
        _notice(incident, incident.agent, title)
    else:
        _notice_team(incident, title)


def resolved(incident: Incident) -> None:
    """The solution to the requester."""
    _mail(incident, f"resolved-{incident.reopened}", RESOLVED, HUMAN, words=incident.solution)
    if incident.requester is not None:
        title = _("Resolved: %(subject)s") % {"subject": incident.subject}
        _notice(incident, incident.requester, title, url=incident.get_portal_url())


def reopened(incident: Incident, reason: str, *, by: Any) -> None:
    """It is open again, to whoever has it."""
    title = _("%(number)s is open again") % {"number": incident}
    if incident.agent is not None and incident.agent.pk != by.pk:
        _notice(incident, incident.agent, title, reason)
    elif incident.agent is None:
        _notice_team(incident, title)


def token(incident: Incident) -> str:
    """What the subject of every mail carries, and by which an answer finds its incident."""
    return f"[{incident.number}]"


def _mail(incident: Incident, part: str, template: str, automatic: str, **more: Any) -> None:
    if not incident.requester_email:
        return
    link = f"{settings.SITE_URL.rstrip('/')}{incident.get_portal_url()}" if incident.requester_id else ""
    context = {"incident": incident, "link": link, "company": incident.company, **more}
    queue_mail(
        to=incident.requester or incident.requester_email,
        subject=f"{token(incident)} {incident.subject}",
        text=render_to_string(template, context),
        key=f"incident-{incident.pk}-{part}",
        company=incident.company,
        headers=_thread(incident) | {"Auto-Submitted": automatic},
    )


def _thread(incident: Incident) -> dict[str, str]:
    """The headers by which mail programs, and we, put a mail into its thread; answers come to the mailbox."""
    came = ReceivedMail.objects.filter(incident=incident).exclude(message_id="").order_by("id")
    sent = OutgoingMail.objects.filter(key__startswith=f"incident-{incident.pk}-").order_by("id")
    known = [*came.values_list("message_id", flat=True)[:10], *sent.values_list("message_id", flat=True)[:10]]
    headers = {"References": " ".join(known), "In-Reply-To": known[-1]} if known else {}
    mailbox = Mailbox.objects.filter(company=incident.company_id, is_active=True).order_by("id").first()
    return headers | ({"Reply-To": mailbox.address} if mailbox else {})


def _notice(incident: Incident, to: Any, title: str, text: str = "", url: str = "") -> None:
    notify(to, title, text or incident.subject, url or incident.get_absolute_url())


def _notice_team(incident: Incident, title: str, key: str = "") -> None:
    members = incident.team.members.filter(is_active=True) if incident.team else []
    for member in members:
        if member.pk != incident.requester_id:
            notify(member, title, incident.subject, incident.get_absolute_url(), key=key)
