"""Reading electronic invoices and credit notes: UBL 2.1 to 2.4, as EN 16931 and Peppol BIS Billing 3 use it.

A file is hostile until proven otherwise: no document type, no entities, no network, limited in size. What is read is
a `Paper`: facts as they stand in the file, sums checked against each other, nothing of ours in it.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO, rounded

LARGEST = 20 * 1024 * 1024
SCHEMAS = Path(__file__).parent / "schemas" / "ubl-2.4" / "maindoc"
NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
NS = {"a": f"{NAMESPACE}CommonAggregateComponents-2", "b": f"{NAMESPACE}CommonBasicComponents-2"}
CREDIT_NOTE_CODES = {"381", "396", "261"}  # UNTDID 1001, as EN 16931 allows them for BT-3
SLACK = Decimal("0.02")  # what a line's net may differ from quantity times price (Peppol rule PEPPOL-EN16931-R120)
KEPT_TYPES = {"application/pdf", "image/png", "image/jpeg", "text/csv"}


@dataclass(frozen=True)
class PaperParty:
    """Seller or buyer as the file names them."""

    name: str = ""
    legal_name: str = ""
    vat_number: str = ""
    registration_number: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class PaperLine:
    """A line, or an allowance or charge on the whole document; `discount` is allowances less charges of the line."""

    text: str
    quantity: Decimal
    unit_price: Decimal
    net: Decimal
    category: str
    rate: Decimal
    price_per: Decimal = Decimal(1)
    discount: Decimal = ZERO
    buyers_account: str = ""
    article: str = ""
    order_place: str = ""


@dataclass
class Paper:
    """What the file says; amounts are positive as on the paper, whatever the kind."""

    is_credit_note: bool
    reference: str
    issued_on: date
    currency: str
    seller: PaperParty
    buyer: PaperParty
    due_on: date | None = None
    tax_point: date | None = None
    account_number: str = ""
    bic: str = ""
    note: str = ""
    order: str = ""
    terms: str = ""
    net: Decimal = ZERO
    tax: Decimal = ZERO
    gross: Decimal = ZERO
    prepaid: Decimal = ZERO
    rounding: Decimal = ZERO
    payable: Decimal = ZERO
    lines: list[PaperLine] = field(default_factory=list)
    files: list[tuple[str, str, bytes]] = field(default_factory=list)


def read(content: bytes) -> Paper:
    """Read and check one file.

    Raises `Refused` (code "format") with the reason in words: not XML, not an invoice, not valid under the schema,
    or sums that do not add up.
    """
    root = _root(content)
    kind = etree.QName(root).localname
    _validate(root, kind)
    paper = _paper(root, is_credit_note=kind == "CreditNote")
    _demand_sums(paper, root)
    return paper


def _root(content: bytes) -> Any:
    if len(content) > LARGEST:
        raise _unreadable(_("The file is larger than %s MB.") % (LARGEST // 1024 // 1024))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _unreadable(_("This is not a readable XML file: %s") % str(error)[:200]) from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise _unreadable(_("The file carries a document type declaration, which an invoice never needs."))
    name = etree.QName(root)
    if name.localname not in ("Invoice", "CreditNote") or name.namespace != f"{NAMESPACE}{name.localname}-2":
        raise _unreadable(_("This is a “%s”, not a UBL invoice or credit note.") % name.localname[:60])
    return root


_judging = Lock()


@cache
def _schema(kind: str) -> Any:
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    return etree.XMLSchema(etree.parse(str(SCHEMAS / f"UBL-{kind}-2.4.xsd"), parser))


def _validate(root: Any, kind: str) -> None:
    with _judging:  # a schema keeps its errors to itself, one document at a time
        schema = _schema(kind)
        if not schema.validate(root):
            first = schema.error_log[0]
            words = first.message.replace(f"{{{NS['a']}}}", "").replace(f"{{{NS['b']}}}", "")
            raise _unreadable(
                _("Line %(line)s of the file breaks the UBL schema: %(words)s")
                % {"line": first.line, "words": words[:300]}
            )


def _paper(root: Any, *, is_credit_note: bool) -> Paper:
    currency = _text(root, "b:DocumentCurrencyCode")
    if not currency:
        raise _unreadable(_("The file names no currency."))
    total = root.find("a:LegalMonetaryTotal", NS)
    if total is None:
        raise _unreadable(_("The file has no totals."))
    account, bic = _account(root)
    paper = Paper(
        is_credit_note=is_credit_note or _text(root, "b:InvoiceTypeCode") in CREDIT_NOTE_CODES,
        reference=_text(root, "b:ID"),
        issued_on=_demand_date(root, "b:IssueDate"),
        due_on=_date(root, "b:DueDate") or _date(root, "a:PaymentMeans/b:PaymentDueDate"),
        tax_point=_date(root, "b:TaxPointDate"),
        currency=currency,
        seller=_party(root.find("a:AccountingSupplierParty/a:Party", NS)),
        buyer=_party(root.find("a:AccountingCustomerParty/a:Party", NS)),
        account_number=account,
        bic=bic,
        note="\n".join(filter(None, (_said(each) for each in root.findall("b:Note", NS))))[:2000],
        order=_text(root, "a:OrderReference/b:ID"),
        terms=_text(root, "a:PaymentTerms/b:Note")[:500],
        net=_amount(total, "b:TaxExclusiveAmount"),
        tax=_tax(root, currency),
        gross=_amount(total, "b:TaxInclusiveAmount"),
        prepaid=_amount(total, "b:PrepaidAmount"),
        rounding=_amount(total, "b:PayableRoundingAmount"),
        payable=_amount(total, "b:PayableAmount"),
        lines=[_line(each) for each in root.findall("a:InvoiceLine", NS) + root.findall("a:CreditNoteLine", NS)],
        files=list(_files(root)),
    )
    paper.lines += [_on_document(each) for each in root.findall("a:AllowanceCharge", NS)]
    if not paper.reference:
        raise _unreadable(_("The file gives no invoice number."))
    if not paper.lines:
        raise _unreadable(_("The file has no lines."))
    return paper


def _party(node: Any) -> PaperParty:
    if node is None:
        return PaperParty()
    vat = next(
        (
            _text(each, "b:CompanyID")
            for each in node.findall("a:PartyTaxScheme", NS)
            if _text(each, "a:TaxScheme/b:ID") == "VAT"
        ),
        "",
    )
    name, legal = _text(node, "a:PartyName/b:Name"), _text(node, "a:PartyLegalEntity/b:RegistrationName")
    address = "a:PostalAddress"
    street = ", ".join(
        filter(None, (_text(node, f"{address}/b:StreetName"), _text(node, f"{address}/b:AdditionalStreetName")))
    )
    return PaperParty(
        name=(name or legal)[:120],
        legal_name=(legal if legal != name else "")[:160],
        vat_number=vat[:30],
        registration_number=_text(node, "a:PartyLegalEntity/b:CompanyID")[:30],
        street=street[:120],
        postcode=_text(node, f"{address}/b:PostalZone")[:12],
        city=_text(node, f"{address}/b:CityName")[:60],
        country=_text(node, f"{address}/a:Country/b:IdentificationCode")[:2].upper(),
        email=_text(node, "a:Contact/b:ElectronicMail")[:254],
        phone=_text(node, "a:Contact/b:Telephone")[:40],
    )


def _account(root: Any) -> tuple[str, str]:
    """The first account to pay to; direct debits and cards have none."""
    node = next((n for n in root.findall("a:PaymentMeans/a:PayeeFinancialAccount", NS) if _text(n, "b:ID")), None)
    if node is None:
        return "", ""
    return _text(node, "b:ID")[:60], _text(node, "a:FinancialInstitutionBranch/b:ID")[:11]


def _line(node: Any) -> PaperLine:
    quantity = next(
        (
            _number(q)
            for name in ("InvoicedQuantity", "CreditedQuantity")
            if (q := node.find(f"b:{name}", NS)) is not None
        ),
        Decimal(1),
    )
    price = node.find("a:Price/b:PriceAmount", NS)
    base = node.find("a:Price/b:BaseQuantity", NS)
    per = _number(base) if base is not None else Decimal(1)
    net = _amount(node, "b:LineExtensionAmount")
    discount = sum((_reduction(each) for each in node.findall("a:AllowanceCharge", NS)), ZERO)
    unit_price = _number(price) if price is not None else (net + discount) / (quantity or 1)
    if per <= 0:
        raise _unreadable(_("A price is given for a quantity of %s.") % per)
    number, item = _text(node, "b:ID"), _text(node, "a:Item/b:Name") or _text(node, "a:Item/b:Description")
    if abs(quantity * unit_price / per - discount - net) > SLACK:
        raise _unreadable(
            _("Line %(line)s: %(quantity)s at %(price)s does not make %(net)s.")
            % {"line": number, "quantity": _plain(quantity), "price": _plain(unit_price), "net": _plain(net)}
        )
    # the paper's net wins: what the slack allowed becomes part of the discount
    exact = rounded(unit_price, 6)
    discount = rounded(quantity * exact / per - net, 4)
    category, rate = _category(node.find("a:Item/a:ClassifiedTaxCategory", NS))
    article = _text(node, "a:Item/a:SellersItemIdentification/b:ID")
    text = f"{article} {item}" if article and article not in item else item
    return PaperLine(
        text[:200],
        quantity,
        exact,
        net,
        category,
        rate,
        per,
        discount,
        _text(node, "b:AccountingCost"),
        article=_article(node)[:60],
        order_place=_text(node, "a:OrderLineReference/b:LineID")[:12],
    )


def _article(node: Any) -> str:
    """What the line calls the article: our own code (BT-156), else the seller's (BT-155), else its GTIN (BT-157)."""
    kinds = ("Buyers", "Sellers", "Standard")
    return next(filter(None, (_text(node, f"a:Item/a:{kind}ItemIdentification/b:ID") for kind in kinds)), "")


def _on_document(node: Any) -> PaperLine:
    """An allowance or charge on the whole document, as a line of its own."""
    amount = -_reduction(node)
    words = _text(node, "b:AllowanceChargeReason") or (_("Charge") if amount >= 0 else _("Allowance"))
    category, rate = _category(node.find("a:TaxCategory", NS))
    return PaperLine(words[:200], Decimal(1), amount, amount, category, rate)


def _reduction(node: Any) -> Decimal:
    """An allowance positive, a charge negative."""
    amount = _amount(node, "b:Amount")
    return -amount if _text(node, "b:ChargeIndicator") == "true" else amount


def _category(node: Any) -> tuple[str, Decimal]:
    if node is None:
        return "", ZERO
    percent = node.find("b:Percent", NS)
    return _text(node, "b:ID"), _number(percent) if percent is not None else ZERO


def _tax(root: Any, currency: str) -> Decimal:
    """The VAT in the document's currency; a second total may give it in the seller's accounting currency."""
    amounts = root.findall("a:TaxTotal/b:TaxAmount", NS)
    own = [each for each in amounts if each.get("currencyID") == currency]
    return sum((_number(each) for each in own), ZERO)


def _files(root: Any) -> Iterator[tuple[str, str, bytes]]:
    """Files that travel inside the invoice, e.g. its picture as PDF."""
    path = "a:AdditionalDocumentReference/a:Attachment/b:EmbeddedDocumentBinaryObject"
    for place, node in enumerate(root.findall(path, NS), start=1):
        kind = node.get("mimeCode", "")
        if kind not in KEPT_TYPES:
            continue
        try:
            content = base64.b64decode("".join((node.text or "").split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise _unreadable(_("A file inside the invoice is damaged.")) from error
        if content:
            name = Path(node.get("filename", "").replace("\\", "/")).name or f"attachment-{place}"
            yield name[:160], kind, content


def _demand_sums(paper: Paper, root: Any) -> None:
    """The rules BR-CO-10 to BR-CO-16 of EN 16931, in words that a clerk can pass on to the supplier."""
    total = root.find("a:LegalMonetaryTotal", NS)
    own_lines = paper.lines[: len(paper.lines) - len(root.findall("a:AllowanceCharge", NS))]
    stated_lines = _amount(total, "b:LineExtensionAmount")
    checks = [
        (_("lines"), sum((line.net for line in own_lines), ZERO), stated_lines),
        (_("net"), sum((line.net for line in paper.lines), ZERO), paper.net),
        (_("total with VAT"), paper.net + paper.tax, paper.gross),
        (_("amount to pay"), paper.gross - paper.prepaid + paper.rounding, paper.payable),
    ]
    for words, computed, stated in checks:
        if computed != stated:
            raise _unreadable(
                _("The totals do not add up: %(words)s should be %(computed)s, the file says %(stated)s.")
                % {"words": words, "computed": _plain(computed), "stated": _plain(stated)}
            )
    _demand_tax(paper, root)


def _demand_tax(paper: Paper, root: Any) -> None:
    """The VAT breakdown sums to the VAT, and each rate's tax is what its base gives (BR-CO-14, BR-CO-17)."""
    nodes = [
        n
        for n in root.findall("a:TaxTotal/a:TaxSubtotal", NS)
        if n.find("b:TaxAmount", NS).get("currencyID") == paper.currency
    ]
    if not nodes:
        return
    if sum((_amount(node, "b:TaxAmount") for node in nodes), ZERO) != paper.tax:
        raise _unreadable(_("The totals do not add up: the VAT by rate does not sum to %s.") % _plain(paper.tax))
    for node in nodes:
        base, tax = _amount(node, "b:TaxableAmount"), _amount(node, "b:TaxAmount")
        _category_code, rate = _category(node.find("a:TaxCategory", NS))
        if abs(base * rate / 100 - tax) >= 1:  # the slack that the official rules grant
            raise _unreadable(
                _("The totals do not add up: %(rate)s%% of %(base)s is not %(tax)s.")
                % {"rate": _plain(rate), "base": _plain(base), "tax": _plain(tax)}
            )


def _said(node: Any) -> str:
    return "".join(node.itertext()).strip() if node is not None else ""


def _text(node: Any, path: str) -> str:
    return " ".join(_said(node.find(path, NS)).split())


def _number(node: Any) -> Decimal:
    try:
        value = Decimal(_said(node))
    except InvalidOperation as error:
        raise _unreadable(_("“%s” is not a number.") % _said(node)[:40]) from error
    if not value.is_finite() or abs(value) >= Decimal(10) ** 14:
        raise _unreadable(_("“%s” is too large.") % _said(node)[:40])
    return value


def _amount(node: Any, path: str) -> Decimal:
    found = node.find(path, NS)
    return ZERO if found is None else _number(found)


def _date(root: Any, path: str) -> date | None:
    text = _text(root, path)
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])  # an offset such as +01:00 may follow
    except ValueError as error:
        raise _unreadable(_("“%s” is not a date.") % text[:40]) from error


def _demand_date(root: Any, path: str) -> date:
    found = _date(root, path)
    if found is None:
        raise _unreadable(_("The file has no date."))
    return found


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _unreadable(words: str) -> Refused:
    return Refused(words, code="format")
