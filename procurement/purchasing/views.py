"""The buyer's work list, where wishes become orders, and the paper of an order."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backoffice.core.errors import Refused
from backoffice.ui.forms import new_key
from backoffice.ui.reading import Unreadable, read_amount
from backoffice.ui.screen import Screen
from backoffice.ui.sending import once
from finance.payables.wording import plain
from procurement.purchasing import covering, ordering, printing
from procurement.purchasing.models import PurchaseOrder, RequisitionLine
from procurement.purchasing.ordering import Portion
from procurement.suppliers import prices
from procurement.suppliers.models import Supplier

SHOWN = 200  # lines at once; more are found by ordering these first


class ToOrderScreen(Screen):
    """What waits for a buyer, with the supplier and price that are proposed; one order for each chosen supplier."""

    model = PurchaseOrder
    permission = "purchasing.add_purchaseorder"
    title = gettext_lazy("To order")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        made: list[PurchaseOrder] = []

        def work() -> str:
            made.extend(self.order())
            return made[0].get_absolute_url() if len(made) == 1 else request.path

        try:
            location = once(request.user, request.POST.get("idempotency_key", ""), work)
        except Refused as reason:
            return self.page(refusal=str(reason), status=422)
        if made:
            words = ngettext("%s order is drafted.", "%s orders are drafted.", len(made)) % len(made)
            messages.success(request, words)
        return redirect(location)

    @transaction.atomic
    def order(self) -> list[PurchaseOrder]:
        """Draft one order for each supplier that lines were given to."""
        data, by_supplier = self.request.POST, {}  # type: ignore[var-annotated]
        for key in data.getlist("line"):
            if not key.isdigit():
                raise Refused(_("Choose lines that are left to order."), code="line")
            supplier = data.get(f"supplier-{key}", "")
            if not supplier.isdigit():
                raise Refused(_("Choose a supplier for every line that is ordered."), code="supplier")
            by_supplier.setdefault(int(supplier), []).append(Portion(int(key), self.quantity(key)))
        if not by_supplier:
            raise Refused(_("Choose at least one line."), code="line")
        suppliers = (
            Supplier.objects.visible_to(self.request.user).select_related("party", "company").in_bulk(by_supplier)
        )
        if len(suppliers) != len(by_supplier):
            raise Http404
        keys = {portion.line_id for portions in by_supplier.values() for portion in portions}
        covering.demand_to_order(keys, self.request.user)
        return [
            ordering.order_from(portions, supplier=suppliers[key], by=self.request.user)
            for key, portions in sorted(by_supplier.items())
        ]

    def quantity(self, key: str) -> Decimal | None:
        """How much of a line; all of it when nothing is said."""
        typed = self.request.POST.get(f"quantity-{key}", "").strip()
        try:
            return read_amount(typed, digits=None) if typed else None
        except Unreadable as error:
            raise Refused(str(error), code="quantity") from error

    def page(self, *, refusal: str = "", status: int = 200) -> HttpResponse:
        user, company = self.request.user, self.request.company  # type: ignore[attr-defined]
        lines = covering.to_order(user)
        if company is not None:
            lines = lines.filter(requisition__company=company)
        names = ("requisition__requester", "requisition__company", "item__unit", "unit", "category", "supplier__party")
        found = list(lines.select_related(*names).order_by("requisition__needed_on", "pk")[:SHOWN])
        offered = prices.offers([line.item_id for line in found if line.item_id], on=timezone.localdate())
        chosen = set(self.request.POST.getlist("line"))
        context = {
            "title": self.heading(),
            "crumbs": self.where((self.heading(), "")),
            "rows": [self.row(line, offered.get(line.item_id or 0, []), chosen) for line in found],
            "suppliers": list(self.suppliers(company)),
            "idempotency_key": new_key(),
            "refusal": refusal,
            "path": self.request.path,
        }
        return render(self.request, "procurement/purchasing/to_order.html", context, status=status)

    def suppliers(self, company: Any) -> Any:
        rows = Supplier.objects.visible_to(self.request.user).filter(state=Supplier.State.APPROVED)
        rows = rows.filter(company=company) if company is not None else rows
        return rows.select_related("party").order_by("party__name", "pk")

    def row(self, line: RequisitionLine, offers: list[Any], chosen: set[str]) -> dict[str, Any]:
        """A line with what is proposed for it: the wished supplier, else the cheapest."""
        wished = next((offer for offer in offers if offer.supplier_id == line.supplier_id), None)
        best = wished or (offers[0] if offers and line.supplier_id is None else None)
        supplier = line.supplier_id or (best.supplier_id if best else None)
        typed = self.request.POST.get(f"supplier-{line.pk}", "")
        return {
            "line": line,
            "open": plain(line.open),  # type: ignore[attr-defined]
            "typed": self.request.POST.get(f"quantity-{line.pk}", "") or plain(line.open).replace(",", ""),  # type: ignore[attr-defined]
            "unit": line.unit or (line.item.unit if line.item else ""),
            "supplier": int(typed) if typed.isdigit() else supplier,
            "price": f"{best.currency} {plain(best.price, 2)}" if best else "",
            "per": str(best.unit) if best and best.unit else "",
            "chosen": str(line.pk) in chosen,
        }


class PaperScreen(Screen):
    """The order as the supplier gets it; a draft says so by having no number."""

    model = PurchaseOrder

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        order = self.found(pk)
        name = order.number or f"draft-{order.pk}"
        headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
        return HttpResponse(printing.pdf(order), content_type="application/pdf", headers=headers)
