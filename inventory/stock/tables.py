"""The columns of stock."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.ui.columns import day
from backoffice.ui.html import text
from backoffice.ui.tables import Badge, Choice, Column, Date, Due, Figure, Link, NumberLink, Table, Text, YesNo


def plain(quantity: Decimal | None) -> str:
    """A quantity without needless zeros, with thousands marked."""
    if quantity is None:
        return ""
    return f"{quantity.normalize():,f}".replace("-", "−")


class Quantity(Figure):
    """A quantity in base units."""

    def inner(self, values: Sequence[Any]) -> str:
        return text(plain(values[0]))


class Refused(Quantity):
    """What was refused; nothing where all was taken. On a phone it has no heading, so it says what it is."""

    def inner(self, values: Sequence[Any]) -> str:
        words = f'<span class="narrow-only"> {text(_("refused"))}</span>'
        return f"{super().inner(values)}{words}" if values[0] else ""


class ToCome(Quantity):
    """What is still to come of what was ordered. On a phone it has no heading, so it says what it is."""

    def inner(self, values: Sequence[Any]) -> str:
        words = f'<span class="narrow-only"> {text(_("to come"))}</span>'
        return f"{super().inner([max(values[0] - values[1], 0)])}{words}"

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [max(values[0] - values[1], 0)]


class ItemLink(Column):
    """An item by code and name, leading to its page; without an item the words at the path `words`."""

    def __init__(self, label: Any, path: str = "item", *, words: str = "", **options: Any) -> None:
        also = (f"{path}__name", f"{path}_id", *([words] if words else []))
        super().__init__(f"{path}__code", label, also=also, **options)

    def inner(self, values: Sequence[Any]) -> str:
        if not values[2]:
            return text(values[-1]) if len(values) > 3 else ""
        href = reverse("catalogue:item", args=[values[2]])
        return f'<a href="{href}">{text(values[0])} <span class="sub">{text(values[1])}</span></a>'

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [f"{values[0]} {values[1]}" if values[0] else str(values[-1] or "") if len(values) > 3 else ""]


class BinText(Text):
    """A bin with its warehouse."""

    def __init__(self, label: Any, path: str = "bin", **options: Any) -> None:
        super().__init__(f"{path}__code", label, also=(f"{path}__warehouse__name",), **options)

    def inner(self, values: Sequence[Any]) -> str:
        return f'{text(values[1])} <span class="sub">{text(values[0])}</span>' if values[0] else ""

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [f"{values[1]} {values[0]}" if values[0] else ""]


class WarehouseTable(Table):
    """Warehouses by code."""

    order = ("code", "pk")
    one, many = _("warehouse"), _("warehouses")  # type: ignore[assignment]

    code = Link("code", _("Warehouse"), sort=True)
    name = Text("name", _("Name"), stack="l2")
    department = Text("department__name", _("Department"))
    city = Text("city", _("City"))
    allows_negative = YesNo("allows_negative", _("Below nought"))
    is_active = YesNo("is_active", _("Active"), stack="r1")


class BinTable(Table):
    """The bins of a warehouse."""

    order = ("code", "pk")

    code = Link("code", _("Bin"))
    name = Text("name", _("Name"), stack="l2")
    kind = Choice("kind", _("Kind"), stack="r1")
    is_active = YesNo("is_active", _("Active"))


class ExpectedTable(Table):
    """What is to come, the earliest first."""

    order = ("due_on", "pk")
    one, many = _("line to come"), _("lines to come")  # type: ignore[assignment]

    origin = Link("origin_number", _("Order"))
    party = Text("party__name", _("Supplier"), ell=True, stack="l2")
    item = Text("text", _("What"), ell=True, stack="l3")
    warehouse = Text("warehouse__name", _("To"), soft=True)
    due_on = Due("due_on", _("Due"), sort=True, stack="r2")
    quantity = Quantity("quantity", _("Ordered"))
    received = Quantity("received", _("Received"))
    to_come = ToCome("quantity", _("To come"), also=("received",), stack="r1")
    rejected = Refused("rejected", _("Refused"))


class ReceiptTable(Table):
    """Goods receipts, the newest first."""

    order = ("-received_on", "-pk")
    one, many = _("receipt"), _("receipts")  # type: ignore[assignment]

    number = NumberLink("number", _("Receipt"), sort=True)
    party = Text("party__name", _("Supplier"), ell=True, sort=True, stack="l2")
    delivery_note = Text("delivery_note", _("Delivery note"), soft=True)
    warehouse = Text("warehouse__name", _("Warehouse"))
    received_on = Date("received_on", _("Received"), sort=True, stack="r1")
    state = Badge()


class ReceiptLineTable(Table):
    """What came."""

    order = ("place",)

    item = ItemLink(_("Item"), words="expected__text", stack="l1")
    bin = BinText(_("Bin"), stack="l3")
    quantity = Quantity("quantity", _("Accepted"), stack="r1")
    rejected = Refused("rejected", _("Refused"), stack="r2")
    reason = Choice("reason", _("Why"), stack="l2")
    unit_cost = Figure("unit_cost", _("Unit cost"))
    value = Figure("value", _("Value"), total=True)


class CameTable(Table):
    """With which receipts an expected line came."""

    order = ("pk",)

    receipt = Text("receipt__number", _("Receipt"), also=("receipt_id",), stack="l1")
    on = Date("receipt__received_on", _("On"), stack="r2")
    quantity = Quantity("quantity", _("Accepted"), stack="r1")
    rejected = Refused("rejected", _("Refused"))
    reason = Choice("reason", _("Why"), stack="l3")


class IssueTable(Table):
    """Goods issues, the newest first."""

    order = ("-issued_on", "-pk")
    one, many = _("issue"), _("issues")  # type: ignore[assignment]

    number = NumberLink("number", _("Issue"), sort=True)
    cost_centre = Text("cost_centre__name", _("Cost centre"), stack="l2")
    words = Text("text", _("What for"), ell=True, soft=True)
    warehouse = Text("warehouse__name", _("Warehouse"))
    issued_on = Date("issued_on", _("Issued"), sort=True, stack="r1")
    state = Badge()


class IssueLineTable(Table):
    """What left."""

    order = ("place",)

    item = ItemLink(_("Item"), stack="l1")
    bin = BinText(_("Bin"), stack="l3")
    quantity = Quantity("quantity", _("Quantity"), stack="r1")
    value = Figure("value", _("Cost"), total=True, stack="r2")


class ReturnTable(Table):
    """Returns, the newest first."""

    order = ("-returned_on", "-pk")
    one, many = _("return"), _("returns")  # type: ignore[assignment]

    number = NumberLink("number", _("Return"), sort=True)
    party = Text("party__name", _("Supplier"), ell=True, stack="l2")
    reason = Text("reason", _("Why"), ell=True, soft=True)
    returned_on = Date("returned_on", _("Sent back"), sort=True, stack="r1")
    state = Badge()


class ReturnLineTable(Table):
    """What goes back."""

    order = ("place",)

    item = ItemLink(_("Item"), "receipt_line__item", stack="l1")
    came = Text("receipt_line__receipt__number", _("Came with"), soft=True, stack="l3")
    bin = BinText(_("Bin"))
    quantity = Quantity("quantity", _("Quantity"), stack="r1")
    value = Figure("value", _("Value"), total=True, stack="r2")


class TransferTable(Table):
    """Transfers, the newest first."""

    order = ("-moved_on", "-pk")
    one, many = _("transfer"), _("transfers")  # type: ignore[assignment]

    number = Link("pk", _("Transfer"))
    warehouse = Text("warehouse__name", _("From the warehouse"), stack="l2")
    moved_on = Date("moved_on", _("Moved"), sort=True, stack="r1")
    state = Badge()


class TransferLineTable(Table):
    """What changes its place."""

    order = ("place",)

    item = ItemLink(_("Item"), stack="l1")
    from_bin = BinText(_("From"), "from_bin", stack="l2")
    to_bin = BinText(_("To"), "to_bin", stack="l3")
    quantity = Quantity("quantity", _("Quantity"), stack="r1")


class CountTable(Table):
    """Stock counts, the newest first."""

    order = ("-counted_on", "-pk")
    one, many = _("count"), _("counts")  # type: ignore[assignment]

    number = NumberLink("number", _("Count"), sort=True)
    warehouse = Text("warehouse__name", _("Warehouse"), stack="l2")
    words = Text("text", _("What is counted"), ell=True, soft=True)
    counted_on = Date("counted_on", _("Counted"), sort=True, stack="r1")
    state = Badge()


class CountLineTable(Table):
    """What was counted, as whoever counts may see it: without what the books hold."""

    order = ("place",)

    item = ItemLink(_("Item"), stack="l1")
    bin = BinText(_("Bin"), stack="l2")
    counted = Quantity("counted", _("Counted"), stack="r1")


class Booked(Quantity):
    """What the books hold. On a phone it has no heading, so it says what it is."""

    def inner(self, values: Sequence[Any]) -> str:
        return f'{super().inner(values)}<span class="narrow-only"> {text(_("in the books"))}</span>'


class Worth(Figure):
    """What a difference is worth; nothing where there is none."""

    def inner(self, values: Sequence[Any]) -> str:
        return super().inner(values) if values[0] else ""


class DifferenceTable(CountLineTable):
    """The same for whoever decides: with the books, the difference and its worth."""

    booked = Booked("booked", _("In the books"), stack="r2")
    reason = Choice("reason", _("Reason"), stack="l3")
    value = Worth("value", _("Worth"), stack="r3", total=True)


class DayLink(Link):
    """A day that leads to the page of its row."""

    def words(self, values: Sequence[Any]) -> str:
        return day(values[0])


class MoveTable(Table):
    """Moves, the newest first."""

    order = ("-pk",)
    keyset = True
    one, many = _("move"), _("moves")  # type: ignore[assignment]

    on = DayLink("on", _("When"))
    kind = Choice("kind", _("What"), stack="l3")
    item = ItemLink(_("Item"), stack="l2")
    bin = BinText(_("Bin"))
    origin = Text("origin_name", _("Document"), ell=True, soft=True)
    quantity = Quantity("quantity", _("Change"), stack="r1")


class OnHandTable(Table):
    """What lies where."""

    order = ("item__code", "bin__code", "pk")
    one, many = _("place"), _("places")  # type: ignore[assignment]

    item = ItemLink(_("Item"), stack="l1", sort=True)
    bin = BinText(_("Bin"), stack="l2")
    kind = Choice("bin__kind", _("Kind"), stack="l3")
    quantity = Quantity("quantity", _("On hand"), sort=True, stack="r1")
    unit = Text("item__unit__name", _("Unit"))
    counted_on = Date("counted_on", _("Counted"), sort=True)
