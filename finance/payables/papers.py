"""Writing a bill as an electronic invoice (UBL 2.1, Peppol BIS Billing 3): the papers of the sample and of tests."""

from collections.abc import Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

from finance.payables.models import Bill, BillLine

PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
NAMESPACES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)


def paper_of(bill: Bill, lines: Sequence[BillLine]) -> bytes:
    """The bill as its supplier would have sent it, one VAT category for all lines."""
    code = lines[0].tax_code
    assert code is not None
    rate = Decimal(0) if code.is_reverse_charge else code.rates.all()[0].rate
    kind = "CreditNote" if bill.kind == Bill.Kind.CREDIT_NOTE else "Invoice"
    type_code = 381 if kind == "CreditNote" else 380
    root = f"urn:oasis:names:specification:ubl:schema:xsd:{kind}-2"
    due = f"<cbc:DueDate>{bill.due_on}</cbc:DueDate>" if kind == "Invoice" else ""
    parts = [
        f'<?xml version="1.0" encoding="UTF-8"?><{kind} xmlns="{root}" {NAMESPACES}>',
        f"<cbc:CustomizationID>{PEPPOL}</cbc:CustomizationID><cbc:ProfileID>{PROFILE}</cbc:ProfileID>",
        f"<cbc:ID>{escape(bill.reference)}</cbc:ID><cbc:IssueDate>{bill.bill_date}</cbc:IssueDate>{due}",
        f"<cbc:{kind}TypeCode>{type_code}</cbc:{kind}TypeCode>",
        f"<cbc:DocumentCurrencyCode>{bill.currency}</cbc:DocumentCurrencyCode>",
        _order(bill),
        _party("AccountingSupplierParty", bill.party),
        _party("AccountingCustomerParty", bill.company),
        _tax(bill, code.category, rate),
        _totals(bill),
        *(_line(kind, line, bill.currency, code.category, rate) for line in lines),
        f"</{kind}>",
    ]
    return "".join(parts).encode()


def _order(bill: Bill) -> str:
    if not bill.order_reference:
        return ""
    return f"<cac:OrderReference><cbc:ID>{escape(bill.order_reference)}</cbc:ID></cac:OrderReference>"


def _party(role: str, party: object) -> str:
    get = lambda name: escape(str(getattr(party, name, "") or ""))  # noqa: E731
    tax = (
        f"<cac:PartyTaxScheme><cbc:CompanyID>{get('vat_number')}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
        "</cac:PartyTaxScheme>"
        if get("vat_number")
        else ""
    )
    return (
        f"<cac:{role}><cac:Party><cac:PartyName><cbc:Name>{get('name')}</cbc:Name></cac:PartyName><cac:PostalAddress>"
        f"<cbc:StreetName>{get('street')}</cbc:StreetName><cbc:CityName>{get('city')}</cbc:CityName>"
        f"<cbc:PostalZone>{get('postcode')}</cbc:PostalZone><cac:Country><cbc:IdentificationCode>{get('country')}"
        f"</cbc:IdentificationCode></cac:Country></cac:PostalAddress>{tax}<cac:PartyLegalEntity><cbc:RegistrationName>"
        f"{get('name')}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:{role}>"
    )


def _category(name: str, category: str, rate: Decimal) -> str:
    return (
        f"<cac:{name}><cbc:ID>{category}</cbc:ID><cbc:Percent>{rate.normalize():f}</cbc:Percent>"
        f"<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:{name}>"
    )


def _tax(bill: Bill, category: str, rate: Decimal) -> str:
    amount = f'<cbc:TaxAmount currencyID="{bill.currency}">{bill.tax:.2f}</cbc:TaxAmount>'
    base = f'<cbc:TaxableAmount currencyID="{bill.currency}">{bill.net:.2f}</cbc:TaxableAmount>'
    return f"<cac:TaxTotal>{amount}<cac:TaxSubtotal>{base}{amount}{_category('TaxCategory', category, rate)}</cac:TaxSubtotal></cac:TaxTotal>"


def _totals(bill: Bill) -> str:
    names = (
        ("LineExtensionAmount", bill.net),
        ("TaxExclusiveAmount", bill.net),
        ("TaxInclusiveAmount", bill.total),
        ("PayableAmount", bill.total),
    )
    inner = "".join(f'<cbc:{name} currencyID="{bill.currency}">{value:.2f}</cbc:{name}>' for name, value in names)
    return f"<cac:LegalMonetaryTotal>{inner}</cac:LegalMonetaryTotal>"


def _line(kind: str, line: BillLine, currency: str, category: str, rate: Decimal) -> str:
    quantity = "CreditedQuantity" if kind == "CreditNote" else "InvoicedQuantity"
    place = (
        f"<cac:OrderLineReference><cbc:LineID>{escape(line.order_place)}</cbc:LineID></cac:OrderLineReference>"
        if line.order_place
        else ""
    )
    article = (
        f"<cac:SellersItemIdentification><cbc:ID>{escape(line.article)}</cbc:ID></cac:SellersItemIdentification>"
        if line.article
        else ""
    )
    return (
        f'<cac:{kind}Line><cbc:ID>{line.place}</cbc:ID><cbc:{quantity} unitCode="C62">{line.quantity.normalize():f}</cbc:{quantity}>'
        f'<cbc:LineExtensionAmount currencyID="{currency}">{line.net:.2f}</cbc:LineExtensionAmount>{place}'
        f"<cac:Item><cbc:Name>{escape(line.text)}</cbc:Name>{article}{_category('ClassifiedTaxCategory', category, rate)}</cac:Item>"
        f'<cac:Price><cbc:PriceAmount currencyID="{currency}">{line.unit_price:.2f}</cbc:PriceAmount></cac:Price></cac:{kind}Line>'
    )
