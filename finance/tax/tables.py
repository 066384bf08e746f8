"""The columns of tax codes and of the rows that a return is made of."""

from django.utils.translation import gettext_lazy as _

from backoffice.ui.tables import Choice, Date, Figure, Table, Text, YesNo


class TaxCodeTable(Table):
    """Tax codes in the order in which forms offer them."""

    order = ("place", "code")
    one, many = _("tax code"), _("tax codes")  # type: ignore[assignment]

    code = Text("code", _("Code"), stack="l2")
    name = Text("name", _("Name"), stack="full")
    kind = Choice("kind", _("Kind"))
    base_box = Text("base_box", _("Box of the base"), soft=True)
    tax_box = Text("tax_box", _("Box of the tax"), soft=True)
    recoverable = Figure("recoverable", _("Recoverable %"), digits=0)
    is_active = YesNo("is_active", _("Active"), stack="r1")


class TaxRowTable(Table):
    """Captured rows, the newest first."""

    order = ("-tax_point", "-pk")
    keyset = True
    one, many = _("tax row"), _("tax rows")  # type: ignore[assignment]

    entry = Text("entry__number", _("Entry"), stack="l2")
    tax_point = Date("tax_point", _("Tax point"), sort=True, stack="l3")
    code = Text("tax_code__name", _("Tax"), stack="full")
    base_box = Text("base_box", _("Boxes of the base"), soft=True)
    tax_box = Text("tax_box", _("Boxes of the tax"), soft=True)
    base = Figure("company_base", _("Base"), total=True, stack="r2")
    tax = Figure("company_tax", _("Tax"), total=True, stack="r1")
