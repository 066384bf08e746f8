"""The columns of suppliers and their prices."""

from django.utils.translation import gettext_lazy as _

from backoffice.ui.tables import Badge, Date, Exact, Figure, Link, Table, Text


class SupplierTable(Table):
    """Suppliers by name."""

    order = ("party__name", "pk")

    name = Link("party__name", _("Supplier"), sort=True)
    state = Badge()
    city = Text("party__city", _("City"), stack="l2", sort=True)
    country = Text("party__country", _("Country"), soft=True)
    mail = Text("order_email", _("E-mail for orders"), ell=True)
    payment_days = Figure("payment_days", _("Payment days"), digits=0)
    lead_days = Figure("lead_days", _("Delivery days"), digits=0, stack="r1")


class PriceTable(Table):
    """Prices by item."""

    order = ("item__code", "supplier__party__name", "-valid_from", "pk")
    url = "suppliers:supplieritem_edit"

    item = Link("item__code", _("Item"), sort=True)
    name = Text("item__name", _("Name"), ell=True, stack="l2")
    supplier = Text("supplier__party__name", _("Supplier"), sort=True, stack="l3", ell=True)
    code = Text("code", _("Their code"), soft=True)
    unit = Text("unit__name", _("Unit"), soft=True)
    minimum = Exact("minimum", _("From"))
    valid_from = Date("valid_from", _("Valid from"), sort=True)
    currency = Text("currency", _("Currency"), soft=True)
    price = Exact("price", _("Price"), least=2, stack="r1")


class OwnPriceTable(Table):
    """The prices of one supplier, on its page."""

    order = ("item__code", "-valid_from", "pk")
    url = "suppliers:supplieritem_edit"

    item = Link("item__code", _("Item"))
    name = Text("item__name", _("Name"), ell=True, stack="l2")
    code = Text("code", _("Their code"), soft=True)
    unit = Text("unit__name", _("Unit"), soft=True)
    minimum = Exact("minimum", _("From"))
    valid_from = Date("valid_from", _("Valid from"), stack="r2")
    currency = Text("currency", _("Currency"), soft=True)
    price = Exact("price", _("Price"), least=2, stack="r1")
