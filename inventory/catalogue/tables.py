"""The columns of items and their categories."""

from django.utils.translation import gettext_lazy as _

from backoffice.ui.tables import Choice, Figure, Link, Table, Text, YesNo


class ItemTable(Table):
    """Items by code."""

    order = ("code", "pk")
    one, many = _("item"), _("items")  # type: ignore[assignment]

    code = Link("code", _("Item"), sort=True)
    name = Text("name", _("Name"), ell=True, sort=True, stack="l2")
    category = Text("category__name", _("Category"), sort=True, soft=True)
    kind = Choice("kind", _("Kind"), stack="l3")
    unit = Text("unit__name", _("Unit"))
    is_asset = YesNo("is_asset", _("Equipment"))
    is_active = YesNo("is_active", _("Active"), stack="r1")


class CategoryTable(Table):
    """Categories by code."""

    order = ("code", "pk")
    one, many = _("category"), _("categories")  # type: ignore[assignment]

    code = Link("code", _("Category"), sort=True)
    name = Text("name", _("Name"), sort=True, stack="l2")
    cost_method = Choice("cost_method", _("Cost method"), stack="r1")
    stock_account = Text("stock_account__code", _("Stock account"), soft=True)
    cost_account = Text("cost_account__code", _("Account of what is issued"), soft=True)


class ItemUnitTable(Table):
    """The further units of an item."""

    order = ("id",)

    name = Text("name", _("Unit"))
    numerator = Figure("numerator", _("Base units"), digits=0, stack="r1")
    denominator = Figure("denominator", _("In so many"), digits=0)


class BarcodeTable(Table):
    """The codes of an item."""

    order = ("id",)

    code = Text("code", _("Code"))
    item_unit = Text("item_unit__name", _("Of the unit"), stack="r1")
