"""The parts of a bill's screen, and what payables puts into menu, palette and tiles."""

from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backoffice.core.errors import Refused
from backoffice.core.flow import held
from backoffice.core.rounding import ZERO
from backoffice.currencies import conversion
from backoffice.documents.queries import attachments
from backoffice.parties.models import PartyBankAccount
from backoffice.ui import slots
from backoffice.ui.columns import amount, day
from backoffice.ui.panels import Fact, FactsPanel, LinesPanel, Panel, Step
from backoffice.ui.slots import Hit, MenuEntry, Search, Tile, WorkList, WorkRow, menu, palette, tiles, work
from backoffice.workflow import approvals
from finance.payables import blocking, duplicates, entries, queries, totalling, ubl
from finance.payables import slots as slots_
from finance.payables.models import Bill, PaymentBlock, SupplierTerms
from finance.payables.slots import Verdict, verdicts
from finance.payables.tables import BillLineTable, status
from finance.payables.wording import plain

State = Bill.State


def steps(bill: Bill, user: Any) -> list[Step]:
    """Captured, approved, posted, paid, each with who and when."""
    captured = Step(
        _("Captured"), "done" if bill.state != State.DRAFT else "now", day(timezone.localtime(bill.entered_at))
    )
    if bill.state == State.VOID:
        return [captured, Step(_("Discarded"), "now")]
    checked = [_checked(verdict) for verdict in judged(bill)]
    return [captured, *checked, _approved(bill), _posted(bill), _paid(bill)]


def judged(bill: Bill) -> list[Verdict]:
    """What all checks say of the bill, asked once a page."""
    return held(bill, "verdicts", lambda: verdicts(bill))


def _checked(verdict: Verdict) -> Step:
    return Step(verdict.step, "done warn" if verdict.findings else "done", verdict.note)


def _approved(bill: Bill) -> Step:
    now = approvals.standing_seen(bill)
    if bill.state == State.DRAFT or now.request is None:
        return Step(_("Approved"))
    if now.request.required == 0:
        return Step(_("Approved"), "done", _("by rule"))
    if bill.state != State.SUBMITTED:
        return Step(_("Approved"), "done", ", ".join(d.by.short for d in now.given))
    return Step(_("Approved"), "now", _("%(given)s of %(of)s") % {"given": len(now.given), "of": now.request.required})


def _posted(bill: Bill) -> Step:
    if bill.state == State.POSTED and bill.entry is not None:
        return Step(_("Posted"), "done", day(bill.entry.on))
    if bill.state == State.APPROVED:
        return Step(_("Posted"), "now warn" if bill.post_refusal else "now", _("refused") if bill.post_refusal else "")
    return Step(_("Posted"), "", f"{bill.booked_on:%B %Y}")


def _paid(bill: Bill) -> Step:
    if bill.state != State.POSTED or bill.entry is None:
        return Step(_("Paid"), "", _("due %s") % day(bill.due_on))
    if queries.mirror_of(bill) is not None:
        return Step(_("Reversed"), "done warn")
    payment = queries.payment_of(bill)
    if payment is None or payment.is_settled:
        return Step(_("Paid"), "done")
    if blocking.standing(bill):
        return Step(_("Paid"), "now warn", _("blocked"))
    note = _("%s open") % amount(payment.rest) if payment.is_part else _("due %s") % day(bill.due_on)
    return Step(_("Paid"), "now", note)


class BillNotices(Panel):
    """What deserves a look before anything is decided: refused posting, blocked payment, look-alikes."""

    title = gettext_lazy("To look at")
    template = "finance/payables/notices.html"
    order = 5

    def context(self, document: Bill, user: Any) -> dict[str, Any] | None:
        alike = duplicates.look_alikes(document) if document.state in queries.UNFINISHED else []
        blocks = blocking.standing(document)
        if not alike and not blocks and not document.post_refusal:
            return None
        return {"alike": alike, "blocks": blocks}


class BillFacts(FactsPanel):
    """Supplier, reference, dates, where it is paid to, totals."""

    def facts(self, document: Bill, user: Any) -> list[Fact]:
        bill = document
        left = (bill.due_on - timezone.localdate()).days
        when = (
            _("in %s days") % left
            if left > 1
            else _("tomorrow")
            if left == 1
            else _("today")
            if not left
            else _("%s days ago") % -left
        )
        centres = list(dict.fromkeys(n.cost_centre.name for n in entries.lines_of(bill) if n.cost_centre))
        facts = [
            Fact(_("Supplier"), bill.party, href=bill.party.get_absolute_url()),
            Fact(_("Their reference"), bill.reference),
            Fact(_("Kind"), bill.get_kind_display() if bill.kind == Bill.Kind.CREDIT_NOTE else ""),
            Fact(_("Bill date"), day(bill.bill_date, this_year=0)),
            Fact(_("Due"), day(bill.due_on, this_year=0), when if bill.kind == Bill.Kind.BILL else ""),
            Fact(_("Purchase order"), bill.order_reference),
            Fact(_("Tax point"), day(bill.tax_point, this_year=0) if bill.tax_point != bill.bill_date else ""),
            Fact(_("Accounting date"), day(bill.booked_on, this_year=0) if bill.booked_on != bill.bill_date else ""),
            Fact(_("Cost centre"), ", ".join(centres[:3])),
            Fact(_("Pay to"), _masked(bill, user)),
            Fact(_("Total"), f"{bill.currency} {amount(bill.amount, conversion.digits(bill.currency))}"),
        ]
        if bill.is_foreign:
            own = bill.company.currency
            rate = _("at %s") % plain(bill.rate, 4)
            facts.append(Fact(_("In %s") % own, amount(bill.amount_company, conversion.digits(own)), rate))
        if bill.replaces_id:
            facts.append(Fact(_("Replaces"), bill.replaces, href=bill.replaces.get_absolute_url()))  # type: ignore[union-attr]
        return [*facts, Fact(_("Note"), bill.note)]


def _masked(bill: Bill, user: Any) -> str:
    account: PartyBankAccount | None = bill.bank_account
    return account.masked if account is not None and user.has_perm("parties.view_partybankaccount") else ""


class BillLines(LinesPanel):
    """The lines with net, VAT by rate and total."""

    table = BillLineTable

    def context(self, document: Bill, user: Any) -> dict[str, Any] | None:
        """A column of discounts stands there only when there is one, of cost centres where there are several."""
        lines = entries.lines_of(document)
        without = [] if any(line.discount for line in lines) else ["discount"]
        if len({line.cost_centre_id for line in lines}) < 2:
            without.append("cost_centre")  # it is one of the facts above
        self.table = partial(BillLineTable, without=without)  # type: ignore[misc,assignment]
        return super().context(document, user)

    def rows(self, document: Bill, user: Any) -> Any:
        lines = entries.lines_of(document)
        booked = {k: words for each in slots_.explained(document, lines).values() for k, words in each.words.items()}
        for line in lines:
            line.booked_to = booked.get(line.pk, "")  # type: ignore[attr-defined]
        return lines

    def sums(self, document: Bill, user: Any) -> list[tuple[Any, Any, str]]:
        return [(_("Net"), document.net, ""), *_taxes(document), (_("Total"), document.total, document.currency)]


def _taxes(bill: Bill) -> list[tuple[Any, Any, str]]:
    """One sum a tax; what the supplier's figure differs by; a reverse charge stands beside the total, not in it."""
    try:
        sums = totalling.of(bill, entries.lines_of(bill), conversion.digits(bill.currency), strict=False)
    except Refused:
        return [(_("VAT"), bill.tax, "")]
    rows: list[tuple[Any, Any, str]] = [
        (
            _("%s, owed by us") % sums.codes[tax.key].name
            if sums.codes[tax.key].is_reverse_charge
            else _("VAT: %s") % sums.codes[tax.key].name,
            tax.amount,
            "",
        )
        for tax in sums.computed.taxes
        if tax.amount
    ]
    if sums.difference:
        rows.append((_("Difference to the VAT on the paper"), sums.difference, ""))
    return rows or [(_("VAT"), ZERO, "")]


class OriginalPanel(Panel):
    """The supplier's own paper: drawn from an electronic invoice, with the file to download."""

    title = gettext_lazy("Original")
    template = "finance/payables/original.html"
    side = True
    order = 20
    shown = 12

    def context(self, document: Bill, user: Any) -> dict[str, Any] | None:
        original = next((file for file in attachments(document) if file.is_original), None)
        if original is None:
            return None
        if original.media_type != "application/xml":
            return {"original": original, "paper": None}
        try:
            paper = ubl.read(bytes(original.original))  # type: ignore[attr-defined]
        except Refused:
            return {"original": original, "paper": None}
        lines = [(127 + 14 * n, line) for n, line in enumerate(paper.lines[: self.shown])]
        foot = 127 + 14 * len(lines) + (14 if len(paper.lines) > self.shown else 0)
        return {
            "original": original,
            "paper": paper,
            "lines": lines,
            "left_out": len(paper.lines) - len(lines),
            "left_out_at": foot - 14,
            "foot": {
                name: foot + step
                for name, step in (("rule", 0), ("net", 14), ("tax", 26), ("total", 40), ("small", 60))
            },
            "height": foot + 76,
        }


class RelatedPanel(Panel):
    """The entry, its mirror, and the bills that replace each other."""

    title = gettext_lazy("Related")
    template = "finance/payables/related.html"
    side = True
    order = 40

    def context(self, document: Bill, user: Any) -> dict[str, Any] | None:
        entry = document.entry
        mirror = queries.mirror_of(document)
        replaced_by = document.replaced_by.exclude(state=State.VOID).first() if mirror else None
        may_see = user.has_perm("ledger.view_journalentry")
        if not (entry is not None and may_see) and replaced_by is None:
            return None
        return {"entry": entry if may_see else None, "mirror": mirror if may_see else None, "replaced_by": replaced_by}


class SupplierBills(Panel):
    """The latest bills of the party."""

    title = gettext_lazy("Bills")
    template = "finance/payables/supplier_bills.html"
    permission = "payables.view_bill"
    order = 30
    shown = 10

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        rows = queries.with_progress(Bill.objects.visible_to(user).filter(party=document)).order_by("-bill_date", "-pk")
        bills = list(rows[: self.shown + 1])
        waiting = set(queries.waiting_ids(user))
        return {
            "rows": [
                (b, *status(b.state, b.rest, b.amount, b.is_reversed, b.pk in waiting, b.blocked_at))
                for b in bills[: self.shown]
            ],
            "has_more": len(bills) > self.shown,
            "may_add": user.has_perm("payables.add_bill"),
        }


class UsualCoding(Panel):
    """What is proposed for the lines of the party's next bill."""

    title = gettext_lazy("Usual coding")
    template = "finance/payables/usual_coding.html"
    permission = "payables.view_supplierterms"
    side = True
    order = 40

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        terms = (
            SupplierTerms.objects.filter(party=document).select_related("account", "cost_centre", "tax_code").first()
        )
        return {"terms": terms} if terms is not None else None


def find_bills(user: Any, words: str) -> list[Hit]:
    """Bills by number, reference, supplier or total for the palette."""
    rows = Bill.objects.visible_to(user)
    found = (
        rows.filter(number__icontains=words)
        | rows.filter(reference__icontains=words)
        | rows.filter(party__name__icontains=words)
    )
    bare = words.replace(",", "").lstrip("£€$ ")
    if bare.replace(".", "", 1).isdigit():
        found |= rows.filter(total=bare)
    return [
        Hit(
            f"{bill}, {bill.party.name}",
            bill.get_absolute_url(),
            "receipt",
            f"{bill.reference} · {bill.currency} {amount(bill.amount)} · {bill.get_state_display()}",
            of=f"payables.bill:{bill.pk}",
        )
        for bill in found.select_related("party").order_by("-bill_date", "-pk")[:8]
    ]


def to_pay_this_week(user: Any) -> dict[str, Any] | None:
    """The tile: what is open and due until the end of the week."""
    return _tile(user, queries.falls_due_this_week(timezone.localdate()))


def overdue_now(user: Any) -> dict[str, Any] | None:
    """The tile: what is posted, open and late."""
    tile = _tile(user, queries.was_due(timezone.localdate()))
    return {**tile, "tone": "bad"} if tile["number"] else tile


def _tile(user: Any, condition: Any) -> dict[str, Any]:
    sums = queries.to_pay(Bill.objects.visible_to(user).filter(condition, state=State.POSTED))
    number = sum(bills for _rest, bills in sums.values())
    words = " · ".join(f"{currency} {amount(rest, 0)}" for currency, (rest, _bills) in sums.items())
    note = ngettext("%s bill", "%s bills", number) % number
    return {"value": words or "0", "note": note, "number": number}


def to_clear(user: Any) -> list[WorkRow]:
    """Payments that are blocked until this person clears the reason, the oldest first."""
    rows = queries.blocking_now(user).filter(owner=user.pk).select_related("bill__party").order_by("blocked_at", "pk")
    found: dict[int, list[PaymentBlock]] = {}
    for each in rows[:50]:
        found.setdefault(each.bill_id, []).append(each)
    return [
        WorkRow(
            icon="lock",
            label=str(blocks[0].bill),
            href=blocks[0].bill.get_absolute_url(),
            sub=str(blocks[0].bill.party),
            why=", ".join(str(block.get_reason_display()) for block in blocks),
            tone="wait",
            since=blocks[0].blocked_at,
            amount=blocks[0].bill.total,
            currency=blocks[0].bill.currency,
        )
        for blocks in found.values()
    ]


def waiting(user: Any) -> int:
    """The figure beside the menu's words."""
    return len(queries.waiting_ids(user))


menu.fill(
    "payables.bill",
    MenuEntry(
        "finance",
        gettext_lazy("Supplier bills"),
        "payables:bill_list",
        "receipt",
        "payables.view_bill",
        count=waiting,
        order=10,
    ),
)
menu.fill(
    "payables.blocked",
    MenuEntry(
        "finance",
        gettext_lazy("Blocked payments"),
        "payables:blocked_list",
        "lock",
        "payables.view_paymentblock",
        count=lambda user: queries.blocking_now(user).values("bill").distinct().count(),
        order=12,
    ),
)
work.fill("payables.clear", WorkList(gettext_lazy("To clear for payment"), "tasks", to_clear, order=20))
palette.fill("payables.bill", Search(gettext_lazy("Bills"), find_bills, prefix="bill:", order=10))
tiles.fill(
    "payables.week",
    Tile(gettext_lazy("To pay this week"), to_pay_this_week, "payables.view_bill", "payables:bill_list", order=20),
)
tiles.fill(
    "payables.overdue",
    Tile(gettext_lazy("Bills overdue"), overdue_now, "payables.view_bill", "payables:bill_list", order=30),
)


def new_bill_hit(user: Any, words: str) -> list[Hit]:
    """Actions of the palette."""
    if not user.has_perm("payables.add_bill"):
        return []
    actions = [
        (_("New bill"), reverse("payables:bill_new"), "plus"),
        (_("Upload bills"), reverse("exchange:upload_new", args=["bill"]), "upload"),
    ]
    return [
        Hit(label, href, icon)
        for label, href, icon in actions
        if all(word in label.lower() for word in words.lower().split())
    ]


palette.fill("payables.actions", Search(gettext_lazy("Do"), new_bill_hit, order=5))
slots.panels.fill("payables.bills_of_party", ("parties.Party", SupplierBills))
slots.panels.fill("payables.usual_coding", ("parties.Party", UsualCoding))
