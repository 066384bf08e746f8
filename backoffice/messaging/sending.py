"""Writing mail into the outbox, and sending what waits there."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from backoffice.access.models import User
from backoffice.celery import wake
from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from backoffice.messaging.models import MailAttachment, OutgoingMail

log = logging.getLogger(__name__)
SEND = "backoffice.messaging.tasks.send_waiting"
PAUSES = (1, 2, 5, 15, 60, 180, 360)  # minutes between attempts; then it has failed
State = OutgoingMail.State


def queue_mail(
    *,
    to: User | str,
    subject: str,
    text: str,
    html: str = "",
    attachments: Sequence[tuple[str, str, bytes]] = (),
    key: str = "",
    company: Any = None,
    headers: Mapping[str, str] | None = None,
) -> OutgoingMail:
    """Put a mail into the outbox in the caller's transaction; `attachments` are (name, type, content).

    `headers` are further ones, such as In-Reply-To; a mail that a person wrote says "Auto-Submitted: no".
    With a `key` a repetition returns the first mail. Where no mail server is named, it is kept
    in the outbox for reading.
    """
    fields = _fields(Letter(to, subject, text, html, company=company, headers=headers or {}))
    with transaction.atomic():
        if key:
            mail, is_new = OutgoingMail.objects.get_or_create(key=key, defaults=fields)
        else:
            mail, is_new = OutgoingMail.objects.create(**fields), True
        if is_new:
            MailAttachment.objects.bulk_create(
                MailAttachment(mail=mail, name=name, media_type=kind, content=content, size=len(content))
                for name, kind, content in attachments
            )
            if mail.state == State.WAITING:
                wake(SEND)
    return mail


@dataclass(frozen=True)
class Letter:
    """A mail of many without files: the words of `queue_mail`, and the key by which it is written once."""

    to: User | str
    subject: str
    text: str
    html: str = ""
    key: str = ""
    company: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def queue_mails(letters: Sequence[Letter]) -> None:
    """Put many mails into the outbox in one statement; what was written under its key is left out."""
    if not letters:
        return
    mails = [OutgoingMail(key=letter.key, **_fields(letter)) for letter in letters]
    with transaction.atomic():
        OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True)
        if mails[0].state == State.WAITING:
            wake(SEND)


def _fields(letter: Letter) -> dict[str, Any]:
    person = letter.to if isinstance(letter.to, User) else None
    return {
        "company": letter.company,
        "recipient": person,
        "address": person.email if person else letter.to,
        "subject": " ".join(letter.subject.split())[:200],  # a line break would start a new header
        "text": letter.text,
        "html": letter.html,
        "headers": {name: " ".join(value.split()) for name, value in letter.headers.items()},
        "message_id": make_msgid(domain=_own_domain()),
        "state": State.WAITING if settings.EMAIL_URL else State.KEPT,
    }


def send_waiting(now: datetime, limit: int = 100) -> int:
    """Send what waits, each mail in a transaction of its own; several workers never take the same. Returns how many."""
    sent = 0
    for _turn in range(limit):
        outcome = _send_next(now)
        if outcome is None:
            break
        sent += outcome
    return sent


def send_again(mail: OutgoingMail, *, by: Any) -> OutgoingMail:
    """Give a failed or kept mail back to the sender.

    Raises `PermissionDenied` without the right to change the outbox, `Refused` when there is no
    mail server or the mail was sent.
    """
    if denied := authority.only.refusal(by, "messaging.change_outgoingmail", mail):
        raise denied
    if not settings.EMAIL_URL:
        raise Refused(_("No mail server is named: set EMAIL_URL."), code="state")
    changed = OutgoingMail.objects.filter(pk=mail.pk, state__in=[State.FAILED, State.KEPT]).update(
        state=State.WAITING, next_at=Now(), attempts=0, error=""
    )
    if not changed:
        raise Refused(_("This mail was sent or waits already."), code="state")
    wake(SEND)
    mail.refresh_from_db()
    return mail


def message_of(mail: OutgoingMail) -> EmailMultiAlternatives:
    """The mail as it goes over the wire."""
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[mail.address],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated", **mail.headers},
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for each in mail.attachments.all():
        message.attach(each.name, bytes(each.content), each.media_type)
    return message


def _send_next(now: datetime) -> int | None:
    """One mail: 1 sent, 0 not sent, None when nothing is left."""
    with transaction.atomic():
        waiting = OutgoingMail.objects.select_for_update(skip_locked=True, of=("self",))
        mail = waiting.filter(state=State.WAITING, next_at__lte=now).order_by("next_at", "id").first()
        if mail is None:
            return None
        mail.attempts += 1
        try:
            with get_connection(fail_silently=False) as connection:
                connection.send_messages([message_of(mail)])
        except Exception as error:  # noqa: BLE001  (whatever stops one mail must not stop the others)
            _note_failure(mail, error, now)
        else:
            mail.state, mail.sent_at, mail.error = State.SENT, now, ""
        mail.save(update_fields=["state", "attempts", "error", "next_at", "sent_at"])
    return int(mail.state == State.SENT)


def _note_failure(mail: OutgoingMail, error: Exception, now: datetime) -> None:
    log.warning("Mail %s was not sent in attempt %s: %s", mail.pk, mail.attempts, error)
    mail.error = str(error)[:2000]
    if mail.attempts > len(PAUSES) or _is_final(error):
        mail.state = State.FAILED
    else:
        mail.next_at = now + timedelta(minutes=PAUSES[mail.attempts - 1])


def _is_final(error: Any) -> bool:
    """Whether the mail server said a final no (5xx of RFC 5321): asking again would not help."""
    codes = [code for code, _text in getattr(error, "recipients", {}).values()] or [getattr(error, "smtp_code", 0)]
    return all(500 <= code < 600 for code in codes)


def _own_domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
