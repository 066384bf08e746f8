"""The parts of a supplier's screen, and what suppliers put into menu, palette, look-ups and the party's screen."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.organisation.slots import Start, starts
from backoffice.ui import slots
from backoffice.ui.listing import Link
from backoffice.ui.lookups import Lookup, every_word
from backoffice.ui.panels import Fact, FactsPanel, LinesPanel
from backoffice.ui.slots import Hit, MenuEntry, Search, lookups, menu, palette
from procurement.suppliers.models import Supplier, SupplierItem
from procurement.suppliers.tables import OwnPriceTable, PriceTable


class SupplierFacts(FactsPanel):
    """Who it is and on which terms we buy."""

    def facts(self, document: Supplier, user: Any) -> list[Fact]:
        party = document.party
        return [
            Fact(_("Party"), party, href=party.get_absolute_url()),
            Fact(_("Address"), ", ".join(party.address)),
            Fact(_("VAT number"), party.vat_number),
            Fact(_("Currency"), party.currency),
            Fact(_("E-mail for orders"), document.mail),
            Fact(_("Payment days"), document.payment_days),
            Fact(_("Bills"), document.get_billed_on_display()),
            Fact(_("Delivery time"), _("%s days") % document.lead_days),
            Fact(_("Terms of delivery"), document.terms),
            Fact(_("Blocked because"), document.blocked_because, document.blocked_by or ""),
        ]


class PricesPanel(LinesPanel):
    """What the supplier asks for our items."""

    title = _("Prices")
    relation = "items"
    table = OwnPriceTable
    permission = "suppliers.view_supplieritem"
    shown = 100

    def rows(self, document: Supplier, user: Any) -> Any:
        keys = document.items.order_by("item__code", "-valid_from", "pk").values_list("pk", flat=True)[: self.shown]
        return SupplierItem.objects.filter(pk__in=list(keys)).order_by(*PriceTable.order)

    def context(self, document: Supplier, user: Any) -> dict[str, Any] | None:
        return super().context(document, user) if document.items.exists() else None


def links(supplier: Supplier, user: Any) -> list[Link]:
    """Another price, once we may order from them."""
    if supplier.state != Supplier.State.APPROVED or not user.has_perm("suppliers.add_supplieritem"):
        return []
    return [Link(_("New price"), reverse("suppliers:supplieritem_new") + f"?supplier={supplier.pk}", "plus")]


# why nothing is ordered from a supplier in this state
WHY_NOT = {
    Supplier.State.PROPOSED: _("waits for approval as a supplier"),
    Supplier.State.BLOCKED: _("blocked as a supplier"),
}


class SupplierLookup(Lookup):
    """Suppliers by name; those that are not approved can't be chosen."""

    def __init__(self) -> None:
        super().__init__(Supplier, ("party__name", "party__vat_number"))

    def rows(self, user: Any, queryset: Any, hints: dict[str, str]) -> Any:
        return super().rows(user, queryset, hints).select_related("party")

    def by_key(self, key: Any) -> Any | None:
        return Supplier.objects.select_related("party").filter(pk=key).first() if str(key).isdigit() else None

    def why_not(self, row: Any) -> str:
        return "" if row.state == Supplier.State.APPROVED else str(WHY_NOT[row.state])


class StandingOfParty(FactsPanel):
    """What the party is to us as a supplier."""

    title = _("Supplier")
    permission = "suppliers.view_supplier"
    side = True
    order = 35

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        supplier = Supplier.objects.visible_to(user).filter(party=document).first()
        if supplier is None:
            return None
        return {"facts": [Fact(_("Supplier"), supplier.get_state_display(), href=supplier.get_absolute_url())]}


def find_suppliers(user: Any, words: str) -> list[Hit]:
    """Suppliers by name for the palette."""
    rows = Supplier.objects.visible_to(user).filter(every_word(("party__name",), words)).select_related("party")
    return [
        Hit(
            str(row),
            row.get_absolute_url(),
            "building-2",
            str(row.get_state_display()),
            of=f"suppliers.supplier:{row.pk}",
        )
        for row in rows.order_by("party__name", "pk")[:6]
    ]


def waiting(user: Any) -> int:
    """How many wait for somebody's approval."""
    if not user.has_perm("suppliers.approve_supplier"):
        return 0
    rows = Supplier.objects.visible_to(user, "approve").filter(state=Supplier.State.PROPOSED)
    return int(rows.exclude(Q(entered_by=user.pk) | Q(changed_by=user.pk)).count())


starts.fill(
    "suppliers.supplier",
    Start(
        _("Propose the first supplier"),
        lambda: reverse("suppliers:supplier_new"),
        "truck",
        "suppliers.add_supplier",
        order=30,
    ),
)
menu.fill(
    "suppliers.supplier",
    MenuEntry(
        "procurement", _("Suppliers"), "suppliers:supplier_list", "building-2", "suppliers.view_supplier", waiting, 40
    ),
)
menu.fill(
    "suppliers.supplieritem",
    MenuEntry(
        "procurement", _("Prices"), "suppliers:supplieritem_list", "tag", "suppliers.view_supplieritem", order=50
    ),
)
lookups.fill("suppliers.supplier", SupplierLookup())
palette.fill("suppliers.supplier", Search(_("Suppliers"), find_suppliers, prefix="supplier:", order=30))
slots.panels.fill("suppliers.standing", ("parties.Party", StandingOfParty))
