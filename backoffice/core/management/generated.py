"""A command that writes a page of the docs from what runs, or says that the page is stale."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation


class GeneratedPage(BaseCommand):
    """Subclasses name the `page` below docs/ and make its `text`."""

    page = ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, fail when the page is not current")

    def text(self) -> str:
        raise NotImplementedError

    def handle(self, *, check: bool, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / self.page
        with translation.override("en-gb"):
            text = self.text()
        current = path.exists() and path.read_text() == text
        if check and not current:
            raise CommandError(f"docs/{self.page} is not current: run manage.py {self.page.removesuffix('.md')}.")
        if not current:
            path.write_text(text)
