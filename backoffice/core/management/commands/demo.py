"""`manage.py demo`: the whole product on this machine, with its sample company, in one command.

Servers, migrations, sample, web, worker and beat; Ctrl-C ends them in the opposite order. A second start keeps the
data of the first.
"""

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from typing import Any

from django.conf import settings
from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from backoffice.core import services
from backoffice.core.services.processes import Family

HOST = "127.0.0.1"
ANSWER_SECONDS = 90
QUIET: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
NO_PANGO = """
PDFs cannot be made: the Pango library is missing. Everything else works. To install it:
  Debian, Ubuntu: sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
  macOS:          brew install pango
"""


class Command(BaseCommand):
    help = "Runs the product with its sample company on this machine until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--scale", type=int, help="multiplies the documents of the sample (first start only)")
        parser.add_argument("--today", type=dt.date.fromisoformat, help="the last day of the sample, YYYY-MM-DD")

    def handle(self, *, port: int, scale: int | None, today: dt.date | None, **options: Any) -> None:
        refuse_taken_port(port)
        self.family = Family()
        self.family.obey_signals()
        # Who names his own servers starts and stops them himself.
        own_servers = bool(os.environ.get("DATABASE_URL"))
        self.environment = os.environ | {"SITE_URL": f"http://{HOST}:{port}"}
        # Slow to load, therefore asked in a process of its own while the servers start.
        pdf_library = subprocess.Popen([sys.executable, "-c", "import weasyprint"], **QUIET)
        started = False
        try:
            if not own_servers:
                self.say("Starting PostgreSQL and Valkey")
                started = services.up()
            self.prepare(scale, today)
            if pdf_library.wait():
                self.stderr.write(NO_PANGO)
            if not self.family.asked_to_end:
                self.serve(port)
        except services.ServiceError as error:
            raise CommandError(str(error)) from error
        finally:
            self.family.end()
            if started:
                services.down()
        self.say("Ended. The data are kept for the next start.")

    def prepare(self, scale: int | None, today: dt.date | None) -> None:
        """Migrate as the owner; load the sample company into a database that holds no company yet."""
        self.say("Migrating the database")
        self.step(["migrate", "--verbosity=0"], {"BACKOFFICE_ROLE": "owner"})
        if "sample" not in get_commands() or self.family.asked_to_end or holds_a_company():
            return
        self.say("Loading the sample company")
        choice = [f"--scale={scale}"] if scale else []
        choice += [f"--today={today.isoformat()}"] if today else []
        self.step(["sample", *choice])

    def serve(self, port: int) -> None:
        """Run web, worker and beat until one ends or somebody asks to end."""
        web = ["-m", "gunicorn", "backoffice.wsgi:application", f"--bind={HOST}:{port}", "--worker-class=gthread"]
        web += ["--workers=2", "--threads=4", "--graceful-timeout=3", "--log-level=warning", "--no-control-socket"]
        # A worker run by root warns at length; here root runs everything, as in a container.
        celery = ["-W", "ignore:You're running the worker", "-m", "celery", "--app=backoffice.celery", "--quiet"]
        worker = ["worker", "--loglevel=warning", "--concurrency=2", "--without-gossip", "--without-mingle"]
        # Schedules live in our tables; beat itself has nothing worth keeping in a file.
        beat = ["beat", "--loglevel=warning", "--scheduler=celery.beat:Scheduler", "--pidfile="]
        self.family.start("The web server", [sys.executable, *web], self.environment)
        # SIGQUIT: finish within the soft shutdown time, or give the task back to the queue.
        self.family.start("The worker", [sys.executable, *celery, *worker], self.environment, signal.SIGQUIT)
        self.family.start("The scheduler", [sys.executable, *celery, *beat], self.environment)
        if self.wait_for_answer(port):
            self.say(f"\nBack Office answers at http://{HOST}:{port}/ (Ctrl-C ends it)\n")
            if "sample" in get_commands():
                self.step(["sample", "--print-logins"])
            self.stdout.flush()
        if name := self.family.wait():
            raise CommandError(f"{name} ended by itself; its last words are above.")

    def step(self, arguments: list[str], extra: dict[str, str] | None = None) -> None:
        """One command of manage.py in a process of its own."""
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
        code = self.family.run(command, self.environment | (extra or {}))
        if code and not self.family.asked_to_end:
            raise CommandError(f"manage.py {' '.join(arguments)} failed.")

    def wait_for_answer(self, port: int) -> bool:
        deadline = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < deadline and not self.family.asked_to_end and not self.family.ended():
            asked = HTTPConnection(HOST, port, timeout=10)
            try:
                asked.request("GET", "/healthz")
                asked.getresponse()
            except (OSError, HTTPException):
                time.sleep(0.2)
            else:
                return True
            finally:
                asked.close()
        return False

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def refuse_taken_port(port: int) -> None:
    """CommandError when something else listens at the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise CommandError(f"Port {port} cannot be used ({error}). Choose another: make demo PORT=8001") from error


def holds_a_company() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM organisation_company)")
        (found,) = cursor.fetchone()
    connection.close()
    return bool(found)
