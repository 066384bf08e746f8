"""The screens of tolerances: by how much a bill may differ and still pass by itself."""

from django.utils.translation import gettext_lazy as _

from backoffice.ui.forms import BaseModelForm
from backoffice.ui.panels import FactsPanel
from backoffice.ui.slots import MenuEntry, menu
from backoffice.ui.tables import Figure, Link, Table, Text
from procurement.purchasing.models import Tolerance

FIELDS = [
    "step", "supplier", "category", "price_percent", "price_amount", "under_percent", "quantity_percent", "freight_amount",
    "document_amount",
]  # fmt: skip


class ToleranceForm(BaseModelForm):
    """A rule; without supplier and category it is the company's."""

    class Meta:
        model = Tolerance
        fields = FIELDS


class ToleranceTable(Table):
    """Rules by step, the narrow ones with their supplier or category."""

    order = ("step", "pk")

    step = Link("step", _("Step"))
    supplier = Text("supplier__party__name", _("Supplier"), stack="l2")
    category = Text("category__name", _("Category"), stack="l3")
    price_percent = Figure("price_percent", _("Price %"), stack="r1")
    price_amount = Figure("price_amount", _("Price"))
    quantity_percent = Figure("quantity_percent", _("Quantity %"), stack="r2")
    freight_amount = Figure("freight_amount", _("Not ordered"))


class ToleranceFacts(FactsPanel):
    """A rule."""

    fields = FIELDS


def stored(tolerance: Tolerance, lines: object, removed: object, *, by: object) -> Tolerance:
    """Save a rule; the form has asked for the right."""
    tolerance.save()
    return tolerance


menu.fill(
    "purchasing.tolerance",
    MenuEntry(
        "procurement", _("Tolerances"), "purchasing:tolerance_list", "scale", "purchasing.change_tolerance", order=80
    ),
)
