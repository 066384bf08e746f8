"""The columns of parties and their bank accounts."""

from django.utils.translation import gettext_lazy as _

from backoffice.ui.tables import Choice, Figure, Link, Table, Text, YesNo


class PartyTable(Table):
    """Parties by name."""

    order = ("name", "pk")
    one, many = _("party"), _("parties")  # type: ignore[assignment]

    name = Link("name", _("Name"), sort="name")
    kind = Choice("kind", _("Kind"))
    vat_number = Text("vat_number", _("VAT number"), soft=True, stack="l2")
    city = Text("city", _("City"), sort=True, stack="l3")
    country = Text("country", _("Country"), sort=True)
    currency = Text("currency", _("Currency"))
    payment_days = Figure("payment_days", _("Days to pay"), digits=0)
    is_active = YesNo("is_active", _("Active"), stack="r1")
