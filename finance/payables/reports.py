"""The reports of payables: what we owe by age, and the largest bills."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.rounding import ZERO
from finance.ledger import queries
from finance.ledger.models import Account, Allocation, JournalEntry, OpenItem, Role
from finance.ledger.queries import AgedItem
from finance.payables.models import Bill
from reporting.reports.defining import Asked, Column, Kpi, Report, Row, Sheet, offer
from reporting.reports.drawing import money
from reporting.reports.parameters import DayField, Parameters, PeriodField, Span, day_words

SECTION = gettext_lazy("Purchases")
# The first day late of each bucket; what is not due yet is the first.
BUCKETS = [
    ("current", gettext_lazy("Not due"), 0),
    ("to30", "1–30", 1),
    ("to60", "31–60", 31),
    ("to90", "61–90", 61),
    ("older", gettext_lazy("Over 90"), 91),
]


class AgedParameters(Parameters):
    """The day, how much detail, and the comparison."""

    on = DayField(label=gettext_lazy("As at"), initial="today")
    detail = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        initial="items",
        choices=[("items", gettext_lazy("Suppliers and items")), ("", gettext_lazy("Suppliers only"))],
    )
    against = forms.ChoiceField(
        label=gettext_lazy("Against"),
        required=False,
        initial="month",
        choices=[("month", gettext_lazy("A month before")), ("", gettext_lazy("Nothing"))],
    )


@offer
class AgedPayables(Report):
    """What is owed to each supplier on a day, by how late it is; an item leads to its bill."""

    key = "payables.aged_payables"
    title = gettext_lazy("Aged payables")
    summary = gettext_lazy("What is owed to each supplier on a day, by how late it is.")
    section = SECTION
    permission = "ledger.view_journalline"
    parameters = AgedParameters
    order = 30
    in_menu = True
    footer = gettext_lazy("In company currency, as it was at the end of the day. An item opens its bill.")

    def build(self, asked: Asked) -> Sheet:
        on: date = asked["on"]
        items = open_payables(asked, on)
        before = self._before(asked, on)
        columns = [
            Column("supplier", _("Supplier"), "text"),
            Column("due", _("Due"), "date"),
            *(Column(key, str(label)) for key, label, _first in BUCKETS),
            Column("total", _("Total")),
        ]
        if asked["against"]:
            columns.append(Column("before", _("A month before"), quiet=True))
        by_party: dict[tuple[str, int | None], list[AgedItem]] = defaultdict(list)
        for item in items:
            by_party[item.party or _("No supplier"), item.party_id].append(item)
        for name, party in before:
            by_party.setdefault((name, party), [])
        bills = dict(Bill.objects.filter(entry__in=[i.entry_id for i in items]).values_list("entry_id", "pk"))
        rows: list[Row] = []
        totals = [ZERO] * (len(BUCKETS) + 1)
        for (name, party), own in sorted(by_party.items(), key=lambda pair: pair[0][0].casefold()):
            figures = _buckets(own)
            totals = [a + b for a, b in zip(totals, figures, strict=True)]
            more = [before.get((name, party), ZERO)] if asked["against"] else []
            is_open = False if asked["detail"] and own else None
            shown = [figure or None for figure in figures[:-1]]
            rows.append(Row((name, None, *shown, figures[-1], *more), "sum", 0, is_open))
            if asked["detail"]:
                rows += [self._item(item, bills, len(more)) for item in own]
        more = [sum(before.values(), ZERO)] if asked["against"] else []
        if rows:
            rows.append(Row((_("Total"), None, *totals, *more), "total"))
        sheet = Sheet(str(self.title), _("As at %(day)s") % {"day": day_words(on)}, columns, rows)
        sheet.period_words = str(on)
        sheet.paper_opens_all = True
        sheet.entries = len({item.entry_id for item in items})
        sheet.kpis = self._kpis(asked, totals)
        sheet.notes = of_department(asked)
        return sheet

    def _before(self, asked: Asked, on: date) -> dict[tuple[str, int | None], Decimal]:
        """What was owed at the end of the month before, by supplier."""
        if not asked["against"]:
            return {}
        found: dict[tuple[str, int | None], Decimal] = defaultdict(lambda: ZERO)
        for item in open_payables(asked, on.replace(day=1) - timedelta(days=1)):
            found[item.party or _("No supplier"), item.party_id] -= item.rest_company
        return {who: owed for who, owed in found.items() if owed}

    def _item(self, item: AgedItem, bills: dict[int, int], more: int) -> Row:
        number = item.number
        if item.entry_id in bills:
            number = number.rsplit("-", 1)[-1]  # the short form that lists of bills use
            href = reverse("payables:bill", args=[bills[item.entry_id]])
        else:
            href = reverse("ledger:journalentry", args=[item.entry_id])
        words = f"{number}, {item.text}" if item.text else number
        figures = _buckets([item])
        return Row(
            (words, item.due_on, *(f or None for f in figures), *([None] * more)),
            "line",
            1,
            None,
            {"supplier": href, "total": href},
        )

    def _kpis(self, asked: Asked, totals: list[Decimal]) -> list[Kpi]:
        whole, late = totals[-1], sum(totals[1:-1], ZERO)
        share = _("%(percent)s%% of all") % {"percent": f"{late / whole * 100:.0f}"} if whole else ""
        currency = asked.company.currency
        return [
            Kpi(_("Owed"), money(whole, currency)),
            Kpi(_("Late"), money(late, currency), share, "bad" if late > 0 else ""),
            Kpi(_("Over 90 days late"), money(totals[-2], currency), "", "bad" if totals[-2] > 0 else ""),
        ]


def _buckets(items: list[AgedItem]) -> list[Decimal]:
    """What is owed in each bucket, and together; owed is positive here."""
    figures = [ZERO] * (len(BUCKETS) + 1)
    for item in items:
        place = max(i for i, (_key, _label, first) in enumerate(BUCKETS) if item.days_late >= first)
        figures[place] -= item.rest_company
        figures[-1] -= item.rest_company
    return figures


def open_payables(asked: Asked, on: date) -> list[AgedItem]:
    """The open items of the payables account on a day, limited to what this person may see."""
    account = Account.objects.filter(company=asked.company, role=Role.AP).first()
    if account is None:
        return []
    departments = queries.departments_seen(asked.user, asked.company)
    items = queries.open_items(account.pk, on=on, departments=departments)
    return _as_of(asked, account, on, items) if asked.as_of else items


def _as_of(asked: Asked, account: Account, on: date, items: list[AgedItem]) -> list[AgedItem]:
    """The items as they were known at the moment of the sheet: later entries and settlements do not count."""
    later = set(
        JournalEntry.objects.filter(company=asked.company, posted_at__gt=asked.as_of, on__lte=on).values_list(
            "pk", flat=True
        )
    )
    settled = Allocation.objects.filter(at__gt=asked.as_of, on__lte=on)
    back: dict[int, tuple[Decimal, Decimal]] = {}
    for side, sign, worth in (("debit_item", 1, "debit_company"), ("credit_item", -1, "credit_company")):
        rows = settled.filter(**{f"{side}__account": account}).values_list(side, F("amount"), F(worth))
        for item, amount, company in rows:
            was = back.get(item, (ZERO, ZERO))
            back[item] = (was[0] + sign * amount, was[1] + sign * company)
    if back.keys() - {item.item_id for item in items}:
        items = _with_settled(asked, account, on, items)
    found = []
    for item in items:
        amount, company = back.get(item.item_id, (ZERO, ZERO))
        then = item._replace(rest=item.rest + amount, rest_company=item.rest_company + company)
        if then.entry_id not in later and (then.rest or then.rest_company):
            found.append(then)
    return found


def _with_settled(asked: Asked, account: Account, on: date, items: list[AgedItem]) -> list[AgedItem]:
    """The items together with those that are settled by now, which `open_items` leaves out."""
    known = {item.item_id for item in items}
    departments = queries.departments_seen(asked.user, asked.company)
    rows = OpenItem.objects.filter(account=account, on__lte=on, rest=0, rest_company=0).exclude(pk__in=known)
    if departments is not None:
        rows = rows.filter(line__entry__lines__dimension_set__cost_centre__department__in=departments).distinct()
    closed = [
        AgedItem(
            row.pk,
            row.party_id,
            row.party.name if row.party else None,
            row.line.entry_id,
            row.line.entry.number,
            row.line.text or row.line.entry.text,
            row.on,
            row.due_on,
            max((on - row.due_on).days, 0),
            row.currency,
            ZERO,
            ZERO,
        )
        for row in rows.select_related("party", "line__entry")
    ]
    return sorted([*items, *closed], key=lambda item: (item.party or "", item.due_on, item.item_id))


class LargestParameters(Parameters):
    """Which period and how many."""

    period = PeriodField(label=gettext_lazy("Period"), initial="last_month")
    number = forms.TypedChoiceField(
        label=gettext_lazy("How many"),
        coerce=int,
        initial="10",
        choices=[("10", "10"), ("25", "25"), ("100", "100")],
    )


@offer
class LargestBills(Report):
    """The largest posted bills of a period in company currency, with who approved them."""

    key = "payables.largest_bills"
    title = gettext_lazy("Largest bills")
    summary = gettext_lazy("The largest posted bills of a period, each leading to its page and file.")
    section = SECTION
    permission = "payables.view_bill"
    parameters = LargestParameters
    order = 40
    footer = gettext_lazy("By accounting date. A bill opens its page with its file and approvals.")

    def build(self, asked: Asked) -> Sheet:
        span: Span = asked["period"]
        bills = Bill.objects.visible_to(asked.user).filter(
            company=asked.company, state=Bill.State.POSTED, entry__on__gte=span.starts_on, entry__on__lte=span.ends_on
        )
        if asked.as_of is not None:
            bills = bills.filter(entry__posted_at__lte=asked.as_of)
        all_bills = bills.count()
        found = bills.order_by("-amount_company", "-pk").select_related("party", "entered_by")[: asked["number"]]
        columns = [
            Column("number", _("Bill"), "text"),
            Column("supplier", _("Supplier"), "text"),
            Column("reference", _("Their reference"), "text"),
            Column("on", _("Date"), "date"),
            Column("by", _("Entered by"), "text"),
            Column("currency", _("Currency"), "text"),
            Column("total", _("In currency")),
            Column("amount", asked.company.currency),
        ]
        rows = [
            Row(
                (
                    bill.number,
                    bill.party.name,
                    bill.reference,
                    bill.bill_date,
                    bill.entered_by.name,
                    bill.currency,
                    bill.amount,
                    bill.amount_company,
                ),
                links={
                    "number": reverse("payables:bill", args=[bill.pk]),
                    "amount": reverse("payables:bill", args=[bill.pk]),
                },
            )
            for bill in found
        ]
        if rows:
            total: Any = sum((row.cells[-1] for row in rows), ZERO)
            rows.append(Row((_("Together"), None, None, None, None, None, None, total), "total"))
        sheet = Sheet(str(self.title), span.words, columns, rows)
        sheet.period_words = span.text
        sheet.entries = all_bills
        sheet.entries_words = _("From %(number)s posted bills.") % {"number": f"{all_bills:,}"}
        sheet.notes = of_department(asked)
        return sheet


def of_department(asked: Asked) -> list[str]:
    """What somebody who sees a department must know about the amounts; nothing for who sees the whole company."""
    if asked.sees_whole_company:
        return []
    return [_("Bills with at least one line of your department; the amount is that of the whole bill.")]
