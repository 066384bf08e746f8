"""Purchasing through the product's own verbs: requisitions, orders, receipts, bills, and how far each has come.

Goods are billed as they are received, or in advance as they were ordered: such an order gets its draft bill at once.
"""

from datetime import timedelta
from decimal import Decimal

from backoffice.core.rounding import ZERO
from backoffice.organisation.models import Department
from finance.ledger import accounts, posting, settling
from finance.ledger.models import OpenItem
from finance.payables import approving as bill_approving
from finance.payables import booking, entering
from finance.payables.models import Bill, BillLine
from finance.tax.models import TaxCode
from inventory.catalogue.models import Item
from inventory.stock import receiving, returning
from inventory.stock.models import Expected, GoodsReceipt, ReceiptLine, ReturnLine, SupplierReturn
from procurement.purchasing import approving, billing, closing, ordering, progress, requesting, sending, standing
from procurement.purchasing.models import OrderLine, PurchaseOrder, Requisition
from procurement.purchasing.ordering import Portion
from procurement.purchasing.requesting import Need
from procurement.suppliers.models import BilledOn, Supplier
from tests.conformance.adapters.bills import _code
from tests.conformance.adapters.stock import Stock, _day, corrected
from tests.conformance.cases import Unsupported
from tests.conformance.running import called
from tests.fixtures_world import a_party, a_user, all_rights

APPS = (
    "ledger", "stock", "catalogue", "workflow", "suppliers", "purchasing", "payables", "tax", "organisation", "parties"
)  # fmt: skip


class Purchasing(Stock):
    """A buyer, an approver and a storekeeper of one company; suppliers are approved on first use."""

    def prepare(self):
        super().prepare()
        names = ("Bo Buyer", "Al Approver", "Ki Keeper", "Ro Requester", "Ed Enterer")
        people = [a_user(name, *all_rights(*APPS), company=self.company) for name in names]
        self.buyer, self.approver, self.keeper, self.requester, self.enterer = people
        self.department = Department.objects.create(company=self.company, code="D", name="Department")
        self.orders, self.wishes, self.receipts, self.bills, self.keys = {}, {}, {}, {}, {}

    def traces(self):
        return (super().traces(), Requisition.objects.count(), PurchaseOrder.objects.count(), Bill.objects.count())

    def supplier(self, name):
        found = Supplier.objects.filter(company=self.company, party__name=name).first()
        if found is not None:
            return found
        party = a_party(self.company, name, currency=self.company.currency, email="orders@supplier.example")
        who = {"entered_by": self.buyer, "changed_by": self.buyer}
        return Supplier.objects.create(company=self.company, party=party, state="approved", **who)

    def service(self):
        made, _new = Item.objects.get_or_create(
            company=self.company,
            code="SERVICE",
            defaults={
                "name": "Service",
                "unit": self.unit,
                "kind": Item.Kind.SERVICE,
                "category": self.item("P").category,
                "account": self.account("expense"),
            },
        )
        return made

    # requisitions

    def requisition_create(self, *, ref, lines, requester=None, date=None):
        needs = [called(self._need, line, "requisition line") for line in lines]
        self.wishes[ref] = self._request(needs)
        return {"id": self.wishes[ref].pk}

    def _need(self, *, product=None, description="", qty="0", unit_price=None, supplier=None):
        return Need(
            Decimal(qty),
            item=self.item(product) if product else None,
            text=description,
            price=None if unit_price is None else Decimal(unit_price),
            supplier=self.supplier(supplier) if supplier else None,
        )

    def _request(self, needs, *, submit=False):
        return requesting.request(
            self.company,
            needs,
            requester=self.requester,
            by=self.requester,
            department=self.department,
            purpose="Case",
            needed_on=_day("2026-01-31"),
            submit=submit,
        )

    def requisition_approve(self, *, ref):
        wish = Requisition.objects.get(pk=self.wishes[ref].pk)
        if wish.state == Requisition.State.DRAFT:
            requesting.submit(wish, by=self.requester)
        requesting.approve(wish, by=self.approver)
        return {}

    def purchase_request(self, *, ref, product, qty):
        self.wishes[ref] = self._request([Need(Decimal(qty), self.item(product))], submit=True)
        return self.requisition_approve(ref=ref)

    def purchase_order_from_requests(self, *, ref, requests, supplier):
        portions = [Portion(line.pk) for name in requests for line in self.wishes[name].lines.all()]
        self.orders[ref] = ordering.order_from(portions, supplier=self.supplier(supplier), by=self.buyer)
        return {"id": self.orders[ref].pk}

    # orders

    def purchase_order(self, *, ref, supplier, date, lines, bill_on="receipt", state="confirmed"):
        if state not in ("draft", "confirmed"):
            raise Unsupported(f"purchase.order: state {state}")
        made = [called(self._line, line, "order line") for line in lines]
        if bill_on not in BilledOn.values:
            raise Unsupported(f"purchase.order: bill_on {bill_on}")
        order = PurchaseOrder(
            company=self.company,
            supplier=self.supplier(supplier),
            ordered_on=_day(date),
            needed_on=_day(date) + timedelta(days=7),
            warehouse=self.bin.warehouse,
            currency=self.company.currency,
            billed_on=bill_on,
        )
        ordering.enter(order, by=self.buyer, lines=made)
        self.orders[ref] = order
        self.keys[ref] = {line["key"]: place for place, line in enumerate(lines, 1) if "key" in line}
        return {"id": order.pk} if state == "draft" else self.purchase_confirm(order=ref)

    def purchase_confirm(self, *, order):
        """From the draft to the supplier: submitted, approved by another, sent."""
        found = approving.submit(PurchaseOrder.objects.get(pk=self.orders[order].pk), by=self.buyer)
        found = approving.approve(found, by=self.approver)
        self.orders[order] = sending.send(found, by=self.buyer)
        if found.billed_on == BilledOn.ORDER:
            billing.draft(self.orders[order], by=self.enterer, reference=order, on=found.ordered_on)
        return {"id": found.pk}

    def _line(self, *, product=None, service=False, qty, unit_price, taxes=(), key=None):
        codes = [self.taxes[name] for name in taxes]
        return OrderLine(
            item=self.service() if service else self.item(product),
            quantity=Decimal(qty),
            price=Decimal(unit_price),
            tax_code=_code(self, codes) if codes else None,
        )

    def purchase_receive(self, *, order, date, lines=None, ref=None):
        rows = Expected.objects.filter(origin_id=self.orders[order].pk, is_cancelled=False).order_by("place")
        receipt = GoodsReceipt.objects.create(
            company=self.company,
            warehouse=self.bin.warehouse,
            party=self.orders[order].supplier.party,
            received_on=_day(date),
            entered_by=self.keeper,
            changed_by=self.keeper,
        )
        shares = self._shares(order, lines, [(row, row.quantity - row.received) for row in rows])
        for place, (row, quantity) in enumerate(shares, 1):
            if quantity > 0:
                ReceiptLine.objects.create(
                    receipt=receipt, place=place, expected=row, item=row.item, quantity=quantity,
                    unit_cost=row.unit_cost, bin=self.bin,
                )  # fmt: skip
        self.refs[ref] = receiving.post(receipt, by=self.keeper).entry_id
        self.receipts[ref] = receipt
        return {"id": receipt.pk}

    def purchase_cancel_receipt(self, *, receipt, date=None):
        corrected(self.receipts[receipt], by=self.keeper, on=_day(date) if date else None)
        return {}

    def _shares(self, order, lines, rows):
        """How much of each row, which knows its item and place, by the names of products or the keys of lines."""
        if lines is None:
            return rows
        left, named, shares = {name: Decimal(qty) for name, qty in lines.items()}, self.keys.get(order, {}), []
        for row, most in rows:
            key = next((key for key, place in named.items() if place == row.place), None)
            name = key if key in left else row.item.code
            quantity = min(left.get(name, ZERO), most)
            left[name] = left.get(name, ZERO) - quantity
            shares.append((row, quantity))
        if any(value > 0 for value in left.values()):
            raise Unsupported("purchasing: more than is left of the order")
        return shares

    def purchase_return_ship(self, *, order, date, lines=None, ref=None):
        """Goods that came with the order go back, the last receipt first."""
        came = ReceiptLine.objects.filter(expected__origin_id=self.orders[order].pk, receipt__state="posted")
        back = SupplierReturn.objects.create(
            company=self.company, warehouse=self.bin.warehouse, party=self.orders[order].supplier.party,
            returned_on=_day(date), reason="Case", entered_by=self.keeper, changed_by=self.keeper,
        )  # fmt: skip
        rows = [(line.expected, line.quantity - line.returned) for line in came.order_by("-pk")]
        shares = self._shares(order, lines, rows)
        for place, (line, (_row, quantity)) in enumerate(zip(came.order_by("-pk"), shares, strict=True), 1):
            if quantity > 0:
                ReturnLine.objects.create(
                    supplier_return=back, place=place, receipt_line=line, bin=self.bin, quantity=quantity
                )
        self.refs[ref] = returning.post(back, by=self.keeper).entry_id
        return {"id": back.pk}

    def purchase_bill(self, *, order, date, ref, lines=None, unit_price=None):
        name, order = order, self.orders[order]
        found = standing.of(order.lines.values_list("pk", flat=True)).values()
        shares = self._shares(name, lines, [(done.line, done.billable) for done in found])
        rows = [
            BillLine(
                text=line.words,
                order_place=str(line.place),
                quantity=quantity,
                unit_price=line.price if unit_price is None else Decimal(unit_price),
                account=line.account or self.account("expense"),
                tax_code=line.tax_code or self._untaxed(),
            )
            for line, quantity in shares
            if quantity
        ]
        day = _day(date)
        bill = Bill(
            company=self.company, party=order.supplier.party, reference=ref, bill_date=day, tax_point=day, due_on=day,
            booked_on=day, currency=order.currency, order_reference=order.number,
        )  # fmt: skip
        entering.enter(bill, by=self.enterer, lines=rows)
        bill = bill_approving.submit(Bill.objects.get(pk=bill.pk), by=self.enterer)
        if bill.state == Bill.State.SUBMITTED:
            bill_approving.approve(bill, by=self.approver)
        self.bills[ref] = Bill.objects.get(pk=bill.pk)
        self.refs[ref] = self.bills[ref].entry_id
        return {"id": bill.pk}

    def purchase_cancel_bill(self, *, bill, date=None):
        """A posted bill is taken back by its mirror."""
        booking.reverse(
            self.bills[bill], by=self.approver, on=_day(date) if date else self.bills[bill].booked_on, reason="Case"
        )
        return {}

    def _untaxed(self):
        return (
            TaxCode.objects.filter(company=self.company).order_by("pk").first()
            if self.given.get("taxes")
            else _code(self, [])
        )

    def invoice_pay(self, *, invoice, date, amount):
        bill, day = self.bills[invoice], _day(date)
        owed, bank = accounts.by_role(self.company, "ap"), accounts.by_role(self.company, "bank")
        lines = [posting.debit(owed, Decimal(amount), party=bill.party), posting.credit(bank, Decimal(amount))]
        paid = posting.write_now(self.company, posting.Posting(on=day, lines=lines, text="Paid"), by=self.user)
        debit = OpenItem.objects.get(line__entry=paid)
        credit = OpenItem.objects.get(line__entry=bill.entry_id)
        settling.allocate(debit, credit, Decimal(amount), on=day, by=self.user)
        return {}

    def purchase_cancel(self, *, order):
        closing.cancel(PurchaseOrder.objects.get(pk=self.orders[order].pk), by=self.buyer)
        return {}

    # checks

    def check_requisition_get(self, *, ref):
        wish = Requisition.objects.get(pk=self.wishes[ref].pk)
        return {"total": wish.total, "state": wish.state}

    def check_purchase_request_get(self, *, ref):
        state = Requisition.objects.get(pk=self.wishes[ref].pk).state
        return {"state": {"approved": "draft", "ordered": "purchased", "closed": "done"}.get(state, state)}

    def check_purchase_get(self, *, ref):
        order = progress.with_progress(PurchaseOrder.objects.filter(pk=self.orders[ref].pk)).get()
        done = list(standing.of(order.lines.values_list("pk", flat=True)).values())
        return {
            "untaxed": order.net,
            "tax": order.tax,
            "total": order.total,
            "lines": len(done),
            "bills": standing.bills_of(order).count(),
            "qty": sum((each.line.live for each in done), ZERO),
            "received": sum((each.received for each in done), ZERO),
            "to_receive": sum((each.line.live - each.received for each in done if each.is_received), ZERO),
            "billed": sum((each.billed for each in done), ZERO),
            "to_bill": sum((each.billable for each in done), ZERO),
            "state": self._state(order),
        }

    def _state(self, order):
        """What another product calls done: all came, all is billed, and the bills are paid."""
        if order.state != PurchaseOrder.State.SENT:
            return {"draft": "draft", "cancelled": "cancelled"}.get(order.state, order.state)
        entries = [bill.entry_id for bill in standing.bills_of(order)]
        is_owed = OpenItem.objects.filter(line__entry__in=entries).exclude(rest=0).exists()
        return "processing" if order.awaits or order.unbilled or is_owed else "done"
