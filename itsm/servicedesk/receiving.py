"""Mail comes in: it opens an incident, joins one, or is left alone and why. Every mail is taken once."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.access.models import User
from backoffice.core.errors import Refused
from backoffice.documents import attaching
from backoffice.messaging.models import OutgoingMail
from itsm.servicedesk import conversing, handling, opening, reading
from itsm.servicedesk.conversing import Words
from itsm.servicedesk.mailbox import Arrived, Unreachable, new_mails
from itsm.servicedesk.models import Incident, Mailbox, Message, ReceivedMail
from itsm.servicedesk.reading import Mail

log = logging.getLogger(__name__)
Outcome, State = ReceivedMail.Outcome, Incident.State
HOUR = timedelta(hours=1)


def read_all(now: datetime) -> int:
    """Read every active mailbox; one that cannot be reached does not stop the others. Returns how many mails came."""
    return sum(read_box(pk, now) for pk in Mailbox.objects.filter(is_active=True).values_list("pk", flat=True))


def read_box(mailbox_id: int, now: datetime) -> int:
    """Take what is new in one mailbox, each mail in a transaction of its own. Returns how many mails came.

    The network is asked first and nothing is locked meanwhile; a mail that two readers hold is taken by one of them.
    """
    count, problem, mailbox = 0, "", Mailbox.objects.get(pk=mailbox_id)
    try:
        for arrived in list(new_mails(mailbox)):
            with transaction.atomic():
                locked = Mailbox.objects.select_for_update().get(pk=mailbox_id)
                count += take(locked, arrived) is not None
                locked.uid_validity, locked.last_uid = arrived.uid_validity, arrived.uid
                locked.save(update_fields=["uid_validity", "last_uid"])
    except Unreachable as error:
        log.warning("Mailbox %s: %s", mailbox, error)
        problem = str(error)
    Mailbox.objects.filter(pk=mailbox_id).update(read_at=now, problem=problem)
    return count


def take(mailbox: Mailbox, arrived: Arrived) -> ReceivedMail | None:
    """Decide what becomes of one mail; None when it was taken before under this UID."""
    known = {"mailbox": mailbox, "uid_validity": arrived.uid_validity, "uid": arrived.uid}
    if ReceivedMail.objects.filter(**known).exists():
        return None
    row = ReceivedMail(**known, at=timezone.now())
    try:
        mail = reading.read(arrived.raw)
    except Exception as error:  # noqa: BLE001  (a mail that breaks the reader must not stop those behind it)
        row.outcome, row.why = Outcome.UNREADABLE, f"{type(error).__name__}: {error}"[:300]
        row.save()
        return row
    row.message_id, row.sender, row.subject = mail.message_id, mail.sender, mail.subject[:200]
    try:
        with transaction.atomic():
            row.outcome, row.why, row.incident = _judged(mailbox, mail)
    except (Refused, PermissionDenied) as reason:
        row.outcome, row.why, row.incident = Outcome.STRANGER, str(reason)[:300], None
    row.save()
    return row


def _judged(mailbox: Mailbox, mail: Mail) -> tuple[str, str, Incident | None]:
    before = ReceivedMail.objects.filter(mailbox=mailbox)
    if mail.message_id and before.filter(message_id=mail.message_id).exists():
        return Outcome.REPEATED, mail.message_id, None
    if not mail.sender:
        return Outcome.UNREADABLE, _("It names no sender."), None
    if mail.sender == mailbox.address.lower() or _is_ours(mail):
        return Outcome.OWN, "", None
    incident, is_answer = thread_of(mailbox, mail)
    if mail.robot:
        return Outcome.AUTOMATIC, mail.robot, incident
    lately = before.filter(
        sender=mail.sender, at__gt=timezone.now() - HOUR, outcome__in=[Outcome.OPENED, Outcome.ADDED]
    )
    if lately.count() >= mailbox.hourly:
        return Outcome.LOOP, _("%(n)s mails within an hour") % {"n": mailbox.hourly}, incident
    user = User.objects.filter(email__iexact=mail.sender, is_active=True).first()
    if incident is not None and not _is_over(incident):
        _add(mailbox, mail, incident, user, is_answer=is_answer)
        return Outcome.ADDED, "", incident
    if user is None and mailbox.unknown == Mailbox.Unknown.REFUSE:
        return Outcome.STRANGER, "", None
    return Outcome.OPENED, "", _open(mailbox, mail, user, follows=incident)


def thread_of(mailbox: Mailbox, mail: Mail) -> tuple[Incident | None, bool]:
    """The incident that a mail belongs to, and whether it names a mail of that thread.

    Our number in the subject finds it as well, but anybody can write that.
    """
    ours = Incident.objects.filter(company=mailbox.company_id)
    if mail.answers:
        came = ReceivedMail.objects.filter(message_id__in=mail.answers, incident__in=ours)
        said = Message.objects.filter(message_id__in=mail.answers, incident__in=ours)
        for rows in (came, said):
            if (row := rows.select_related("incident").order_by("-id").first()) is not None:
                return row.incident, True
        sent = OutgoingMail.objects.filter(message_id__in=mail.answers, key__startswith="incident-").first()
        if sent is not None and (found := ours.filter(pk=sent.key.split("-")[1]).first()):
            return found, True
    return (ours.filter(number=mail.token).first() if mail.token else None), False


def _is_ours(mail: Mail) -> bool:
    return bool(mail.message_id) and OutgoingMail.objects.filter(message_id=mail.message_id).exists()


def _is_over(incident: Incident) -> bool:
    """Whether a mail on it opens a new incident that follows it."""
    late = incident.state == State.RESOLVED and handling.in_time(incident, None) is not None
    return late or incident.state == State.CLOSED


def _add(mailbox: Mailbox, mail: Mail, incident: Incident, user: User | None, *, is_answer: bool) -> None:
    words = Words(
        text=mail.text or mail.subject or _("(no words)"),
        side=_side(mail, incident, user, is_answer=is_answer),
        author_name=mail.sender_name,
        author_email=mail.sender,
        message_id=mail.message_id,
        user=user,
    )
    conversing.hear(incident, by=user or mailbox.acts_as, words=words)
    _attach(mailbox, mail, incident, user)


def _side(mail: Mail, incident: Incident, user: User | None, *, is_answer: bool) -> str:
    """Whose word it is. An address is easily forged: nobody speaks for the team without naming a mail of the thread."""
    if mail.sender == incident.requester_email.lower():
        return Message.Side.REQUESTER
    if is_answer and user is not None and user.has_perm("servicedesk.view_incident", incident):
        return Message.Side.TEAM
    return Message.Side.OTHER


def _open(mailbox: Mailbox, mail: Mail, user: User | None, *, follows: Incident | None) -> Incident:
    by = user if user is not None and user.has_perm("servicedesk.add_incident") else mailbox.acts_as
    incident = Incident(
        company=mailbox.company,
        subject=reading.TOKEN.sub("", mail.subject).strip()[:160] or _("(no subject)"),
        text=mail.text or mail.subject or _("(no words)"),
        channel=Incident.Channel.EMAIL,
        requester=user,
        requester_name=mail.sender_name,
        requester_email=mail.sender,
        team=mailbox.team,
        follows=follows,
    )
    opening.enter(incident, by=by)
    _attach(mailbox, mail, incident, user)
    return incident


def _attach(mailbox: Mailbox, mail: Mail, incident: Incident, user: User | None) -> None:
    """Keep the files; one that is not kept is named to the team."""
    missing = []
    for file in mail.files:
        for by in dict.fromkeys([user or mailbox.acts_as, mailbox.acts_as]):
            try:
                with transaction.atomic():
                    attaching.attach(incident, name=file.name, content=file.content, by=by)
                break
            except PermissionDenied:
                continue
            except Refused as reason:
                missing.append(str(reason))
                break
        else:
            missing.append(file.name)
    if missing:
        _tell_missing(mailbox, incident, missing)


def _tell_missing(mailbox: Mailbox, incident: Incident, missing: list[str]) -> Any:
    try:
        words = _("Files of the mail that were not kept: %(files)s") % {"files": "; ".join(missing)}
        return conversing.note(incident, by=mailbox.acts_as, text=words)
    except PermissionDenied:
        log.warning("Incident %s: files of its mail were not kept.", incident)
        return None
