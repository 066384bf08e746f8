"""Stock and its value: receipts, issues, counts and standard costs through the product's own verbs and queries."""

from datetime import date as day_of
from decimal import Decimal

from backoffice.core.rounding import ZERO
from inventory.catalogue.models import Category, Item, Unit
from inventory.stock import counting, issuing, receiving, returning, revaluing
from inventory.stock.models import (
    Bin,
    CountLine,
    GoodsIssue,
    GoodsReceipt,
    IssueLine,
    OnHand,
    Position,
    ReceiptLine,
    ReturnLine,
    StockCount,
    StockMove,
    SupplierReturn,
    Warehouse,
)
from tests.conformance.adapters.ledger_tax import LedgerAndTax
from tests.conformance.cases import Unsupported
from tests.conformance.running import called
from tests.fixtures_world import a_party, a_user, all_rights


class Stock(LedgerAndTax):
    """One warehouse with one bin; products are made on first use."""

    given_keys = LedgerAndTax.given_keys | {"product", "products", "allow_negative", "warehouse", "warehouses"}

    def prepare(self):
        super().prepare()
        rights = all_rights("ledger", "stock", "catalogue", "workflow")
        self.user = a_user("Stan Keeper", *rights, company=self.company)
        self.other = a_user("Ann Approver", *rights, company=self.company)
        negative = self.given.get("allow_negative", False)
        if not isinstance(negative, bool):
            raise Unsupported("given allow_negative")
        if "warehouses" in self.given or "warehouse" in self.given:
            raise Unsupported("given warehouses")
        house = Warehouse.objects.create(company=self.company, code="WH", name="Warehouse", allows_negative=negative)
        self.bin = Bin.objects.create(warehouse=house, code="A")
        self.vendor = a_party(self.company)
        self.unit = Unit.objects.update_or_create(code="C62", defaults={"digits": 6})[0]
        self.items, self.lines = {}, {}
        for name, facts in {"P": self.given.get("product"), **self.given.get("products", {})}.items():
            if facts is not None:
                called(self._product, {"name": name, **facts}, "given product")

    def _product(self, *, name, method="average", standard_cost="0", allow_negative=None, unit=None, digits=None):
        if method not in Category.Method.values:
            raise Unsupported(f"given product: method {method}, not offered")
        if unit is not None or digits is not None:
            raise Unsupported("given product: unit")
        if allow_negative is not None:
            self.bin.warehouse.allows_negative = bool(allow_negative)
            self.bin.warehouse.save()
        category = Category.objects.get_or_create(
            company=self.company, code=method, defaults={"name": method, "cost_method": method}
        )[0]
        self.items[name] = Item.objects.create(
            company=self.company,
            code=name,
            name=name,
            category=category,
            unit=self.unit,
            standard_cost=Decimal(standard_cost),
        )

    def item(self, name):
        if name not in self.items:
            self._product(name=name)
        return self.items[name]

    def traces(self):
        held = list(Position.objects.order_by("item").values_list("item", "quantity", "value"))
        return (super().traces(), StockMove.objects.count(), held)

    # operations

    def stock_receive(self, *, product, qty, unit_cost, date="2026-01-01", ref=None):
        receipt = GoodsReceipt.objects.create(
            warehouse=self.bin.warehouse, party=self.vendor, received_on=_day(date), **self._head()
        )
        line = ReceiptLine.objects.create(
            receipt=receipt,
            place=1,
            item=self.item(product),
            bin=self.bin,
            quantity=Decimal(qty),
            unit_cost=Decimal(unit_cost),
        )
        receiving.post(receipt, by=self.user)
        return self._made(ref, receipt, line, "value")

    def stock_issue(self, *, product, qty, date="2026-01-01", ref=None):
        issue = GoodsIssue.objects.create(
            warehouse=self.bin.warehouse, cost_centre=self.centre("Shop"), issued_on=_day(date), **self._head()
        )
        line = IssueLine.objects.create(
            issue=issue, place=1, item=self.item(product), bin=self.bin, quantity=Decimal(qty)
        )
        issuing.post(issue, by=self.user)
        return self._made(ref, issue, line, "value")

    def stock_return_to_supplier(self, *, receipt, qty, date="2026-01-01", ref=None):
        back = SupplierReturn.objects.create(
            warehouse=self.bin.warehouse, party=self.vendor, returned_on=_day(date), reason="Case", **self._head()
        )
        line = ReturnLine.objects.create(
            supplier_return=back, place=1, receipt_line=self.lines[receipt], bin=self.bin, quantity=Decimal(qty)
        )
        returning.post(back, by=self.user)
        return self._made(ref, back, line, "value")

    def stock_cancel(self, *, ref, date=None):
        """An issue is taken back; a receipt is put right as if nothing of it had come."""
        line, on = self.lines[ref], _day(date) if date else None
        if isinstance(line, IssueLine):
            issuing.take_back(GoodsIssue.objects.get(lines=line), by=self.user, reason="Case", on=on)
        elif isinstance(line, ReceiptLine):
            corrected(GoodsReceipt.objects.get(lines=line), by=self.user, on=on)
        else:
            raise Unsupported("stock.cancel of a return or a count")
        return {}

    def stock_count(self, *, product, counted, date="2026-01-01", ref=None):
        count = StockCount.objects.create(warehouse=self.bin.warehouse, counted_on=_day(date), **self._head())
        counting.begin(count, [(self.item(product), self.bin)], by=self.user)
        line = counting.write_down(count.lines.get(), Decimal(counted), by=self.user)
        counting.submit(count, by=self.user)
        counting.approve(count, by=self.other)
        return self._made(ref, count, line, "value")

    def product_set_standard_cost(self, *, product, cost, date="2026-01-01"):
        revaluing.set_standard_cost(self.item(product), Decimal(cost), on=_day(date), by=self.user)
        return {}

    # checks

    def check_stock_valuation(self, *, product):
        held = Position.objects.filter(item=self.item(product)).first()
        quantity, value = (held.quantity, held.value) if held else (ZERO, ZERO)
        each = value / quantity if quantity else ZERO
        return {"qty": quantity, "value": value, "unit_cost": round(each, 4)}

    def check_stock_on_hand(self, *, product):
        held = OnHand.objects.filter(item=self.item(product)).first()
        return {"qty": held.quantity if held else ZERO}

    def check_stock_cost_of(self, *, ref):
        line = self.lines[ref]
        line.refresh_from_db()
        quantity = line.quantity or 1
        return {"total": abs(line.value), "unit_cost": abs(line.value) / quantity}

    def check_stock_count_result(self, *, ref):
        line = CountLine.objects.get(pk=self.lines[ref].pk)
        return {"expected": line.booked, "difference": line.counted - line.booked, "cost_difference": line.value}

    def _head(self):
        return {"company": self.company, "entered_by": self.user, "changed_by": self.user}

    def _made(self, ref, document, line, _value):
        self.lines[ref] = line
        document.refresh_from_db()
        if document.entry_id:
            self.refs[ref] = document.entry_id
        return {"id": document.pk}


def corrected(receipt, *, by, on=None):
    """Put a receipt right: what is still there of it never came."""
    back = SupplierReturn.objects.create(
        company=receipt.company, warehouse=receipt.warehouse, party=receipt.party, returned_on=on or receipt.received_on,
        reason="Case", kind=SupplierReturn.Kind.CORRECTION, entered_by=by, changed_by=by,
    )  # fmt: skip
    for line in receipt.lines.order_by("place"):
        ReturnLine.objects.create(
            supplier_return=back,
            place=line.place,
            receipt_line=line,
            bin=line.bin,
            quantity=line.quantity - line.returned,
        )
    returning.post(back, by=by)


def _day(words):
    return day_of.fromisoformat(words)
