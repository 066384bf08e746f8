"""`manage.py services up | down | status`: this checkout's own PostgreSQL and Valkey."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backoffice.core import services


class Command(BaseCommand):
    help = "Starts, stops or describes this checkout's own PostgreSQL and Valkey."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["up", "down", "status"])
        parser.add_argument("--test", action="store_true", help="the servers of the tests instead of the demo's")

    def handle(self, *, action: str, test: bool, **options: Any) -> None:
        kind: services.Kind = "test" if test else "demo"
        try:
            if action == "up":
                self.stdout.write("Started." if services.up(kind) else "Running already.")
            elif action == "down":
                self.stdout.write("Stopped." if services.down(kind) else "Nothing was running.")
            else:
                for name, version in services.status(kind).items():
                    self.stdout.write(f"{name}: {f'{version}, running' if version else 'not running'}")
        except services.ServiceError as error:
            raise CommandError(str(error)) from error
