"""The same figures a second time, out of the books: a bill with the lines of a tax case is posted and read back."""

from datetime import date
from decimal import Decimal

from django.db.models import Sum

from backoffice.core.rounding import ZERO, rounded
from backoffice.currencies import conversion
from backoffice.parties.models import Party
from finance.ledger import accounts
from finance.ledger.models import JournalLine
from finance.payables import approving, entering
from finance.payables.models import Bill, BillLine
from finance.tax.models import TaxCode, TaxGroupMember, TaxRate, TaxRow
from tests.fixtures_world import a_user, all_rights


def can_be_a_bill(adapter, lines, totals, rounding, digits):
    """A paper states its line amounts in the currency's smallest unit, and a bill comes to more than nothing."""
    if totals.gross <= 0 or digits != conversion.digits(adapter.company.currency):
        return False
    exact = all(line.amount == rounded(line.amount, digits) for line, _codes in lines)
    return (exact or rounding == "line") and all(abs(line.unit_price * 10**6) % 1 == 0 for line, _codes in lines)


def post_and_agree(adapter, lines, totals, on, rounding, digits):
    """Post a bill with these lines; the ledger must hold what the preview said, to the last unit.

    Raises `AssertionError` naming the first figure that differs.
    """
    if not can_be_a_bill(adapter, lines, totals, rounding, digits):
        return
    bill = posted(adapter, lines, on, rounding)
    books = figures(bill)
    wanted = {
        "net": totals.net,
        "tax": totals.tax,
        "total": totals.gross,
        "taxes": {row.key: (row.base, row.amount) for row in totals.taxes},
    }
    for name, value in wanted.items():
        assert books[name] == value, f"{name}: the books hold {books[name]}, the preview said {value}"


def posted(adapter, lines, on, rounding):
    """Enter, submit and approve a bill with these lines; its last approval posts it."""
    company, expense = adapter.company, adapter.account("expense")
    made = [
        BillLine(
            text="Line of the case",
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount=line.discount,
            account=expense,
            tax_code=_code(adapter, codes),
        )
        for line, codes in lines
    ]
    supplier = Party.objects.create(company=company, name="Supplier", country="DE", currency=company.currency)
    bill = Bill(
        company=company,
        party=supplier,
        reference="CASE-1",
        bill_date=on,
        tax_point=on,
        due_on=on,
        booked_on=on,
        currency=company.currency,
        tax_rounding=rounding,
    )
    entering.enter(bill, by=adapter.user, lines=made)
    approving.submit(bill, by=adapter.user)
    for approver in _approvers(adapter):
        if bill.state == Bill.State.SUBMITTED:
            approving.approve(bill, by=approver)
    bill.refresh_from_db()
    assert bill.state == Bill.State.POSTED, f"the bill was not posted: {bill.post_refusal}"
    return bill


def _approvers(adapter):
    if not hasattr(adapter, "approvers"):
        rights = all_rights("ledger", "tax", "payables", "workflow")
        adapter.approvers = [a_user(name, *rights, company=adapter.company) for name in ("Anna First", "Ben Second")]
    return adapter.approvers


def figures(bill):
    """Net, tax and total as the ledger holds them, and base and tax of each code as a return will read them."""
    rows = JournalLine.objects.filter(entry=bill.entry)

    def moved(account):
        sums = rows.filter(account=account).aggregate(debit=Sum("debit"), credit=Sum("credit"))
        return (sums["debit"] or ZERO) - (sums["credit"] or ZERO)

    return {
        "net": sum(
            (moved(account) for account in {line.account for line in bill.lines.select_related("account")}), ZERO
        ),
        "tax": moved(accounts.by_role(bill.company, "vat_in")),
        "total": -moved(accounts.by_role(bill.company, "ap")),
        "taxes": {
            row.tax_code_id: (row.base, row.tax)
            for row in TaxRow.objects.filter(entry=bill.entry)
            if row.tax_code.name != "None"
        },
    }


def _code(adapter, codes):
    """The one code that a bill line names: the tax itself, a group of several, or a rate of nothing."""
    if len(codes) == 1:
        return codes[0]
    name = " + ".join(code.name for code in codes) or "None"
    kind = TaxCode.Kind.GROUP if codes else TaxCode.Kind.PERCENT
    place = 500 + TaxCode.objects.filter(company=adapter.company).count()
    code, is_new = TaxCode.objects.get_or_create(
        company=adapter.company, name=name[:60], kind=kind, defaults={"code": f"G{place}", "place": place}
    )
    if is_new and codes:
        TaxGroupMember.objects.bulk_create(
            TaxGroupMember(group=code, member=member, place=number) for number, member in enumerate(codes)
        )
    elif is_new:
        TaxRate.objects.create(tax_code=code, on=date(1, 1, 1), rate=Decimal(0))
    return code
