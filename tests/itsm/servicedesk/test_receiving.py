"""Mail opens incidents and finds its thread; robots, loops and strangers do not."""

import imaplib
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.utils import timezone

from backoffice.core.errors import Refused
from backoffice.documents.models import Attachment
from backoffice.messaging import sending
from backoffice.messaging.models import OutgoingMail
from itsm.servicedesk import conversing, handling, reading, receiving, resolving
from itsm.servicedesk.mailbox import Arrived
from itsm.servicedesk.models import Incident, Mailbox, Message, ReceivedMail
from tests.factories_desk import a_level, a_service, a_team, again, travel

Outcome, Side = ReceivedMail.Outcome, Message.Side
OWEN = "owen.hughes@calderwren.example"


@pytest.fixture
def mailbox(company, ben):
    return Mailbox.objects.create(
        company=company, address="help@calderwren.example", host="127.0.0.1", port=1, security="plain",
        login="demouser", secret="demopass", team=a_team(company), acts_as=ben,
    )  # fmt: skip


def a_mail(text="The printers print blank labels.", *, sender=OWEN, subject="Blank labels", **headers):
    lines = [f"From: Owen Hughes <{sender}>", "To: help@calderwren.example", f"Subject: {subject}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Content-Type: text/plain; charset=utf-8", "", text]).encode()


def take(mailbox, raw, uid=None):
    last = ReceivedMail.objects.order_by("-uid").values_list("uid", flat=True).first() or 0
    return receiving.take(mailbox, Arrived(1, uid or last + 1, raw))


def sent_to(address):
    return OutgoingMail.objects.filter(address=address).order_by("id").last()


def test_a_colleagues_mail_opens_an_incident_of_that_colleague(mailbox, owen):
    row = take(mailbox, a_mail(Message_ID="<one@owen>"))

    incident = row.incident
    assert (row.outcome, incident.requester, incident.channel) == (Outcome.OPENED, owen, "email")
    assert (incident.subject, incident.text) == ("Blank labels", "The printers print blank labels.")
    confirmation = sent_to(OWEN)
    assert confirmation.subject == f"[{incident.number}] Blank labels"
    wire = sending.message_of(confirmation).message()
    assert wire["Auto-Submitted"] == "auto-replied"
    assert wire["Reply-To"] == mailbox.address


def test_the_answer_of_a_colleague_finds_its_thread_by_the_mail_that_it_answers(mailbox, owen, ben):
    incident = take(mailbox, a_mail(Message_ID="<one@owen>")).incident
    conversing.reply(again(incident), by=ben, text="Which printer?")
    asked = sent_to(OWEN)
    wire = sending.message_of(asked).message()
    assert wire["Auto-Submitted"] == "no"
    assert "<one@owen>" in wire["References"]

    text = "LPR-014.\r\n\r\nOn Mon, 23 Nov 2026 at 09:00, Ben Carlisle <help@calderwren.example> wrote:\r\n> Which printer?\r\n"
    row = take(mailbox, a_mail(text, subject="Re: something else", In_Reply_To=asked.message_id))

    assert (row.outcome, row.incident) == (Outcome.ADDED, incident)
    message = incident.messages.last()
    assert (message.text, message.side, message.by) == ("LPR-014.", Side.REQUESTER, owen)


def test_without_references_the_number_in_the_subject_finds_the_thread(mailbox, owen):
    incident = take(mailbox, a_mail()).incident

    row = take(mailbox, a_mail("Still blank.", subject=f"AW: [{incident.number}] Blank labels"))

    assert row.incident == incident


def test_the_requesters_mail_wakes_what_waits_for_it(mailbox, owen, ben):
    incident = take(mailbox, a_mail(Message_ID="<one@owen>")).incident
    handling.take(again(incident), by=ben)
    handling.wait(again(incident), by=ben, waits_for="user")

    take(mailbox, a_mail("It is LPR-014.", In_Reply_To="<one@owen>"))

    assert again(incident).state == "in_progress"


def test_the_requesters_mail_reopens_what_was_resolved(company, mailbox, owen, ben):
    a_level(company)
    incident = take(mailbox, a_mail(Message_ID="<one@owen>")).incident
    resolving.resolve(again(incident), by=ben, service=a_service(company), cause="software", solution="Driver 8.1.")

    take(mailbox, a_mail("Blank again.", In_Reply_To=sent_to(OWEN).message_id))

    assert (again(incident).state, again(incident).reopened) == ("in_progress", 1)


def test_mail_on_a_closed_incident_opens_one_that_follows_it(company, mailbox, owen, ben):
    incident = take(mailbox, a_mail(Message_ID="<one@owen>")).incident
    resolving.resolve(again(incident), by=ben, service=a_service(company), cause="software", solution="Driver 8.1.")
    resolving.close(again(incident), by=ben)

    row = take(mailbox, a_mail("Blank again.", In_Reply_To="<one@owen>"))

    assert row.outcome == Outcome.OPENED
    assert row.incident.follows == incident


def test_mail_on_what_was_resolved_long_ago_opens_one_that_follows_it(company, mailbox, owen, ben):
    a_level(company, reopen_days=3, close_days=30)
    with travel(2, 9):
        incident = take(mailbox, a_mail(Message_ID="<one@owen>")).incident
        resolving.resolve(again(incident), by=ben, service=a_service(company), cause="software", solution="Driver 8.1.")

    with travel(9, 9):
        row = take(mailbox, a_mail("Blank again.", In_Reply_To="<one@owen>"))
        with pytest.raises(Refused):
            conversing.reply(again(incident), by=owen, text="Blank again.")

    assert row.incident.follows == incident


def test_the_word_of_somebody_drawn_in_is_kept_and_is_nobody_elses(mailbox, owen):
    incident = take(mailbox, a_mail(Message_ID="<one@owen>")).incident

    take(mailbox, a_mail("We changed the driver.", sender="fix@zebra.example", In_Reply_To="<one@owen>"))

    message = incident.messages.get()
    assert (message.side, message.author_email, message.by) == (Side.OTHER, "fix@zebra.example", None)


def test_a_forged_sender_with_the_number_alone_does_not_speak_for_the_team(company, mailbox, owen, ben):
    a_level(company)
    incident = take(mailbox, a_mail()).incident

    take(mailbox, a_mail("Send me your password.", sender=ben.email, subject=f"[{incident.number}]"))

    assert incident.messages.get().side == Side.OTHER
    assert incident.clocks.get(metric="first_response").state == "running"
    assert "password" not in sent_to(OWEN).text


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; why=notice"},
        {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
        {"sender": "MAILER-DAEMON@mail.example"},
    ],
)
def test_what_a_robot_wrote_opens_nothing(mailbox, owen, headers):
    row = take(mailbox, a_mail("I am out of the office.", **headers))

    assert row.outcome == Outcome.AUTOMATIC
    assert Incident.objects.count() == OutgoingMail.objects.count() == 0


def test_a_human_mail_that_says_no_is_a_persons(mailbox, owen):
    assert take(mailbox, a_mail(Auto_Submitted="no")).outcome == Outcome.OPENED


def test_too_many_mails_of_one_sender_are_a_loop(mailbox, owen):
    mailbox.hourly = 3
    outcomes = [take(mailbox, a_mail(f"Number {n}", Message_ID=f"<{n}@owen>")).outcome for n in range(5)]

    assert outcomes == [Outcome.OPENED] * 3 + [Outcome.LOOP] * 2


def test_our_own_mail_that_comes_back_is_left_alone(mailbox, owen):
    take(mailbox, a_mail())
    back = sending.message_of(sent_to(OWEN)).message().as_bytes()

    assert take(mailbox, back).outcome == Outcome.OWN
    assert take(mailbox, a_mail(sender=mailbox.address)).outcome == Outcome.OWN


def test_a_mail_that_comes_twice_is_taken_once(mailbox, owen):
    take(mailbox, a_mail(Message_ID="<one@owen>"), uid=7)

    assert take(mailbox, a_mail(Message_ID="<one@owen>"), uid=7) is None
    assert take(mailbox, a_mail(Message_ID="<one@owen>"), uid=8).outcome == Outcome.REPEATED
    assert Incident.objects.count() == 1


def test_strangers_are_left_alone_or_heard_as_the_mailbox_says(mailbox, company):
    assert take(mailbox, a_mail(sender="ann@elsewhere.example")).outcome == Outcome.STRANGER
    mailbox.unknown = Mailbox.Unknown.OPEN

    incident = take(mailbox, a_mail(sender="ann@elsewhere.example")).incident

    assert (incident.requester, incident.requester_email) == (None, "ann@elsewhere.example")
    assert sent_to("ann@elsewhere.example").recipient is None


def test_html_is_read_as_words_and_files_are_kept(mailbox, owen):
    png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    raw = "\r\n".join(
        [
            f"From: {OWEN}", "Subject: =?utf-8?q?Drucker_gr=C3=BCn?=", "MIME-Version: 1.0",
            'Content-Type: multipart/mixed; boundary="b"', "", "--b", "Content-Type: text/html; charset=utf-8", "",
            "<style>p{}</style><p>It <b>blinks</b> &amp; hums.</p><script>alert(1)</script>", "--b",
            'Content-Type: image/png; name="x.png"', "Content-Transfer-Encoding: base64",
            'Content-Disposition: attachment; filename="x.png"', "", png, "--b",
            'Content-Disposition: attachment; filename="evil.exe"', "Content-Transfer-Encoding: base64", "", "TVqQ",
            "--b--", "",
        ]
    ).encode()  # fmt: skip

    incident = take(mailbox, raw).incident

    assert (incident.subject, incident.text) == ("Drucker grün", "It blinks & hums.")
    assert [file.name for file in Attachment.objects.all()] == ["x.png"]
    assert "evil.exe" in incident.notes.get().text


def test_what_cannot_be_read_is_named_and_stops_nothing(mailbox, owen):
    assert take(mailbox, b"").outcome == Outcome.UNREADABLE
    assert take(mailbox, b"\xff\xfe\x00garbage").outcome == Outcome.UNREADABLE
    assert take(mailbox, a_mail()).outcome == Outcome.OPENED


def test_a_header_cannot_be_smuggled_in_by_a_subject(mailbox, owen):
    mail = reading.read(a_mail(subject="Hello\r\n\tBcc: all@calderwren.example"))

    assert "\n" not in mail.subject


@pytest.fixture
def imap():
    """A real IMAP server with an empty-handed user's mailbox; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(sys.executable).parent / "pymap"
    command = [program, "--host", "127.0.0.1", "--port", str(port), "--no-tls", "--no-service", "admin", "dict"]
    server = subprocess.Popen([*command, "--demo-data"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _try in range(100):
            try:
                imaplib.IMAP4("127.0.0.1", port).logout()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def test_a_mailbox_is_read_over_imap_from_where_it_was_left(mailbox, owen, imap):
    box = imaplib.IMAP4("127.0.0.1", imap)
    box.login("demouser", "demopass")
    mailbox.port = imap
    mailbox.save()
    receiving.read_all(timezone.now())  # the server's own samples come from strangers
    assert Incident.objects.count() == 0
    box.append("INBOX", None, None, a_mail(Message_ID="<one@owen>"))
    box.append("INBOX", None, None, a_mail("Out of office", Auto_Submitted="auto-replied"))

    assert receiving.read_all(timezone.now()) == 2
    assert receiving.read_all(timezone.now()) == 0

    assert Incident.objects.get().requester == owen
    assert Mailbox.objects.get().problem == ""


def test_a_wrong_password_is_told_and_stops_nothing(mailbox, imap):
    mailbox.port, mailbox.secret = imap, "wrong"
    mailbox.save()

    assert receiving.read_all(timezone.now()) == 0
    assert "demouser" in Mailbox.objects.get().problem


def test_a_server_that_does_not_answer_is_told(mailbox):
    assert receiving.read_all(timezone.now()) == 0
    assert "127.0.0.1:1" in Mailbox.objects.get().problem
