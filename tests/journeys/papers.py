"""The electronic invoices that suppliers send in the journeys: written by the product's own writer."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from backoffice.parties.models import Party
from finance.payables import totalling
from finance.payables.models import Bill, BillLine
from finance.payables.papers import paper_of
from finance.tax.models import TaxCode

SAMPLES = Path(__file__).parents[3] / "shared" / "standards" / "en16931-samples"


def an_invoice(company, party, reference, *rows, on=date(2026, 11, 20)):
    """The file of an invoice with these (text, quantity, price) at the standard rate."""
    lines = [
        BillLine(text=text, quantity=Decimal(quantity), unit_price=Decimal(price)) for text, quantity, price in rows
    ]
    return an_invoice_of(company, party, reference, lines, on=on)


def an_invoice_of(company, party, reference, lines, *, on, order=""):
    """The file of an invoice with these lines at the standard rate; it may name our order."""
    bill = Bill(
        company=company,
        party=party,
        reference=reference,
        order_reference=order,
        bill_date=on,
        tax_point=on,
        booked_on=on,
        due_on=on + timedelta(days=30),
        currency="GBP",
        rate=Decimal(1),
    )
    code = TaxCode.objects.get(company=company, code="S20")
    for place, line in enumerate(lines, start=1):
        line.place, line.tax_code = place, code
    sums = totalling.of(bill, lines, 2)
    for line, result in zip(lines, sums.computed.lines, strict=True):
        line.net = result.net
    bill.net, bill.tax, bill.total = sums.net, sums.tax, sums.total
    return paper_of(bill, lines)


def a_newcomer():
    """A supplier that the company has never dealt with."""
    return Party(name="Wetherby Looms Ltd", street="4 Mill Lane", city="Wetherby", postcode="LS22 6RG", country="GB")


def samples():
    """The public samples of EN 16931, each a case; skipped by name where they are not at hand."""
    names = ["BIS3_Invoice_positive.xml", "ubl-tc434-example4.xml", "ubl-tc434-example6.xml", "ubl-tc434-example9.xml"]
    missing = pytest.mark.skip(reason="the sample is not beside this checkout")
    return [pytest.param(SAMPLES / n, id=n, marks=[] if (SAMPLES / n).exists() else [missing]) for n in names]


def as_upload(name, content):
    return {"name": name, "mimeType": "application/xml", "buffer": content}
