"""Mail leaves if and only if its cause was committed; a real server takes it."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from backoffice.core.errors import Refused
from backoffice.messaging import sending
from backoffice.messaging.models import OutgoingMail
from tests.fixtures_world import a_user

State = OutgoingMail.State


class Taker:
    """A mail server that keeps what it gets, after `say` was answered so often."""

    def __init__(self):
        self.messages, self.say = [], []

    async def handle_DATA(self, server, session, envelope):
        if self.say:
            return self.say.pop(0)
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def server(settings):
    taker = Taker()
    controller = Controller(taker, hostname="127.0.0.1", port=0)
    controller.port = free_port()
    controller.start()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{controller.port}"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield taker
    controller.stop()


def free_port():
    import socket

    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def a_mail(to="grace@calderwren.example", **fields):
    return sending.queue_mail(**{"to": to, "subject": "Hello", "text": "Text", **fields})


def test_a_mail_reaches_the_server_with_text_html_and_attachment(server, db):
    mail = a_mail(
        subject="Łukasz owes €5", html="<p>Łukasz</p>", attachments=[("a.pdf", "application/pdf", b"%PDF-1.7")]
    )

    assert sending.send_waiting(timezone.now() + timedelta(seconds=1)) == 1

    (message,) = server.messages
    assert message["Subject"] == "Łukasz owes €5"
    assert message["Message-ID"] == mail.message_id
    assert message.get_body(("html",)).get_content().strip() == "<p>Łukasz</p>"
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("a.pdf", b"%PDF-1.7")
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (State.SENT, 1)
    assert sending.send_waiting(timezone.now()) == 0


def test_a_mail_whose_cause_is_rolled_back_never_existed(server, db):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        a_mail()
        raise ZeroDivisionError

    assert sending.send_waiting(timezone.now()) == 0
    assert server.messages == []


def test_one_key_is_one_mail(server, db):
    assert a_mail(key="pack:1").pk == a_mail(key="pack:1").pk


def test_many_mails_are_written_at_once_and_each_key_once(server, db):
    letters = [sending.Letter("tom@example.com", "Hello", "Text", key=key) for key in ("a", "b", "a")]
    sending.queue_mails(letters)
    sending.queue_mails([*letters, sending.Letter("ada@example.com", "Hello\nyou", "Text")])
    sending.queue_mails([])
    assert sorted(OutgoingMail.objects.values_list("key", "subject")) == [
        ("", "Hello you"), ("a", "Hello"), ("b", "Hello"),
    ]  # fmt: skip
    assert sending.send_waiting(timezone.now()) == 3


def test_a_server_that_is_busy_is_asked_again_later(server, db):
    mail = a_mail()
    server.say = ["451 Try later"]
    now = timezone.now() + timedelta(seconds=1)

    assert sending.send_waiting(now) == 0
    mail.refresh_from_db()
    assert (mail.state, mail.next_at) == (State.WAITING, now + timedelta(minutes=1))
    assert "Try later" in mail.error

    assert sending.send_waiting(now + timedelta(minutes=2)) == 1


def test_a_final_no_is_a_failure_that_somebody_with_the_right_may_repeat(server, company):
    mail = a_mail(company=company)
    server.say = ["554 No such person"]
    sending.send_waiting(timezone.now() + timedelta(seconds=1))
    mail.refresh_from_db()
    assert mail.state == State.FAILED

    with pytest.raises(PermissionDenied):
        sending.send_again(mail, by=a_user("Tom Ashworth", company=company))
    sending.send_again(mail, by=a_user("Ada Quinn", "messaging.change_outgoingmail"))
    assert sending.send_waiting(timezone.now() + timedelta(seconds=1)) == 1


def test_without_a_server_mail_is_kept_for_reading(settings, company):
    settings.EMAIL_URL = ""
    mail = a_mail(company=company)

    assert mail.state == State.KEPT
    with pytest.raises(Refused):
        sending.send_again(mail, by=a_user("Ada Quinn", "messaging.change_outgoingmail"))


def test_a_line_break_in_a_subject_cannot_start_a_header(db):
    assert a_mail(subject="Hello\r\nBcc: eve@example.org").subject == "Hello Bcc: eve@example.org"


def test_one_mail_that_fails_does_not_stop_the_others(server, db):
    first, second = a_mail(), a_mail(to="tom@calderwren.example")
    server.say = ["554 No"]

    assert sending.send_waiting(timezone.now() + timedelta(seconds=1)) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert {first.state, second.state} == {State.FAILED, State.SENT}
