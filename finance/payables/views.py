"""The screen of a bill."""

from typing import Any

from backoffice.core.flow import held
from backoffice.ui.screens import DocumentScreen
from finance.payables import queries
from finance.payables.models import Bill
from finance.payables.queries import Payment


class BillScreen(DocumentScreen):
    """A bill with how far it is paid, reversed and blocked: read with the bill, as most bills are neither of these."""

    model = Bill
    joins = ("entry__posted_by",)

    def all_rows(self) -> Any:
        return queries.with_progress(super().all_rows())

    def context(self, document: Any) -> dict[str, Any]:
        if not document.is_reversed:
            held(document, "mirror", lambda: None)
        if document.blocked_at is None:
            held(document, "blocks", list)
        if document.opened is not None:
            held(document, "payment", lambda: Payment(document.opened, document.rest))
        return super().context(document)
