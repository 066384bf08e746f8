"""The columns of requisitions, orders and their lines."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.ui.columns import Column
from backoffice.ui.html import badge_markup, text
from backoffice.ui.tables import Badge, Date, Due, Exact, Figure, Money, NumberLink, Person, Priced, Table, Text
from procurement.purchasing import covering, progress

OVER = {"closed", "cancelled"}


class RequisitionTable(Table):
    """Requisitions, the newest first."""

    order = ("-pk",)

    number = NumberLink("number", gettext_lazy("Requisition"), sort=True)
    purpose = Text("purpose", gettext_lazy("What for"), ell=True, stack="l2")
    state = Badge()
    department = Text("department__name", gettext_lazy("Department"), soft=True)
    requester = Person("requester__name", gettext_lazy("By"))
    needed_on = Due(
        "needed_on",
        gettext_lazy("Needed by"),
        sort=True,
        stack="r2",
        also=("state",),
        settled=lambda state: state in OVER or state == "ordered",
    )
    total = Money("total", gettext_lazy("Estimate"), currency="company__currency", sort=True, stack="r1", total=True)


class ItemText(Column):
    """An item by its code, else the words."""

    def __init__(self, label: Any) -> None:
        super().__init__("item__code", label, also=("item__name", "text"), stack="full")

    def inner(self, values: Sequence[Any]) -> str:
        code, name, words = values
        shown = text(words or name or "")
        return f'{shown} <span class="sub">{text(code)}</span>' if code else shown

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [" ".join(str(value) for value in (values[0], values[2] or values[1]) if value)]


class UnitText(Text):
    """The line's unit, else the item's own."""

    def __init__(self, label: Any) -> None:
        super().__init__("unit__name", label, also=("item__unit__name",), soft=True)

    def inner(self, values: Sequence[Any]) -> str:
        return text(values[0] or values[1] or "")

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [values[0] or values[1] or ""]


class Worded(Exact):
    """A quantity that says on a phone what it is: 2 ordered."""

    def __init__(self, path: str, label: Any, words: Any, **options: Any) -> None:
        super().__init__(path, label, **options)
        self.words = words

    def inner(self, values: Sequence[Any]) -> str:
        return f'{super().inner(values)}<span class="narrow-only"> {text(self.words)}</span>'


class NeedTable(Table):
    """The lines of a requisition."""

    order = ("place",)

    item = ItemText(gettext_lazy("What"))
    category = Text("category__name", gettext_lazy("Category"), soft=True)
    quantity = Exact("quantity", gettext_lazy("Quantity"), stack="lq")
    unit = UnitText(gettext_lazy("Unit"))
    price = Exact("price", gettext_lazy("Estimate"), least=2)
    ordered = Worded("ordered", gettext_lazy("Ordered"), gettext_lazy("ordered"), stack="r1")
    open = Worded("open", gettext_lazy("Open"), gettext_lazy("to order"), stack="r2")

    def prepare(self, rows: Any, user: Any) -> Any:
        """What is ordered of each line."""
        return covering.with_open(rows)


class Receipt(Column):
    """How far the goods have come; nothing before the order was sent."""

    def __init__(self, label: Any) -> None:
        super().__init__("came", label, also=("awaits", "state"), stack="r3")

    def inner(self, values: Sequence[Any]) -> str:
        words, tone, icon = receipt_state(*values)
        return badge_markup(words, tone, icon) if words else ""

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [receipt_state(*values)[0]]


def receipt_state(came: bool, awaits: bool, state: str) -> tuple[str, str, str]:
    """Words, tone and icon."""
    if state not in progress.KNOWN_TO_SUPPLIER or not (came or awaits):
        return "", "", ""
    if awaits:
        return (_("In part"), "busy", "package") if came else (_("To come"), "", "truck")
    return _("Received"), "good", "circle-check"


class Billing(Column):
    """How far the order is billed."""

    def __init__(self, label: Any) -> None:
        super().__init__("billed", label, also=("unbilled", "state"))

    def inner(self, values: Sequence[Any]) -> str:
        words, tone, icon = billing_state(*values)
        return badge_markup(words, tone, icon) if words else ""

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [billing_state(*values)[0]]


def billing_state(billed: bool, unbilled: bool, state: str) -> tuple[str, str, str]:
    """Words, tone and icon."""
    if state not in progress.KNOWN_TO_SUPPLIER:
        return "", "", ""
    if not billed:
        return (_("To bill"), "", "receipt") if unbilled else ("", "", "")
    return (_("In part"), "busy", "receipt") if unbilled else (_("Billed"), "good", "circle-check")


class OrderTable(Table):
    """Orders, the newest first."""

    order = ("-ordered_on", "-pk")
    one, many = gettext_lazy("order"), gettext_lazy("orders")  # type: ignore[assignment]

    number = NumberLink("number", gettext_lazy("Order"), sort=True)
    supplier = Text("supplier__party__name", gettext_lazy("Supplier"), ell=True, sort=True, stack="l2")
    ordered_on = Date("ordered_on", gettext_lazy("Ordered"), sort=True)
    needed_on = Due(
        "needed_on",
        gettext_lazy("Deliver by"),
        sort=True,
        stack="r2",
        also=("state", "awaits"),
        settled=lambda state, awaits: state in OVER or (state == "sent" and not awaits),
    )
    state = Badge()
    receipt = Receipt(gettext_lazy("Goods"))
    billing = Billing(gettext_lazy("Bills"))
    buyer = Person("buyer__name", gettext_lazy("By"))
    total = Money("total", gettext_lazy("Total"), currency="currency", sort=True, stack="r1", total=True)

    def prepare(self, rows: Any, user: Any) -> Any:
        """What is derived of each order."""
        return progress.with_progress(rows)


class OrderedText(ItemText):
    """An item by its name, with the code that stands on the supplier's paper, else ours."""

    def __init__(self, label: Any) -> None:
        super().__init__(label)
        self.paths = (*self.paths, "supplier_code")

    def inner(self, values: Sequence[Any]) -> str:
        return super().inner([values[3] or values[0], *values[1:3]])


class OrderLineTable(Table):
    """The lines of an order as they were ordered."""

    order = ("place",)

    item = OrderedText(gettext_lazy("What"))
    quantity = Priced("quantity", gettext_lazy("Quantity"), price="price")
    unit = UnitText(gettext_lazy("Unit"))
    price = Exact("price", gettext_lazy("Price"), least=2)
    cancelled = Exact("cancelled", gettext_lazy("Cancelled"))
    account = Text("account__code", gettext_lazy("Account"), soft=True)
    tax = Text("tax_code__code", gettext_lazy("VAT"))
    net = Figure("net", gettext_lazy("Net"), stack="r1")
