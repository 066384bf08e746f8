"""`manage.py flows`: writes docs/flows.md, the state tables of all documents."""

from backoffice.core.management.generated import GeneratedPage
from backoffice.core.mapping import the_flows


class Command(GeneratedPage):
    help = "Writes docs/flows.md, the state diagrams and verbs of all documents; --check only compares."
    page = "flows.md"

    def text(self) -> str:
        return the_flows()
