"""The sample company in a database of the test, a browser for each person, a mail server, a worker.

The sample is loaded once a session (15 s) and kept as a template; each journey begins with a fresh copy of it.
"""

import os
import subprocess
import sys
from datetime import date
from email import message_from_bytes, policy
from io import StringIO
from socket import socket
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connections

from backoffice.access.models import User
from backoffice.core.sample import password
from backoffice.organisation.models import Company
from tests import conftest as databases
from tests.browsing import LIGHT, Visit
from tests.plugin_services import numbered

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def _sample_template(django_db_setup, django_db_blocker):
    """The name of a database that holds the sample; dropped at the end."""
    name = connections["default"].settings_dict["NAME"]
    kept = f"{name}_sample"
    with django_db_blocker.unblock():
        if not databases._exists(databases._template()):
            databases._copy(name, databases._template())
        databases._copy(databases._template(), name)
        call_command("sample", today=TODAY, verbosity=0, stdout=StringIO())
        databases._copy(name, kept)
        databases._copy(databases._template(), name)
    yield kept
    with django_db_blocker.unblock():
        connections.close_all()
        with databases._owner_connection() as owner:
            owner.execute(f'DROP DATABASE IF EXISTS "{kept}" WITH (FORCE)')


@pytest.fixture
def company(_sample_template, transactional_db):
    """Calder & Wren with two years of books."""
    databases._copy(_sample_template, connections["default"].settings_dict["NAME"])
    return Company.objects.get()


@pytest.fixture
def people(company):
    """The people of the sample by first name."""
    return {user.email.split(".")[0]: user for user in User.objects.all()}


@pytest.fixture
def visit(browser, live_server):
    """Opens a window: `visit()` for a stranger, `visit(user)` for somebody who is signed in."""
    opened = []

    def window(user=None, dress=LIGHT, by_form=False, **options):
        each = Visit(browser, live_server.url, dress, **options)
        opened.append(each)
        if user is not None:
            each.sign_in(user, password(user.email)) if by_form else each.enter(user)
        return each

    yield window
    for each in opened:
        each.close()
    assert [complaint for each in opened for complaint in each.complaints] == []
    for each in opened:
        for url, rules in each.policies.items():
            if "/body/" not in url:
                assert "default-src 'none'" in rules, url
                assert "unsafe" not in rules, url


class MailServer:
    """Takes mail over SMTP and keeps it."""

    def __init__(self):
        self.messages = []

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.messages.append(message)
        return "250 OK"

    def to(self, user):
        return [message for message in self.messages if message["To"] == user.email]


@pytest.fixture
def mail_server(settings, live_server):
    from aiosmtpd.controller import Controller

    taker = MailServer()
    with socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    running = Controller(taker, hostname="127.0.0.1", port=port)
    running.start()
    taker.url = settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.SITE_URL = live_server.url
    yield taker
    running.stop()


@pytest.fixture
def worker(company, mail_server, monkeypatch, live_server, settings):
    """A Celery worker in a process of its own, with a broker that no other test session hears.

    Answers `send(task)`, which does what beat does when a task is due. `send.process` is the worker, for those who
    kill it, `send.begin()` starts another one.
    """
    from backoffice.celery import app

    settings.SITE_URL = live_server.url
    broker = _own_broker(django_settings.BROKER_URL)
    send_task = app.send_task

    def send(*task, **options):
        with app.connection_for_write(broker) as connection:
            return send_task(*task, connection=connection, **options)

    monkeypatch.setattr(app, "send_task", send)
    environment = os.environ | {
        "DATABASE_URL": _named(os.environ["DATABASE_URL"]),
        "DATABASE_OWNER_URL": _named(os.environ["DATABASE_OWNER_URL"]),
        "BROKER_URL": broker,
        "EMAIL_URL": mail_server.url,
        "SITE_URL": live_server.url,
        "SECRET_KEY": django_settings.SECRET_KEY,
        "SEAL_KEYS": ",".join(f"{key}:{value}" for key, value in django_settings.SEAL_KEYS.items()),
        "FIELD_KEYS": ",".join(django_settings.FIELD_KEYS),
        "SECURE": "0",
    }
    command = ["-W", "ignore", "-m", "celery", "--app=backoffice.celery", "--quiet", "worker", "--pool=solo"]
    command += ["--loglevel=warning", "--without-gossip", "--without-mingle", "--without-heartbeat"]

    def begin():
        send.process = subprocess.Popen([sys.executable, *command], env=environment, cwd=django_settings.BASE_DIR)

    send.begin = begin
    begin()
    yield send
    send.process.terminate()
    send.process.wait(timeout=30)


def _own_broker(url):
    """Another numbered database of the same Valkey, one for each process that tests."""
    return numbered(url, 15 - int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")))


def _named(url):
    """The address of the test database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{connections['default'].settings_dict['NAME']}"))
