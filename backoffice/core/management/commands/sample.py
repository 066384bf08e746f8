"""`manage.py sample`: loads Calder & Wren, once, or prints who can sign in."""

from datetime import date
from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from backoffice.core import sample


class Command(BaseCommand):
    help = "Loads the sample company: two years of books that end today."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="multiplies the documents")
        parser.add_argument("--today", type=date.fromisoformat, help="the day on which the sample ends, YYYY-MM-DD")
        parser.add_argument("--print-logins", action="store_true", help="only print who can sign in")

    def handle(self, *, scale: int, today: date | None, print_logins: bool, **options: Any) -> None:
        people = import_module("backoffice.access.demo")
        if print_logins:
            self.stdout.write(people.sign_ins())
            return
        if people.is_loaded():
            raise CommandError("The sample company is there already.")
        world = sample.World(today or timezone.localdate(), scale, self.stdout.write)
        with transaction.atomic():
            sample.load(world)
        for step in world.afterwards:
            step()
