"""`manage.py map`: writes docs/map.md from contracts, apps, models, events and slots."""

from backoffice.core.management.generated import GeneratedPage
from backoffice.core.mapping import House, the_map


class Command(GeneratedPage):
    help = "Writes docs/map.md, the map of all apps; --check only compares."
    page = "map.md"

    def text(self) -> str:
        return the_map(House())
