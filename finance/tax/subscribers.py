"""What taxes do when books are opened."""

from backoffice.core.events import subscribe
from backoffice.organisation.models import Company
from finance.ledger.events import BooksOpened
from finance.tax import codes


@subscribe(BooksOpened)
def install_codes(event: BooksOpened) -> None:
    """The tax codes of the chart's country come with its accounts."""
    codes.install(Company.objects.get(pk=event.company_id), event.chart)
