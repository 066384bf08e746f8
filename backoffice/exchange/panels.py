"""The parts of an upload's screen."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from backoffice.exchange.slots import readers
from backoffice.ui.forms import new_key
from backoffice.ui.panels import Fact, FactsPanel, Panel
from backoffice.ui.slots import MenuEntry, menu

WORDS = {
    "name": _("Name"),
    "legal_name": _("Legal name"),
    "vat_number": _("VAT number"),
    "registration_number": _("Registration number"),
    "street": _("Street"),
    "postcode": _("Postcode"),
    "city": _("City"),
    "country": _("Country"),
    "account": _("Bank account"),
    "reference": _("Reference"),
    "currency": _("Currency"),
    "total": _("Total"),
}


class UploadFacts(FactsPanel):
    """Which file, from whom, when."""

    fields = ["name", "media_type", "size", "by"]


class OutcomePanel(Panel):
    """What became of the file, what the reader asks, and the ways on."""

    title = _("Outcome")
    template = "backoffice/exchange/outcome.html"
    order = 5

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        reader = readers.get(document.kind)
        return {
            "facts": [
                Fact(words, document.proposal[key]) for key, words in WORDS.items() if document.proposal.get(key)
            ],
            "may_act": document.state != document.State.CAPTURED
            and reader is not None
            and user.has_perm(reader.permission),
            "idempotency_key": new_key(),
        }


menu.fill(
    "exchange.upload",
    MenuEntry("finance", _("Uploads"), "exchange:upload_list", "upload", "exchange.view_upload", order=90),
)
