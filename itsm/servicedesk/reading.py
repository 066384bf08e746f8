"""Understanding a mail: who wrote what in answer to which mail, and whether a robot did. Pure: bytes in, facts out."""

import email
import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr

import nh3
from mailparser_reply import EmailReplyParser

TOKEN = re.compile(r"\[(INC-\d{1,12})\]")
LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pl"]
LONGEST = 20_000
ROBOTS = ("mailer-daemon@", "postmaster@", "noreply@", "no-reply@", "donotreply@", "do-not-reply@")


@dataclass(frozen=True)
class File:
    """An attached file."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """What a mail says. `answers` are the message ids that it names, the nearest first; `token` is our number in its subject."""

    sender_name: str
    sender: str
    subject: str
    message_id: str
    answers: tuple[str, ...]
    token: str
    text: str
    robot: str = ""
    files: tuple[File, ...] = field(default=())


def read(raw: bytes) -> Mail:
    """The facts of a mail; quoted text of earlier mails is cut. Raises `ValueError` for what is no mail."""
    message = email.message_from_bytes(raw, policy=default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise ValueError("no headers")
    name, sender = parseaddr(_header(message, "From"))
    subject = _header(message, "Subject")
    token = TOKEN.search(subject)
    return Mail(
        sender_name=(name or sender)[:80],
        sender=sender.lower()[:200],
        subject=subject[:160],
        message_id=_ids(_header(message, "Message-ID"))[:1][0] if _ids(_header(message, "Message-ID")) else "",
        answers=tuple(_answers(message)),
        token=token[1] if token else "",
        text=own_words(_text(message))[:LONGEST],
        robot=_robot(message, sender.lower()),
        files=tuple(_files(message)),
    )


def own_words(text: str) -> str:
    """What the writer added: without the mails quoted below, and never nothing where something was written."""
    reply = EmailReplyParser(languages=LANGUAGES).parse_reply(text=text)
    return (reply or text).strip()


def _robot(message: EmailMessage, sender: str) -> str:
    """Why this mail was not written by a person (RFC 3834 and what is usual); empty when it was."""
    submitted = _header(message, "Auto-Submitted").split(";")[0].strip().lower()
    if submitted and submitted != "no":
        return f"Auto-Submitted: {submitted}"
    if _header(message, "Precedence").strip().lower() in {"bulk", "junk", "list", "auto_reply"}:
        return "Precedence"
    # it asks others not to answer automatically: robots say so, and so do some programs for people's mail
    if {"all", "autoreply", "oof"} & set(re.split(r"[,\s]+", _header(message, "X-Auto-Response-Suppress").lower())):
        return "X-Auto-Response-Suppress"
    if any(message.get(name) is not None for name in ("X-Autoreply", "X-Autorespond", "List-Id", "List-Unsubscribe")):
        return "X-Autoreply or a list"
    if _header(message, "Return-Path").strip() == "<>":
        return "Return-Path: <>"
    if message.get_content_type() == "multipart/report":
        return "a report of delivery"
    return sender if sender.startswith(ROBOTS) else ""


def _answers(message: EmailMessage) -> list[str]:
    found = [*_ids(_header(message, "In-Reply-To")), *reversed(_ids(_header(message, "References")))]
    return list(dict.fromkeys(found))[:50]


def _ids(text: str) -> list[str]:
    return [found[:200] for found in re.findall(r"<[^<>\s]{3,}>", text)]


def _header(message: EmailMessage, name: str) -> str:
    """A header as one line; broken encodings are read as well as they can be."""
    try:
        value = message.get(name, "")
    except (ValueError, IndexError, LookupError, AttributeError):
        value = dict(message.raw_items()).get(name, "")
    return " ".join(str(value).split())


def _text(message: EmailMessage) -> str:
    """The words of a mail; of HTML the text, without markup."""
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        content = part.get_content()
    except (LookupError, UnicodeError):
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    content = str(content).replace("\r\n", "\n").replace("\x00", "")
    if part.get_content_subtype() == "html":
        lines = re.sub(r"(?i)<(br|/p|/div|/li|/tr|/h\d)[^>]*>", "\n", content)
        content = nh3.clean(lines, tags=set(), clean_content_tags={"script", "style", "title"})
        for mark, plain in (("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
            content = content.replace(mark, plain)
    return re.sub(r"\n{3,}", "\n\n", content)


def _files(message: EmailMessage) -> list[File]:
    found = []
    for part in message.iter_attachments():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload:
            found.append(File(part.get_filename() or "file", payload))
    return found[:20]
