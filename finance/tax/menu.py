"""What taxes put into the side bar."""

from django.utils.translation import gettext_lazy as _

from backoffice.ui.slots import MenuEntry, menu

menu.fill(
    "tax.codes", MenuEntry("finance", _("Tax codes"), "tax:taxcode_list", "percent", "tax.view_taxcode", order=64)
)
menu.fill("tax.rows", MenuEntry("finance", _("VAT rows"), "tax:taxrow_list", "percent", "tax.view_taxrow", order=65))
