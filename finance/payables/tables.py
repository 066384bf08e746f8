"""The columns of bills and their lines."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import BooleanField, Case, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.ui.columns import Column
from backoffice.ui.html import badge_markup, text
from backoffice.ui.tables import Date, Due, Exact, Figure, Money, NumberLink, Person, Priced, Table, Text
from finance.payables import queries
from finance.payables.models import Bill, PaymentBlock


class StatusColumn(Column):
    """The state with what is derived: waiting for you, paid, reversed."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            "state", label, stack="l3", sort=True, also=("rest", "amount", "is_reversed", "is_mine", "blocked_at")
        )

    def inner(self, values: Sequence[Any]) -> str:
        words, tone, icon = status(*values)
        return badge_markup(words, tone, icon)

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [status(*values)[0]]


def status(
    state: str,
    rest: Decimal | None,
    amount: Decimal,
    is_reversed: bool,
    is_mine: bool,
    blocked_at: datetime | None = None,
) -> tuple[str, str, str]:
    """Words, tone and icon of a bill's status."""
    match state:
        case Bill.State.DRAFT:
            return _("Draft"), "", "circle-dashed"
        case Bill.State.SUBMITTED:
            return (_("Waiting for you") if is_mine else _("Waiting for approval")), "wait", "user-check"
        case Bill.State.APPROVED:
            return _("Approved, not posted"), "busy", "thumbs-up"
        case Bill.State.VOID:
            return _("Discarded"), "", "x"
    if is_reversed:
        return _("Reversed"), "", "undo-2"
    if rest == 0:
        return _("Paid"), "good", "banknote"
    if blocked_at is not None:
        return _("Payment blocked"), "wait", "lock"
    if rest is not None and rest != amount:
        return _("Part paid"), "busy", "banknote"
    return _("Posted"), "good", "circle-check"


class BillNumber(NumberLink):
    """The number; a bill that is under way has none yet."""

    def words(self, values: Sequence[Any]) -> str:
        if values[0] or values[1] in (Bill.State.DRAFT, Bill.State.VOID):
            return super().words(values)
        return _("Pending")


class DueColumn(Due):
    """The due day; a credit note has none, a settled bill's is quiet."""

    def cell(self, values: Sequence[Any]) -> str:
        if values[4] == Bill.Kind.CREDIT_NOTE:
            return f'<td class="{self.classes}">{text(_("Credit note"))}</td>'
        return super().cell(values)


def is_quiet(state: str, rest: Decimal | None, is_reversed: bool, kind: str) -> bool:
    """Whether a due day is past caring."""
    return state == Bill.State.VOID or is_reversed or (state == Bill.State.POSTED and not rest)


class BillTable(Table):
    """Bills, the newest first."""

    order = ("-bill_date", "-pk")
    one, many = gettext_lazy("bill"), gettext_lazy("bills")  # type: ignore[assignment]

    number = BillNumber("number", gettext_lazy("Bill"), sort=True, also=("state",))
    supplier = Text("party__name", gettext_lazy("Supplier"), ell=True, sort=True, stack="l2")
    reference = Text("reference", gettext_lazy("Their ref"), soft=True)
    bill_date = Date("bill_date", gettext_lazy("Dated"), sort=True)
    due_on = DueColumn(
        "due_on",
        gettext_lazy("Due"),
        sort=True,
        stack="r2",
        settled=is_quiet,
        also=("state", "rest", "is_reversed", "kind"),
    )
    status = StatusColumn(gettext_lazy("Status"))
    entered_by = Person("entered_by__name", gettext_lazy("By"))
    amount = Money("amount", gettext_lazy("Amount"), currency="currency", sort=True, stack="r1", total=True)
    amount_company = Figure("amount_company", gettext_lazy("Home currency"), sort=True, total=True)

    def prepare(self, rows: Any, user: Any) -> Any:
        """What is derived of each bill: rest, reversal, and whether it waits for this person."""
        mine = When(Q(state=Bill.State.SUBMITTED, pk__in=queries.waiting_ids(user)), then=Value(value=True))
        return queries.with_progress(rows).annotate(
            is_mine=Case(mine, default=Value(value=False), output_field=BooleanField())
        )


class Days(Figure):
    """How many days ago something began."""

    def inner(self, values: Sequence[Any]) -> str:
        return str(_days_since(values[0]))

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [_days_since(values[0])]


def _days_since(moment: datetime | None) -> int | str:
    return (timezone.localdate() - timezone.localtime(moment).date()).days if moment else ""


class ReasonsColumn(Text):
    """Why a payment is blocked: "Price, Quantity"."""

    def inner(self, values: Sequence[Any]) -> str:
        return badge_markup(self.words(values), "wait", "lock") if values[0] else ""

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [self.words(values)]

    def words(self, values: Sequence[Any]) -> str:
        """The reasons in words."""
        return ", ".join(str(PaymentBlock.Reason(reason).label) for reason in (values[0] or "").split(",") if reason)


class BlockedTable(Table):
    """Bills in the books that are not paid for now, the longest first."""

    order = ("blocked_at", "pk")
    one, many = gettext_lazy("blocked bill"), gettext_lazy("blocked bills")  # type: ignore[assignment]

    number = NumberLink("number", gettext_lazy("Bill"), sort=True)
    supplier = Text("party__name", gettext_lazy("Supplier"), ell=True, sort=True, stack="l2")
    reference = Text("reference", gettext_lazy("Their ref"), soft=True)
    reasons = ReasonsColumn("reasons", gettext_lazy("Blocked for"), stack="l3")
    owner = Person("owner", gettext_lazy("Who can clear it"))
    since = Date("blocked_at", gettext_lazy("Since"), sort=True)
    days = Days("blocked_at", gettext_lazy("Days"))
    due_on = Due("due_on", gettext_lazy("Due"), sort=True, stack="r2")
    amount = Money("amount", gettext_lazy("Amount"), currency="currency", sort=True, stack="r1", total=True)

    def prepare(self, rows: Any, user: Any) -> Any:
        """What blocks each bill, and who can clear the oldest of it."""
        blocks = PaymentBlock.objects.filter(bill=OuterRef("pk"), released_at=None)
        reasons = blocks.order_by().values("bill").annotate(all=StringAgg("reason", ",", ordering="reason"))
        return queries.with_progress(rows).annotate(
            reasons=Subquery(reasons.values("all")),
            owner=Subquery(blocks.order_by("blocked_at", "pk").values("owner__name")[:1]),
        )


class Code(Text):
    """A code with its words after it: 1310 Stock."""

    def inner(self, values: Sequence[Any]) -> str:
        code, name = values[2].split(" ", 1) if values[2] else values[:2]
        if not code:
            return f'<span class="wait">{text(_("not coded"))}</span>'
        return f'<span title="{text(name)}">{text(code)} <span class="sub">{text(name)}</span></span>'

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [values[2] or " ".join(str(value) for value in values[:2] if value)]


class BillLineTable(Table):
    """The lines of a bill."""

    order = ("place",)

    line_text = Text("text", gettext_lazy("Item"), stack="full", ell=True)
    account = Code("account__code", gettext_lazy("Account"), also=("account__name", "booked_to"), ell=True)
    cost_centre = Text("cost_centre__name", gettext_lazy("Cost centre"), soft=True)
    quantity = Priced("quantity", gettext_lazy("Quantity"), price="unit_price")
    unit_price = Exact("unit_price", gettext_lazy("Price"), least=2)
    discount = Exact("discount", gettext_lazy("Discount"), least=2)
    tax = Text("tax_code__code", gettext_lazy("VAT"))
    net = Figure("net", gettext_lazy("Net"), stack="r1")
