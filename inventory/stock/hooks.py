"""What stock tells the floors below: its journals, and the accounts that it keeps alone."""

from django.utils.translation import gettext_lazy as _

from finance.ledger.charts import journals
from finance.ledger.kept import Keeper, keepers
from finance.ledger.models import Role

journals.fill("GR", _("Goods receipts"))
journals.fill("GI", _("Goods issues"))
journals.fill("SC", _("Stock counts"))
journals.fill("SV", _("Stock valuation"))

# Stock also keeps the accounts that categories name for their value (sql/guards.sql marks them).
keepers.fill("stock", Keeper({Role.STOCK}, _("kept by stock, so receive, issue, return or count the goods instead")))
keepers.fill(
    "receipts",
    Keeper(
        {Role.GRNI}, _("kept by receipts and the bills matched with them, so match the line with its order instead")
    ),
)
