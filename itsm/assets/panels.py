"""The parts of an asset's and a starter's screen, and what equipment adds to employees and receipts."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.ui.columns import amount, day
from backoffice.ui.listing import Link
from backoffice.ui.panels import Fact, FactsPanel, LinesPanel, Step
from backoffice.ui.slots import panels
from hr.people import queries
from itsm.assets import receiving
from itsm.assets.models import Asset, HandOver, Outfit
from itsm.assets.tables import HandOverTable, HeldTable

State = Asset.State


def href_of(row: Any, user: Any) -> str:
    """The page of a row of another app where it has one and this person may see it."""
    if row is None or not type(row).objects.visible_to(user).filter(pk=row.pk).exists():
        return ""
    try:
        return str(row.get_absolute_url())
    except NoReverseMatch:
        return ""


class AssetFacts(FactsPanel):
    """What it is, who has it, what it cost."""

    def facts(self, document: Asset, user: Any) -> list[Fact]:
        found = [
            Fact(_("Item"), document.item, href=href_of(document.item, user)),
            Fact(_("Serial number"), document.serial),
            Fact(_("Cost"), f"{document.company.currency} {amount(document.cost)}", sub=str(document.account)),
            Fact(_("Acquired"), day(document.acquired_on, this_year=0)),
            Fact(_("Stands at"), document.place),
        ]
        if (holder := document.holder) is not None:
            given = document.hand_overs.filter(returned_at=None).first()
            is_accepted = given is not None and given.accepted_at is not None
            words = _("accepted %s") % day(given.accepted_at) if given and is_accepted else _("not accepted yet")
            found.append(Fact(_("Held by"), holder.person, sub=words, href=href_of(holder, user)))
            if holder.ends_on:
                found.append(Fact(_("Back by"), day(holder.ends_on, this_year=0)))
        return [*found, Fact(_("Note"), document.note)]


class BoughtPanel(FactsPanel):
    """Where it came from: order, receipt and bill."""

    title = gettext_lazy("Bought")
    side = True
    order = 20

    def facts(self, document: Asset, user: Any) -> list[Fact]:
        found = [Fact(_("Supplier"), document.supplier or "", href=href_of(document.supplier, user))]
        if document.order_line is not None:
            order = document.order_line.order
            found.append(Fact(_("Order"), order.number, href=href_of(order, user)))
        if document.receipt_line is not None:
            receipt = document.receipt_line.receipt
            found.append(Fact(_("Receipt"), receipt.number, href=href_of(receipt, user)))
        found += [
            Fact(_("Bill"), bill.number or bill.reference, sub=bill.get_state_display(), href=href)
            for bill in receiving.bills_of(document)
            if (href := href_of(bill, user))
        ]
        return found

    def context(self, document: Asset, user: Any) -> dict[str, Any] | None:
        drawn = super().context(document, user)
        return drawn if drawn and drawn["facts"] else None


class HandOversPanel(LinesPanel):
    """Who had it, and when they accepted and returned it."""

    title = gettext_lazy("Hand-overs")
    relation = "hand_overs"
    table = HandOverTable
    permission = "assets.view_handover"
    order = 40

    def rows(self, document: Asset, user: Any) -> Any:
        return document.hand_overs.order_by("-pk")

    def context(self, document: Asset, user: Any) -> dict[str, Any] | None:
        drawn = super().context(document, user)
        return drawn if drawn and drawn["n"] else None


class OutfitFacts(FactsPanel):
    """Who starts when, as what, and what was asked for."""

    def facts(self, document: Outfit, user: Any) -> list[Fact]:
        held = queries.held(document.employment, document.starts_on)
        requisition = document.requisition
        found = [
            Fact(_("Employee"), document.employment, href=href_of(document.employment, user)),
            Fact(_("Starts"), day(document.starts_on, this_year=0)),
        ]
        if held is not None:
            found += [Fact(_("Job"), held.job_title), Fact(_("Department"), held.department)]
        if requisition is not None:
            words = requisition.get_state_display()
            found.append(Fact(_("Requisition"), requisition.number, sub=words, href=href_of(requisition, user)))
        return found


class EquipmentPanel(LinesPanel):
    """On an employee: what this person holds."""

    title = gettext_lazy("Equipment")
    table = HeldTable
    permission = "assets.view_asset"
    order = 60

    def rows(self, document: Any, user: Any) -> Any:
        employment = document.employment if isinstance(document, Outfit) else document
        return Asset.objects.visible_to(user).filter(holder=employment).order_by("number")

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        drawn = super().context(document, user)
        return drawn if drawn and drawn["n"] else None


class MadePanel(EquipmentPanel):
    """On a receipt: the assets that its pieces became."""

    order = 45

    def rows(self, document: Any, user: Any) -> Any:
        return Asset.objects.visible_to(user).filter(receipt_line__receipt=document).order_by("number")


panels.fill("assets.of_employee", ("people.Employment", EquipmentPanel))
panels.fill("assets.of_receipt", ("stock.GoodsReceipt", MadePanel))


def steps(asset: Asset, user: Any) -> list[Step]:
    """In stock, in use, accepted."""
    if asset.state not in (State.IN_STOCK, State.ASSIGNED):
        return []
    is_used = asset.state == State.ASSIGNED
    if asset.holder is None:
        return [Step(_("In stock"), "done" if is_used else "now"), Step(_("In use"), "done" if is_used else "")]
    is_accepted = HandOver.objects.filter(asset=asset, returned_at=None, accepted_at__isnull=False).exists()
    return [
        Step(_("In stock"), "done"),
        Step(_("Handed over"), "done"),
        Step(_("Accepted"), "done" if is_accepted else "now"),
    ]


def links(asset: Asset, user: Any) -> list[Link]:
    """The sticker."""
    return [Link(_("Label"), reverse("assets:asset_label", args=[asset.pk]), "printer")]


def list_links(user: Any) -> list[Link]:
    """What else the list offers."""
    return [
        Link(_("Find by tag"), reverse("assets:find"), "scan-line"),
        Link(_("Labels"), reverse("assets:labels"), "printer"),
    ]
