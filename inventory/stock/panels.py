"""The parts of the screens of stock, what stock adds to an item's page, and its menu."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backoffice.core.rounding import ZERO
from backoffice.organisation.slots import Start, starts
from backoffice.ui.charts import Series
from backoffice.ui.columns import amount, day
from backoffice.ui.listing import Link
from backoffice.ui.lookups import Lookup
from backoffice.ui.panels import Fact, FactsPanel, LinesPanel, Panel, Step
from backoffice.ui.slots import Hit, MenuEntry, Search, lookups, menu, palette, panels
from inventory.catalogue.models import Category, Item
from inventory.stock import queries
from inventory.stock.models import (
    Bin,
    CostLayer,
    Expected,
    GoodsReceipt,
    Position,
    StockCount,
    StockMove,
    Warehouse,
)
from inventory.stock.tables import (
    BinTable,
    CameTable,
    CountLineTable,
    DifferenceTable,
    IssueLineTable,
    OnHandTable,
    ReceiptLineTable,
    ReturnLineTable,
    TransferLineTable,
    plain,
)

WEEKS = 13


class WarehouseFacts(FactsPanel):
    """What a warehouse is."""

    fields = ["code", "name", "department", "street", "postcode", "city", "allows_negative"]


class BinsPanel(LinesPanel):
    """The bins of a warehouse."""

    title = gettext_lazy("Bins")
    relation = "bins"
    table = BinTable
    permission = "stock.view_bin"


class BinFacts(FactsPanel):
    """What a bin is."""

    fields = ["warehouse", "code", "name", "kind"]


class InBinPanel(LinesPanel):
    """What lies in a bin."""

    title = gettext_lazy("In this bin")
    relation = "on_hand"
    table = OnHandTable
    permission = "stock.view_onhand"

    def rows(self, document: Any, user: Any) -> Any:
        return document.on_hand.exclude(quantity=0)


def warehouse_links(warehouse: Warehouse, user: Any) -> list[Link]:
    """Another bin."""
    if not user.has_perm("stock.add_bin"):
        return []
    return [Link(gettext_lazy("New bin"), reverse("stock:bin_new") + f"?warehouse={warehouse.pk}", "plus")]


def suggested_bin(request: Any) -> dict[str, Any]:
    """The warehouse from which somebody came."""
    wanted = request.GET.get("warehouse", "")
    return {"warehouse": int(wanted)} if wanted.isdigit() else {}


class ExpectedFacts(FactsPanel):
    """What is to come, from whom, how much of it came."""

    fields = ["party", "warehouse", "due_on"]

    def facts(self, document: Expected, user: Any) -> list[Fact]:
        return [
            Fact(_("Order"), document.origin_number, href=order_href(document)),
            Fact(_("What"), document.text),
            *super().facts(document, user),
            Fact(_("Ordered"), plain(document.quantity)),
            Fact(_("Received"), plain(document.received)),
            Fact(_("Refused"), plain(document.rejected) if document.rejected else ""),
        ]


def order_href(row: Expected) -> str:
    """The page of the order that a line belongs to."""
    model = ContentType.objects.get_for_id(row.origin_type_id).model_class()
    return model(pk=row.origin_id).get_absolute_url() if hasattr(model, "get_absolute_url") else ""  # type: ignore[misc, union-attr]


class ReceivePanel(Panel):
    """The way to the door."""

    title = gettext_lazy("Receive")
    template = "inventory/stock/receive.html"
    permission = "stock.add_goodsreceipt"
    order = 5

    def context(self, document: Expected, user: Any) -> dict[str, Any] | None:
        return {"row": document} if document.open_quantity else None


class CamePanel(LinesPanel):
    """With which receipts it came."""

    title = gettext_lazy("Receipts")
    relation = "receipt_lines"
    table = CameTable
    permission = "stock.view_goodsreceipt"


class ReceiptFacts(FactsPanel):
    """The head of a receipt."""

    fields = ["party", "warehouse", "received_on", "delivery_note"]

    def facts(self, document: Any, user: Any) -> list[Fact]:
        return [*super().facts(document, user), *order_facts(document)]


def order_facts(receipt: GoodsReceipt) -> list[Fact]:
    """The orders that a receipt is for."""
    rows = receipt.lines.filter(expected__isnull=False).values_list(
        "expected__origin_number", "expected__origin_type", "expected__origin_id"
    )
    found = []
    for number, kind, key in sorted(set(rows)):
        model = ContentType.objects.get_for_id(kind).model_class()
        href = model(pk=key).get_absolute_url() if model is not None else ""  # type: ignore[attr-defined]
        found.append(Fact(_("Order"), number, href=href))
    return found


class ReceiptLines(LinesPanel):
    """What came."""

    table = ReceiptLineTable


class IssueFacts(FactsPanel):
    """The head of an issue."""

    fields = ["warehouse", "cost_centre", "issued_on", "text"]


class IssueLines(LinesPanel):
    """What left."""

    table = IssueLineTable


class ReturnFacts(FactsPanel):
    """The head of a return."""

    fields = ["party", "warehouse", "returned_on", "reason"]


class ReturnLines(LinesPanel):
    """What goes back."""

    table = ReturnLineTable


class TransferFacts(FactsPanel):
    """The head of a transfer."""

    fields = ["warehouse", "moved_on"]


class TransferLines(LinesPanel):
    """What changes its place."""

    table = TransferLineTable


class CountFacts(FactsPanel):
    """The head of a count, and how far it is."""

    fields = ["warehouse", "counted_on", "text"]

    def facts(self, document: StockCount, user: Any) -> list[Fact]:
        rows = list(document.lines.values_list("counted", "booked"))
        done = sum(1 for counted, _booked in rows if counted is not None)
        words = _("%(done)s of %(all)s lines") % {"done": done, "all": len(rows)}
        return [*super().facts(document, user), Fact(_("Counted"), words)]


class CountLines(LinesPanel):
    """What was counted; the books and the difference only for whoever may approve, and once it is submitted."""

    table = CountLineTable

    def context(self, document: StockCount, user: Any) -> dict[str, Any] | None:
        is_open = document.state == StockCount.State.COUNTING
        self.__dict__["table"] = CountLineTable if is_open or not sees_books(document, user) else DifferenceTable
        return super().context(document, user)


def sees_books(count: StockCount, user: Any) -> bool:
    """Whether this person may see what the books hold beside what was counted."""
    return bool(user.has_perm("stock.approve_stockcount", count) or user.has_perm("stock.view_costentry", count))


def receipt_steps(receipt: GoodsReceipt, user: Any) -> list[Step]:
    """Expected, counted, received."""
    is_posted = receipt.state == GoodsReceipt.State.POSTED
    return [
        Step(_("Ordered"), "done"),
        Step(_("Counted"), "done" if is_posted else "now", day(receipt.received_on)),
        Step(_("In stock"), "done" if is_posted else ""),
    ]


class StockFigures(Panel):
    """On hand, on order, what went, and what it is worth."""

    template = "inventory/stock/figures.html"
    permission = "stock.view_onhand"
    order = 5

    def context(self, document: Item, user: Any) -> dict[str, Any] | None:
        if document.kind != Item.Kind.STOCK:
            return None
        places = queries.on_hand(document)
        held = sum((place.quantity for place in places), ZERO)
        free = sum((place.quantity for place in places if place.kind != Bin.Kind.QUARANTINE), ZERO)
        coming = list(Expected.objects.filter(item=document, is_cancelled=False, received__lt=F("quantity")))
        today = timezone.localdate()
        went = sum((week.went for week in queries.weeks(document, until=today, count=WEEKS)), ZERO)
        tiles = [
            (_("On hand"), plain(held), ngettext("%d place", "%d places", len(places)) % len(places)),
            (_("Free to use"), plain(free), _("%s in quarantine") % plain(held - free) if held != free else ""),
            (_("On order"), plain(sum((row.open_quantity for row in coming), ZERO)), _next_due(coming)),
            (_("Went in 13 weeks"), plain(went), _("%s a week") % plain(round(went / WEEKS, 1))),
        ]
        if user.has_perm("stock.view_position"):
            tiles.append(_worth(document))
        return {"tiles": tiles}


def _next_due(coming: list[Expected]) -> str:
    days = [row.due_on for row in coming if row.due_on]
    return _("next %s") % day(min(days)) if days else ""


def _worth(item: Item) -> tuple[str, str, str]:
    position = Position.objects.filter(item=item).first()
    value, quantity = (position.value, position.quantity) if position else (ZERO, ZERO)
    each = _("%s each") % amount(value / quantity) if quantity else ""
    words = {
        Category.Method.FIFO: _("Value, first in first out"),
        Category.Method.AVERAGE: _("Value, average cost"),
        Category.Method.STANDARD: _("Value, standard cost"),
    }
    return words[Category.Method(item.method)], f"{item.company.currency} {amount(value)}", each


class MovementsChart(Panel):
    """How much there was at the end of each week, and what came in and went out in it."""

    title = gettext_lazy("Movements by week")
    template = "inventory/stock/chart.html"
    permission = "stock.view_stockmove"
    order = 15

    def context(self, document: Item, user: Any) -> dict[str, Any] | None:
        weeks = queries.weeks(document, until=timezone.localdate(), count=WEEKS)
        came, went = sum((w.came for w in weeks), ZERO), sum((w.went for w in weeks), ZERO)
        if document.kind != Item.Kind.STOCK or not (came or went):
            return None
        held = queries.total_on_hand(document)
        levels: list[Decimal] = []
        for week in reversed(weeks):
            levels.insert(0, held)
            held += week.went - week.came
        return {
            "labels": [day(week.starts_on) for week in weeks],
            "levels": [Series(_("On hand"), levels)],
            "course": _("From %(first)s to %(last)s in %(weeks)s weeks") % {
                "first": plain(held), "last": plain(levels[-1]), "weeks": WEEKS
            },
            "series": [
                Series(_("In"), [week.came for week in weeks]),
                Series(_("Out"), [-week.went for week in weeks]),
            ],
            "finding": _("%(weeks)s weeks: %(came)s in, %(went)s out") % {
                "weeks": WEEKS, "came": plain(came), "went": plain(went)
            },
            "weeks": [
                (day(week.starts_on), plain(week.came), plain(week.went), plain(level))
                for week, level in zip(weeks, levels, strict=True)
            ],
        }  # fmt: skip


class WherePanel(Panel):
    """In which bins it lies, and when they were counted."""

    title = gettext_lazy("Where it is")
    template = "inventory/stock/where.html"
    permission = "stock.view_onhand"
    order = 20

    def context(self, document: Item, user: Any) -> dict[str, Any] | None:
        places = queries.on_hand(document)
        if not places:
            return None
        late = timezone.localdate() - timedelta(days=90)
        return {
            "places": [(p, plain(p.quantity), bool(p.counted_on and p.counted_on < late)) for p in places],
            "total": plain(sum((p.quantity for p in places), ZERO)),
        }


class LatestMoves(Panel):
    """The latest moves, each with what was left after it."""

    title = gettext_lazy("Latest movements")
    template = "inventory/stock/latest.html"
    permission = "stock.view_stockmove"
    order = 21
    shown = 8

    def context(self, document: Item, user: Any) -> dict[str, Any] | None:
        moves = list(
            StockMove.objects.visible_to(user)
            .filter(item=document)
            .exclude(kind=StockMove.Kind.TRANSFER)
            .order_by("-pk")[: self.shown]
        )
        if not moves:
            return None
        left, rows, names = queries.total_on_hand(document), [], numbers(moves)
        for move in moves:
            name = names.get((move.origin_type_id, move.origin_id), move.origin_name)
            rows.append((move, plain(move.quantity), plain(left), move_href(move), name))
            left -= move.quantity
        href = reverse("stock:stockmove_list") + f"?item={document.pk}"
        return {"rows": rows, "more_href": href}


def numbers(moves: list[StockMove]) -> dict[tuple[int, int], str]:
    """The numbers of the documents that moved things, read once for each kind of document."""
    found: dict[tuple[int, int], str] = {}
    for kind in {move.origin_type_id for move in moves}:
        model = ContentType.objects.get_for_id(kind).model_class()
        if model is None or not any(field.name == "number" for field in model._meta.fields):
            continue
        keys = {move.origin_id for move in moves if move.origin_type_id == kind}
        rows = model._default_manager.filter(pk__in=keys).values_list("pk", "number")
        found |= {(kind, pk): number for pk, number in rows if number}
    return found


def move_href(move: StockMove) -> str:
    """The page of the document that moved it."""
    model = ContentType.objects.get_for_id(move.origin_type_id).model_class()
    return model(pk=move.origin_id).get_absolute_url() if hasattr(model, "get_absolute_url") else ""  # type: ignore[misc, union-attr]


class LayersPanel(Panel):
    """What is left of which receipt, where the first in goes out first."""

    title = gettext_lazy("Cost layers")
    template = "inventory/stock/layers.html"
    permission = "stock.view_costlayer"
    half = True
    order = 80

    def context(self, document: Item, user: Any) -> dict[str, Any] | None:
        if document.method != Category.Method.FIFO:
            return None
        rows = CostLayer.objects.filter(item=document, remaining__gt=0).select_related("move").order_by("move")
        return {
            "rows": [
                (
                    row.on, plain(row.remaining), plain(row.received), amount(row.remaining_value / row.remaining, 4),
                    amount(row.remaining_value), move_href(row.move),
                )
                for row in rows[:50]
            ],
        } if rows else None  # fmt: skip


class BinLookup(Lookup):
    """Bins by warehouse and code."""

    def __init__(self) -> None:
        super().__init__(Bin, ("code", "warehouse__code", "warehouse__name", "name"))

    def rows(self, user: Any, queryset: Any, hints: dict[str, str]) -> Any:
        rows = super().rows(user, queryset, hints).select_related("warehouse")
        return rows.filter(warehouse__company_id=hints["company"]) if hints.get("company") else rows

    def text(self, row: Any) -> str:
        return f"{row.warehouse.code} {row.code}"


def find_receipts(user: Any, words: str) -> list[Hit]:
    """Receipts by number, delivery note or supplier for the palette."""
    rows = GoodsReceipt.objects.visible_to(user)
    found = (
        rows.filter(number__icontains=words)
        | rows.filter(delivery_note__icontains=words)
        | rows.filter(party__name__icontains=words)
    )
    return [
        Hit(f"{receipt}, {receipt.party}", receipt.get_absolute_url(), "truck", day(receipt.received_on))
        for receipt in found.select_related("party").order_by("-received_on", "-pk")[:6]
    ]


lookups.fill("stock.bin", BinLookup())
for panel in (StockFigures, MovementsChart, WherePanel, LatestMoves, LayersPanel):
    panels.fill(f"stock.{panel.__name__.lower()}", ("catalogue.Item", panel))
palette.fill("stock.goodsreceipt", Search(gettext_lazy("Goods receipts"), find_receipts, prefix="receipt:", order=35))


def to_come_today(user: Any) -> int:
    """Lines that were to come by today."""
    rows = Expected.objects.visible_to(user).filter(is_cancelled=False, received__lt=F("quantity"))
    return rows.filter(due_on__lte=timezone.localdate()).count()


def waiting_counts(user: Any) -> int:
    """Counts that wait for approval."""
    return StockCount.objects.visible_to(user, "approve").filter(state=StockCount.State.SUBMITTED).count()


starts.fill(
    "stock.warehouse",
    Start(
        _("Name the first warehouse and its bins"),
        lambda: reverse("stock:warehouse_new"),
        "warehouse",
        "stock.add_warehouse",
        order=50,
    ),
)
menu.fill(
    "stock.expected",
    MenuEntry(
        "inventory",
        gettext_lazy("To receive"),
        "stock:expected_list",
        "truck",
        "stock.view_expected",
        to_come_today,
        20,
    ),
)
for key, words, icon, order, count in (
    ("goodsreceipt", gettext_lazy("Receipts"), "inbox", 25, None),
    ("goodsissue", gettext_lazy("Issues"), "upload", 30, None),
    ("supplierreturn", gettext_lazy("Returns"), "undo-2", 35, None),
    ("stocktransfer", gettext_lazy("Transfers"), "arrow-right", 40, None),
    ("stockcount", gettext_lazy("Counts"), "list-checks", 45, waiting_counts),
    ("onhand", gettext_lazy("On hand"), "layers", 50, None),
    ("stockmove", gettext_lazy("Movements"), "history", 55, None),
    ("warehouse", gettext_lazy("Warehouses"), "warehouse", 90, None),
):
    menu.fill(
        f"stock.{key}", MenuEntry("inventory", words, f"stock:{key}_list", icon, f"stock.view_{key}", count, order)
    )
menu.fill(
    "stock.value",
    MenuEntry("inventory", gettext_lazy("Stock value"), "stock:value", "scale", "stock.view_costentry", order=60),
)
