"""Electronic invoices written for tests: small, valid, and wrong in exactly one place when asked."""

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2"'
    ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
)
LINES = [
    ("MBX-60", "Mailing box", "600", "14.80", "8880.00"),
    ("PTP-48", "Paper tape", "144", "3.60", "518.40"),
    ("VDF-10", "Void fill", "40", "12.04", "481.60"),
    ("", "Delivery", "1", "40.00", "40.00"),
]
CATEGORY = "<cac:{name}><cbc:ID>S</cbc:ID><cbc:Percent>20</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:{name}>"


def an_invoice(
    *,
    reference="NP-88213",
    vat="GB980780684",
    account="",
    buyer="Calder &amp; Wren Ltd",
    buyer_vat="",
    currency="GBP",
    credit_note=False,
    variant="",
    **figures,
):
    """A UBL invoice of four lines, 9,920.00 net and 11,904.00 with VAT; `figures` replace totals."""
    root = "CreditNote" if credit_note else "Invoice"
    given = {
        "net": "9920.00",
        "tax": "1984.00",
        "gross": "11904.00",
        "line_total": "9920.00",
        "line_net": "8880.00",
        **figures,
    }
    if variant == "allowances":
        given |= {"net": "245.86", "tax": "49.17", "gross": "295.03", "line_total": "230.86"}
    given.setdefault("payable", given["gross"])
    money = lambda name, value: f'<cbc:{name} currencyID="{currency}">{value}</cbc:{name}>'  # noqa: E731
    parts = [
        HEAD.format(root=root),
        f"<cbc:ID>{reference}</cbc:ID><cbc:IssueDate>2026-11-18</cbc:IssueDate>",
        "" if credit_note else "<cbc:DueDate>2026-12-18</cbc:DueDate>",
        "<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>" if credit_note else "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>",
        f"<cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>",
        _party("AccountingSupplierParty", "Northmoor Packaging Ltd", vat),
        _party("AccountingCustomerParty", buyer, buyer_vat),
        _means(account),
        _allowances(money) if variant == "allowances" else "",
        "<cac:TaxTotal>", money("TaxAmount", given["tax"]),
        "<cac:TaxSubtotal>", money("TaxableAmount", given["net"]), money("TaxAmount", given["tax"]),
        CATEGORY.format(name="TaxCategory"), "</cac:TaxSubtotal></cac:TaxTotal>",
        "<cac:LegalMonetaryTotal>", money("LineExtensionAmount", given["line_total"]),
        money("TaxExclusiveAmount", given["net"]), money("TaxInclusiveAmount", given["gross"]),
        money("PayableAmount", given["payable"]), "</cac:LegalMonetaryTotal>",
        _priced_per_thousand(money) if variant == "allowances" else _lines(money, given["line_net"], credit_note),
        f"</{root}>",
    ]  # fmt: skip
    return "".join(parts).encode()


def _party(role, name, vat):
    scheme = f"<cac:PartyTaxScheme><cbc:CompanyID>{vat}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
    return (
        f"<cac:{role}><cac:Party><cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName>"
        "<cac:PostalAddress><cbc:StreetName>Unit 7</cbc:StreetName><cbc:CityName>Leeds</cbc:CityName>"
        "<cbc:PostalZone>LS10 1XX</cbc:PostalZone>"
        "<cac:Country><cbc:IdentificationCode>GB</cbc:IdentificationCode></cac:Country></cac:PostalAddress>"
        f"{scheme if vat else ''}"
        f"<cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:{role}>"
    )


def _means(account):
    if not account:
        return ""
    return (
        "<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>"
        f"<cac:PayeeFinancialAccount><cbc:ID>{account}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>"
    )


def _allowances(money):
    parts = []
    for charge, reason, amount in (("false", "Loyalty", "10.00"), ("true", "Freight", "25.00")):
        parts.append(
            f"<cac:AllowanceCharge><cbc:ChargeIndicator>{charge}</cbc:ChargeIndicator>"
            f"<cbc:AllowanceChargeReason>{reason}</cbc:AllowanceChargeReason>{money('Amount', amount)}"
            f"{CATEGORY.format(name='TaxCategory')}</cac:AllowanceCharge>"
        )
    return "".join(parts)


def _lines(money, first_net, credit_note):
    line, quantity_name = ("CreditNoteLine", "CreditedQuantity") if credit_note else ("InvoiceLine", "InvoicedQuantity")
    parts = []
    for place, (article, item, quantity, price, net) in enumerate(LINES, start=1):
        code = (
            f"<cac:SellersItemIdentification><cbc:ID>{article}</cbc:ID></cac:SellersItemIdentification>"
            if article
            else ""
        )
        parts.append(
            f"<cac:{line}><cbc:ID>{place}</cbc:ID><cbc:{quantity_name}>{quantity}</cbc:{quantity_name}>"
            f"{money('LineExtensionAmount', first_net if place == 1 else net)}"
            f"<cac:Item><cbc:Name>{item}</cbc:Name>{code}{CATEGORY.format(name='ClassifiedTaxCategory')}</cac:Item>"
            f"<cac:Price>{money('PriceAmount', price)}</cac:Price></cac:{line}>"
        )
    return "".join(parts)


def _priced_per_thousand(money):
    return (
        "<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity>2500</cbc:InvoicedQuantity>"
        f"{money('LineExtensionAmount', '230.86')}"
        "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
        f"{money('Amount', '15.00')}</cac:AllowanceCharge>"
        f"<cac:Item><cbc:Name>Screws</cbc:Name>{CATEGORY.format(name='ClassifiedTaxCategory')}</cac:Item>"
        f"<cac:Price>{money('PriceAmount', '98.345')}<cbc:BaseQuantity>1000</cbc:BaseQuantity></cac:Price></cac:InvoiceLine>"
    )
