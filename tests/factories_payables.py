"""Plain builders of bills."""

from datetime import date, timedelta
from decimal import Decimal

from backoffice.organisation.models import CostCentre
from backoffice.parties.models import Party
from finance.ledger.models import Account
from finance.payables import approving, entering
from finance.payables.models import Bill, BillLine
from finance.tax.models import TaxCode

TODAY = date(2026, 11, 23)


def account(company, code="7210"):
    return Account.objects.get(company=company, code=code)


def tax_code(company, code="S20"):
    return TaxCode.objects.get(company=company, code=code)


def a_cost_centre(company, code="HO"):
    return CostCentre.objects.get_or_create(company=company, code=code, defaults={"name": "Head office"})[0]


def a_line(company, *, text="Mailing boxes", quantity="1", price="100.00", account_code="7210", tax="S20", **more):
    """A line on an account that needs a cost centre, with one unless `cost_centre` says otherwise."""
    cost_centre = more.pop("cost_centre", None) if "cost_centre" in more else a_cost_centre(company)
    return BillLine(
        text=text,
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        account=account(company, account_code) if account_code else None,
        tax_code=tax_code(company, tax) if tax else None,
        cost_centre=cost_centre,
        **more,
    )


def a_bill(party: Party, *, by, lines=None, reference="NP-88213", on=date(2026, 11, 18), price="100.00", **fields):
    """A draft bill of one line (100.00 and VAT), entered through the verb."""
    values = {
        "currency": party.currency,
        "tax_point": on,
        "due_on": on + timedelta(days=30),
        "booked_on": on,
        **fields,
    }
    bill = Bill(company=party.company, party=party, reference=reference, bill_date=on, **values)
    return entering.enter(bill, by=by, lines=lines if lines is not None else [a_line(party.company, price=price)])


def a_submitted_bill(party: Party, *, by, **fields):
    return approving.submit(a_bill(party, by=by, **fields), by=by)


def a_posted_bill(party: Party, *, by, approvers, **fields):
    bill = a_submitted_bill(party, by=by, **fields)
    for approver in approvers:
        approving.approve(bill, by=approver)
    return bill
