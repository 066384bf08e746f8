"""What stock tells the floors below: its journals."""

from django.utils.translation import gettext_lazy as _

from finance.ledger.charts import journals

journals.fill("GR", _("Goods receipts"))
journals.fill("GI", _("Goods issues"))
journals.fill("SC", _("Stock counts"))
journals.fill("SV", _("Stock valuation"))
