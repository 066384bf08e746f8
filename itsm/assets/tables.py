"""The columns of assets, hand-overs and starters."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from backoffice.ui.html import text
from backoffice.ui.tables import Badge, Date, Due, Link, Moment, Money, Table, Text
from hr.people.naming import Name


class AssetTable(Table):
    """Equipment by tag."""

    order = ("number", "pk")
    one, many = _("asset"), _("assets")  # type: ignore[assignment]

    number = Link("number", _("Tag"), sort=True)
    name = Text("name", _("Name"), sort=True, ell=True, stack="l2")
    serial = Text("serial", _("Serial number"), soft=True)
    holder = Name("holder__person", _("Held by"), stack="l3")
    place = Text("place", _("Stands at"), soft=True, ell=True)
    back = Due("holder__ends_on", _("Back by"))
    acquired_on = Date("acquired_on", _("Acquired"), sort=True)
    state = Badge(stack="r2")
    cost = Money("cost", _("Cost"), currency="company__currency", sort=True, stack="r1", total=True)


class Holder(Name):
    """Whoever had it; what was handed to nobody shows where it stood."""

    def __init__(self, label: Any) -> None:
        super().__init__("employment__person", label, stack="l1")
        self.paths = (*self.paths, "place")

    def inner(self, values: Sequence[Any]) -> str:
        name = super().inner(values)
        return f'{name} <span class="sub">{text(values[-1])}</span>' if name else text(values[-1])


class HandOverTable(Table):
    """Who had it, the latest first."""

    order = ("-pk",)

    employment = Holder(_("Handed to"))
    given_at = Moment("given_at", _("Given"), stack="r1")
    given_by = Text("given_by__name", _("By"), soft=True)
    accepted_at = Moment("accepted_at", _("Accepted"), stack="l3")
    returned_at = Moment("returned_at", _("Returned"), stack="r2")
    condition = Text("condition", _("Condition"), soft=True, ell=True)


class HeldTable(Table):
    """Equipment of one employee."""

    order = ("number",)
    url = "assets:asset"

    number = Link("number", _("Tag"))
    name = Text("name", _("Name"), stack="l2")
    serial = Text("serial", _("Serial number"), soft=True)
    state = Badge(stack="r1")


class OutfitTable(Table):
    """Starters, the next ones first."""

    order = ("starts_on", "pk")
    one, many = _("starter"), _("starters")  # type: ignore[assignment]

    number = Link("employment__number", _("Employee"))
    person = Name("employment__person", _("Name"), sort="employment__person__last_name", stack="l2")
    starts_on = Date("starts_on", _("Starts"), sort=True, stack="l3")
    requisition = Text("requisition__number", _("Requisition"), soft=True)
    state = Badge(stack="r1")
