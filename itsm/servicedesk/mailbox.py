"""The one place that speaks IMAP: new mails of a mailbox, by UID, left where they are."""

import imaplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailboxLoginError, MailBoxStartTls, MailBoxUnencrypted

from itsm.servicedesk.models import Mailbox

TIMEOUT = 30  # seconds
PORTION = 50  # mails in one go
LARGEST = 30 * 1024 * 1024  # bytes; a larger mail is only named


@dataclass(frozen=True)
class Arrived:
    """A mail as the server gave it; `raw` is empty where it is too large to be read."""

    uid_validity: int
    uid: int
    raw: bytes


class Unreachable(Exception):
    """The server does not answer, or does not let us in; the message is for the administrator."""


def new_mails(mailbox: Mailbox) -> Iterator[Arrived]:
    """The mails that came after the last one that was read; a folder that was made anew is read from its beginning.

    Raises `Unreachable`.
    """
    try:
        with _opened(mailbox) as box:
            validity = int(box.folder.status(mailbox.folder, ["UIDVALIDITY"])["UIDVALIDITY"])
            after = mailbox.last_uid if validity == mailbox.uid_validity else 0
            # "n:*" always names the last mail, also when its UID is below n
            uids = sorted(int(uid) for uid in box.uids(f"UID {after + 1}:*") if int(uid) > after)
            for uid in uids[:PORTION]:
                _answer, parts = box.client.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{LARGEST + 1}>)")
                raw = next((part[1] for part in parts or [] if isinstance(part, tuple)), b"")
                yield Arrived(validity, uid, raw if len(raw) <= LARGEST else b"")
    except MailboxLoginError as error:
        raise Unreachable(f"{mailbox.login}: {error}"[:300]) from error
    except (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError, KeyError) as error:
        raise Unreachable(f"{mailbox.host}:{mailbox.port}: {error}"[:300]) from error


def _opened(mailbox: Mailbox) -> BaseMailBox:
    context = ssl.create_default_context()
    where = {"host": mailbox.host, "port": mailbox.port, "timeout": TIMEOUT}
    box: BaseMailBox
    if mailbox.security == Mailbox.Security.TLS:
        box = MailBox(**where, ssl_context=context)
    elif mailbox.security == Mailbox.Security.STARTTLS:
        box = MailBoxStartTls(**where, ssl_context=context)
    else:
        box = MailBoxUnencrypted(**where)
    return box.login(mailbox.login, mailbox.secret, mailbox.folder)
