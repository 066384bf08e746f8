"""Counting in, counting through and sending back, made for a phone; the proof that stock is what the ledger says."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO
from backoffice.documents import keeping
from backoffice.ui.forms import new_key
from backoffice.ui.screen import Screen
from backoffice.ui.screens import FormScreen
from backoffice.ui.sending import once
from inventory.catalogue.scanning import find
from inventory.stock import counting, entering, queries, returning, scanning
from inventory.stock.forms import AcceptForm, CountedForm, ReturnForm
from inventory.stock.models import (
    Bin,
    CostEntry,
    CountLine,
    Expected,
    GoodsReceipt,
    ReturnLine,
    StockCount,
    StockMove,
    SupplierReturn,
)
from inventory.stock.panels import move_href
from inventory.stock.tables import plain


class ReceiveScreen(Screen):
    """Begin to receive the order of an expected line, or go on with it."""

    model = Expected
    permission = "stock.add_goodsreceipt"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.found(pk)
        receipt = entering.receive_order(
            row.origin_type_id, row.origin_id, company=row.company, on=timezone.localdate(), by=request.user
        )
        return redirect("stock:goodsreceipt_scan", pk=receipt.pk)


class ScanScreen(Screen):
    """The door: a field for the scanner, a card for each line to come, one button to receive."""

    model = GoodsReceipt
    permission = "stock.change_goodsreceipt"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(self.found(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        receipt = self.found(pk)
        try:
            once(request.user, request.POST.get("idempotency_key", ""), lambda: self.act(receipt))
        except Refused as reason:
            return self.page(GoodsReceipt.objects.get(pk=pk), refusal=str(reason), status=422)
        receipt.refresh_from_db()
        if receipt.state == GoodsReceipt.State.POSTED:
            messages.success(request, _("%(receipt)s is in stock.") % {"receipt": receipt})
            return redirect(receipt.get_absolute_url())
        # The form names its line for a refusal; a browser that is sent on to that place would focus nothing, and a
        # scanner types into what has the focus.
        return redirect(f"{request.path}#code")

    def act(self, receipt: GoodsReceipt) -> str:
        """What was sent: a scan, a counted line, or the whole receipt."""
        data, user = self.request.POST, self.request.user
        if data.get("act") == "post":
            if note := data.get("delivery_note", "").strip():
                receipt.delivery_note = note[:60]
                keeping.change(receipt, by=user, version=receipt.version)
            GoodsReceipt.flow.perform(GoodsReceipt.objects.get(pk=receipt.pk), "post", by=user)
        elif data.get("act") == "line":
            self.count_line(receipt)
        elif code := data.get("code", "").strip():
            line = scanning.scan(receipt, code, by=user)
            words = {"item": line.item, "quantity": plain(line.quantity)}
            messages.success(self.request, _("%(item)s: %(quantity)s accepted.") % words)
        return self.request.path

    def count_line(self, receipt: GoodsReceipt) -> None:
        row = Expected.objects.filter(pk=self.request.POST.get("expected", "0"), company=receipt.company_id).first()
        if row is None:
            raise Http404
        form = AcceptForm(self.request.POST, user=self.request.user, company=receipt.company)
        form.fields["bin"].queryset = Bin.objects.filter(warehouse=receipt.warehouse_id)  # type: ignore[attr-defined]
        if not form.is_valid():
            raise Refused(" ".join(str(e) for errors in form.errors.values() for e in errors), code="invalid")
        values = form.cleaned_data
        scanning.count(
            receipt,
            row,
            values["accepted"] or ZERO,
            rejected=values["rejected"] or ZERO,
            reason=values["reason"],
            bin=values["bin"],
            by=self.request.user,
        )

    def page(self, receipt: GoodsReceipt, *, refusal: str = "", status: int = 200) -> HttpResponse:
        if receipt.state != GoodsReceipt.State.DRAFT:
            return redirect(receipt.get_absolute_url())
        bins = list(Bin.objects.filter(warehouse=receipt.warehouse_id, is_active=True).order_by("code"))
        rows = scanning.to_come(receipt, self.request.user)
        counted = [line for _row, line in rows if line is not None]
        sent = self.request.POST
        typed = {sent.get("expected", ""): sent} if refusal and sent.get("act") == "line" else {}
        context = {
            "receipt": receipt,
            "title": receipt.party.name,
            "crumbs": self.where(self.list_crumb(), (_("Count in"), "")),
            "cards": [_card(row, line, typed.get(str(row.pk)), refusal) for row, line in rows],
            "bins": bins,
            "reasons": AcceptForm.base_fields["reason"].choices,  # type: ignore[attr-defined]
            "n": len(counted),
            "idempotency_key": new_key(),
            "refusal": "" if typed else refusal,
            "path": self.request.path,
        }
        return render(self.request, "inventory/stock/scan.html", context, status=status)


def _card(row: Expected, line: Any, typed: Any, refusal: str) -> dict[str, Any]:
    """A line to come and what was counted of it; what was typed and refused stays in its place, with the reason."""
    card = {
        "row": row,
        "line": line,
        "to_come": plain(row.quantity - row.received),
        "accepted": plain(line.quantity) if line else "",
        "rejected": plain(line.rejected) if line and line.rejected else "",
        "reason": line.reason if line else "",
        "bin": str(line.bin_id or "") if line else "",
        "is_stock": row.item is not None and row.item.kind == "stock",
        "code": row.item.code if row.item else "",
        "unit": row.item.unit.name if row.item else "",
    }
    if typed is None:
        return card
    return (
        card | {name: typed.get(name, "") for name in ("accepted", "rejected", "reason", "bin")} | {"refusal": refusal}
    )


def today_as(name: str) -> Callable[[HttpRequest], dict[str, Any]]:
    """A new document is dated today, as its maker sees before saving."""
    return lambda request: {name: timezone.localdate()}


class CountNewScreen(FormScreen):
    """A new count: everything that lies in the warehouse is put on its list."""

    def result(self, made: Any) -> str:
        return reverse("stock:stockcount_count", args=[made.pk])


def count_stored(count: StockCount, lines: Any, removed: Any, *, by: Any) -> StockCount:
    """Save the head of a count, and when it is new its list."""
    is_new = count.pk is None
    entering.stored(count, [], [], by=by)
    if is_new:
        counting.list_all(count, category=getattr(count, "only_category", None), by=by)
    return count


class CountScreen(Screen):
    """Counting through a list, blind: a field for the scanner and a card for each line."""

    model = StockCount
    permission = "stock.change_stockcount"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(self.found(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        count = self.found(pk)
        try:
            where = once(request.user, request.POST.get("idempotency_key", ""), lambda: self.act(count))
        except Refused as reason:
            return self.page(count, refusal=str(reason), status=422)
        return redirect(where)

    def act(self, count: StockCount) -> str:
        """What was sent: a counted line, a scan that finds its line, or the whole count."""
        data, user = self.request.POST, self.request.user
        if denied := authority.only.refusal(user, "stock.change_stockcount", count):
            raise denied
        if data.get("act") == "submit":
            StockCount.flow.perform(StockCount.objects.get(pk=count.pk), "submit", by=user)
            return count.get_absolute_url()
        if data.get("act") == "line":
            line = count.lines.select_related("count").filter(pk=data.get("line", "0")).first()
            if line is None:
                raise Http404
            form = CountedForm(data, user=user, company=count.company)
            if not form.is_valid():
                raise Refused(" ".join(str(e) for errors in form.errors.values() for e in errors), code="invalid")
            values = form.cleaned_data
            counting.write_down(line, values["counted"], reason=values["reason"], by=user)
            return self.onward(count, line)
        return self.found_by_code(count, data.get("code", ""))

    def found_by_code(self, count: StockCount, code: str) -> str:
        item = find(count.company, code).item
        line = count.lines.filter(item=item).order_by("counted", "place").first()
        if line is None:
            raise Refused(_("%(item)s is not on this list.") % {"item": item}, code="unexpected")
        return f"{self.request.path}?line={line.pk}&scanned=1"

    def onward(self, count: StockCount, line: CountLine) -> str:
        """After a scanned line the next scan; after one that was chosen by hand the next on the list."""
        left = count.lines.filter(counted=None)
        after = left.filter(place__gt=line.place).order_by("place").first() or left.order_by("place").first()
        if self.request.POST.get("scanned") or after is None:
            return self.request.path
        return f"{self.request.path}?line={after.pk}"

    def page(self, count: StockCount, *, refusal: str = "", status: int = 200) -> HttpResponse:
        if count.state != StockCount.State.COUNTING:
            return redirect(count.get_absolute_url())
        lines = list(count.lines.select_related("item__unit", "bin").order_by("place"))
        done = sum(1 for line in lines if line.counted is not None)
        sent = self.request.POST
        typed = {sent.get("line", ""): sent} if refusal and sent.get("act") == "line" else {}
        context = {
            "count": count,
            "title": count.text or str(count.warehouse),
            "crumbs": self.where(self.list_crumb(), (_("Count"), "")),
            "lines": [_counted(line, typed.get(str(line.pk)), refusal) for line in lines],
            "focus": sent.get("line", "") if typed else self.request.GET.get("line", ""),
            "scanned": "scanned" in self.request.GET,
            "reasons": [("", "—"), *CountLine.Reason.choices],
            "done": done,
            "n": len(lines),
            "idempotency_key": new_key(),
            "refusal": "" if typed else refusal,
            "path": self.request.path,
        }
        return render(self.request, "inventory/stock/count.html", context, status=status)


def _counted(line: CountLine, typed: Any, refusal: str) -> dict[str, Any]:
    """A line of the list; what was typed and refused stays in its place, with the reason."""
    if typed is not None:
        return {
            "line": line,
            "counted": typed.get("counted", ""),
            "reason": typed.get("reason", ""),
            "refusal": refusal,
        }
    return {"line": line, "counted": plain(line.counted), "reason": line.reason, "done": line.counted is not None}


class ReturnScreen(Screen):
    """Send back some of what a receipt brought: quantities, a day and the reason, posted at once."""

    model = GoodsReceipt
    permission = "stock.add_supplierreturn"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(self.found(pk), ReturnForm(initial={"on": timezone.localdate()}, user=request.user))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        receipt = self.found(pk)
        form = ReturnForm(request.POST, user=request.user, company=receipt.company)
        if not form.is_valid():
            return self.page(receipt, form, status=422)
        try:
            where = once(request.user, request.POST.get("idempotency_key", ""), lambda: self.send(receipt, form))
        except Refused as reason:
            return self.page(receipt, form, refusal=str(reason), status=422)
        return redirect(where)

    @transaction.atomic
    def send(self, receipt: GoodsReceipt, form: ReturnForm) -> str:
        """Enter the return with its lines and post it."""
        back = SupplierReturn(
            company=receipt.company,
            warehouse=receipt.warehouse,
            party=receipt.party,
            returned_on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
        )
        lines = []
        for line in receipt.lines.select_related("bin"):
            wanted = self.request.POST.get(f"quantity-{line.pk}", "").replace(",", "").strip()
            if wanted:
                try:
                    quantity = Decimal(wanted)
                except ArithmeticError as error:
                    raise Refused(_("“%s” is no quantity.") % wanted, code="invalid") from error
                if quantity:
                    lines.append(ReturnLine(receipt_line=line, bin=line.bin, quantity=quantity))
        if not lines:
            raise Refused(_("Say how much goes back."), code="empty")
        keeping.enter(back, by=self.request.user, lines=lines)
        returning.post(SupplierReturn.objects.get(pk=back.pk), by=self.request.user)
        return back.get_absolute_url()

    def page(self, receipt: GoodsReceipt, form: ReturnForm, *, refusal: str = "", status: int = 200) -> HttpResponse:
        if receipt.state != GoodsReceipt.State.POSTED:
            raise Refused(_("Only what was received can be sent back."), code="state")
        rows = [
            (line, plain(line.quantity - line.returned), self.request.POST.get(f"quantity-{line.pk}", ""))
            for line in receipt.lines.select_related("item", "bin")
            if line.bin_id and line.quantity > line.returned
        ]
        context = {
            "receipt": receipt,
            "title": _("Send back to %s") % receipt.party,
            "crumbs": self.where(self.list_crumb(), (str(receipt), receipt.get_absolute_url()), (_("Send back"), "")),
            "form": form,
            "rows": rows,
            "idempotency_key": new_key(),
            "refusal": refusal,
            "path": self.request.path,
            "back_href": receipt.get_absolute_url(),
        }
        return render(self.request, "inventory/stock/return.html", context, status=status)


class MoveScreen(Screen):
    """A move has no page of its own: it leads to the document that moved it."""

    model = StockMove

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return redirect(move_href(self.found(pk)) or "stock:stockmove_list")


class ValueScreen(Screen):
    """Each stock account beside what explains it, now: the difference is nought, or it is named."""

    title = "Stock value"
    permission = "stock.view_costentry"

    def get(self, request: HttpRequest) -> HttpResponse:
        company = request.company  # type: ignore[attr-defined]
        if company is None or authority.only.refusal(request.user, self.permission, CostEntry(company=company)):
            raise PermissionDenied
        rows = queries.proof(company)
        context = {
            "title": _("Stock value"),
            "crumbs": [(_("Stock value"), "")],
            "rows": rows,
            "explained": sum((row.explained for row in rows), ZERO),
            "booked": sum((row.booked for row in rows), ZERO),
            "is_right": all(not row.difference for row in rows),
            "dearest": [(held, plain(held.quantity)) for held in queries.dearest(company)],
            "company": company,
            "at": timezone.localtime(),
        }
        return render(request, "inventory/stock/value.html", context)
