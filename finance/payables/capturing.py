"""From an electronic invoice to a draft bill: the supplier found, lines coded as last time, the file attached."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.audit.recording import acting
from backoffice.core.authority import authority
from backoffice.core.encryption import fingerprints
from backoffice.core.errors import Refused
from backoffice.documents.models import Attachment, of
from backoffice.exchange.models import Upload
from backoffice.exchange.slots import Outcome, Reader, readers
from backoffice.organisation.models import Company
from backoffice.parties import identifiers
from backoffice.parties.models import Party, PartyBankAccount
from finance.ledger.models import Account, Role
from finance.payables import coding, duplicates, entering, ubl
from finance.payables.models import Bill, BillLine
from finance.payables.ubl import Paper, PaperLine, PaperParty
from finance.tax.models import TaxCode

MEDIA = "application/xml"


def capture(upload: Upload, *, by: Any, confirmed: bool = False) -> Outcome:
    """Make a draft bill of an uploaded UBL file, or propose the supplier that it names.

    Raises `Refused` when the file is not a sound invoice or was captured before.
    """
    content = bytes(upload.content)
    paper = ubl.read(content)
    party = find_supplier(upload.company, paper)
    warnings = warnings_of(upload.company, paper, party)
    if party is None and not confirmed:
        words = _("No supplier is known as %(name)s.") % {"name": paper.seller.name}
        return Outcome(None, words, warnings, proposal(paper))
    if party is None:
        party = create_supplier(upload.company, paper, by=by)
    bill = enter(upload.company, party, paper, by=by)
    _attach(bill, upload.name, MEDIA, content, by, is_original=True)
    for name, media_type, embedded in paper.files:
        _attach(bill, name, media_type, embedded, by)
    warnings += [
        _("Looks like %(bill)s: %(why)s.") % {"bill": each.bill, "why": each.why}
        for each in duplicates.look_alikes(bill)
    ]
    return Outcome(bill, _("Captured as a draft."), warnings)


def find_supplier(company: Company, paper: Paper) -> Party | None:
    """The legal entity by VAT number, then bank account, then name; never a guess between several.

    A party of the same name with another VAT number is another one.
    """
    parties = Party.objects.filter(company=company)
    vat = identifiers.plain(paper.seller.vat_number)
    by_account = Q(bank_accounts__fingerprint__in=_fingerprints(paper), bank_accounts__is_active=True)
    names = [name for name in (paper.seller.name, paper.seller.legal_name) if name]
    by_name = Q(pk__in=[])
    for name in names:
        by_name |= Q(name__iexact=name) | Q(legal_name__iexact=name)
    if vat:
        found = list(parties.filter(vat_number=vat))
        if len(found) > 1:  # a VAT group: its members share the number
            found = list(parties.filter(by_account, vat_number=vat).distinct()) or list(
                parties.filter(by_name, vat_number=vat)
            )
        if len(found) == 1:
            return found[0]
        parties = parties.filter(vat_number="")
    for condition in (by_account, by_name):
        found = list(parties.filter(condition).distinct()[:2])
        if len(found) == 1:
            return found[0]
    return None


def warnings_of(company: Company, paper: Paper, party: Party | None) -> list[str]:
    """What a clerk should look at although the file is sound."""
    said = []
    ours = identifiers.plain(company.vat_number)
    theirs = identifiers.plain(paper.buyer.vat_number)
    named = {name.casefold() for name in (paper.buyer.name, paper.buyer.legal_name) if name}
    if (ours and theirs and ours != theirs) or (not theirs and named and company.name.casefold() not in named):
        said.append(
            _("The invoice is made out to %(buyer)s, not to %(company)s.")
            % {"buyer": paper.buyer.name, "company": company}
        )
    if paper.seller.vat_number and not identifiers.valid("vat", paper.seller.vat_number):
        said.append(_("The check digits of the supplier's VAT number %s do not agree.") % paper.seller.vat_number)
    if paper.account_number and party is not None and _known_account(party, paper) is None:
        ending = identifiers.plain(paper.account_number)[-4:]
        said.append(
            _("The bank account •• %(ending)s is not one of %(party)s's: call them before you add it.")
            % {"ending": ending, "party": party}
        )
    if paper.prepaid:
        said.append(
            _("%(amount)s %(currency)s of it are paid already, says the file.")
            % {"amount": f"{paper.prepaid:,.2f}", "currency": paper.currency}
        )
    return said


def proposal(paper: Paper) -> dict[str, Any]:
    """The supplier that would be created, as the person is asked about it."""
    seller = paper.seller
    return {
        "what": str(_("supplier")),
        "name": seller.name,
        "legal_name": seller.legal_name,
        "vat_number": _sound_vat(seller),
        "registration_number": seller.registration_number,
        "street": seller.street,
        "postcode": seller.postcode,
        "city": seller.city,
        "country": seller.country,
        "currency": paper.currency,
        "account": f"•• {identifiers.plain(paper.account_number)[-4:]}" if paper.account_number else "",
        "reference": paper.reference,
        "total": f"{paper.gross:,.2f}",
    }


def create_supplier(company: Company, paper: Paper, *, by: Any) -> Party:
    """Enter the supplier that the file names, with its bank account; the person confirmed it.

    Raises `PermissionDenied` without the right to add parties.
    """
    seller = paper.seller
    party = Party(
        company=company,
        name=seller.name,
        legal_name=seller.legal_name,
        vat_number=_sound_vat(seller),
        registration_number=seller.registration_number,
        street=seller.street,
        postcode=seller.postcode,
        city=seller.city,
        country=seller.country or company.country,
        email=seller.email if "@" in seller.email else "",
        phone=seller.phone,
        currency=paper.currency,
        payment_days=_days(paper),
    )
    if denied := authority.only.refusal(by, "parties.add_party", party):
        raise denied
    party.full_clean(exclude=["ref"])
    with acting(by):
        party.save()
        if paper.account_number:
            account = PartyBankAccount(
                party=party, number=paper.account_number, entered_by=by, bic=_sound_bic(paper.bic)
            )
            account.clean()
            account.save()
    return party


def enter(company: Company, party: Party, paper: Paper, *, by: Any) -> Bill:
    """The draft with its lines, coded where the file or the supplier's last bill says how."""
    codes = _codes(company)
    lines = [_line(company, line, codes) for line in paper.lines]
    if paper.rounding:
        lines.append(_rounding_line(company, paper.rounding, codes))
    coding.propose(party.pk, lines)
    bill = Bill(
        company=company,
        party=party,
        kind=Bill.Kind.CREDIT_NOTE if paper.is_credit_note else Bill.Kind.BILL,
        source=Bill.Source.UBL,
        bank_account=_known_account(party, paper),
        reference=paper.reference[:60],
        order_reference=paper.order[:40],
        bill_date=paper.issued_on,
        tax_point=paper.tax_point or paper.issued_on,
        due_on=paper.due_on or paper.issued_on + timedelta(days=party.payment_days),
        booked_on=paper.issued_on,
        currency=paper.currency,
        stated_tax=paper.tax,
        note="\n".join(filter(None, (paper.note, paper.terms)))[:2000],
    )
    entered = entering.enter(bill, by=by, lines=lines)
    if entered.total != paper.gross + paper.rounding:
        raise Refused(
            _("The bill comes to %(ours)s, the file says %(theirs)s.")
            % {"ours": f"{entered.total:,.2f}", "theirs": f"{paper.gross + paper.rounding:,.2f}"},
            code="format",
        )
    return entered


def _line(company: Company, line: PaperLine, codes: dict[str, list[TaxCode]]) -> BillLine:
    account = None
    if line.buyers_account.isdigit():  # we asked the supplier to print our account on the invoice
        account = Account.objects.by_hand().filter(company=company, code=line.buyers_account).first()
    return BillLine(
        text=line.text,
        article=line.article,
        order_place=line.order_place,
        quantity=line.quantity,
        unit_price=line.unit_price,
        price_per=line.price_per,
        discount=line.discount,
        account=account,
        tax_code=_code_for(line.category, line.rate, codes),
    )


def _rounding_line(company: Company, amount: Decimal, codes: dict[str, list[TaxCode]]) -> BillLine:
    account = Account.objects.filter(company=company, role=Role.ROUNDING).first()
    return BillLine(
        text=str(_("Rounding")), unit_price=amount, account=account, tax_code=_code_for("O", Decimal(0), codes)
    )


def _codes(company: Company) -> dict[str, list[TaxCode]]:
    found: dict[str, list[TaxCode]] = {}
    kinds = TaxCode.objects.filter(company=company, is_active=True, kind=TaxCode.Kind.PERCENT, included=False)
    for code in kinds.prefetch_related("rates"):
        found.setdefault(code.category, []).append(code)
    return found


def _code_for(category: str, rate: Decimal, codes: dict[str, list[TaxCode]]) -> TaxCode | None:
    """Our code for a category and rate of EN 16931; none rather than a wrong one."""
    candidates = codes.get(category or "O", [])
    if category == "AE":  # the paper says 0 %, our code the rate that we owe
        return candidates[0] if len(candidates) == 1 else None
    return next((code for code in candidates if _rate_now(code) == rate), None)


def _rate_now(code: TaxCode) -> Decimal | None:
    newest = next(iter(code.rates.all()), None)
    return None if newest is None else newest.rate


def _known_account(party: Party, paper: Paper) -> PartyBankAccount | None:
    prints = _fingerprints(paper)
    return (
        PartyBankAccount.objects.filter(party=party, fingerprint__in=prints, is_active=True).first() if prints else None
    )


def _fingerprints(paper: Paper) -> list[str]:
    return fingerprints(identifiers.plain(paper.account_number)) if paper.account_number else []


def _sound_vat(seller: PaperParty) -> str:
    number = identifiers.plain(seller.vat_number)
    return number[:20] if number and identifiers.valid("vat", number) else ""


def _sound_bic(bic: str) -> str:
    return bic if bic and identifiers.valid("bic", bic) else ""


def _days(paper: Paper) -> int:
    """The supplier's days to pay as this invoice grants them; 30 where it does not say."""
    due: date | None = paper.due_on
    return max((due - paper.issued_on).days, 0) if due else 30


def _attach(bill: Bill, name: str, media_type: str, content: bytes, by: Any, *, is_original: bool = False) -> None:
    Attachment.objects.create(
        **of(bill),
        name=name,
        media_type=media_type,
        content=content,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        is_original=is_original,
        added_by=by,
    )


readers.fill(
    "bill",
    Reader(
        label=gettext_lazy("Supplier bills"),
        title=gettext_lazy("Upload bills"),
        hint=gettext_lazy("Electronic invoices and credit notes as UBL or Peppol XML files, several at once."),
        read=capture,
        permission="payables.add_bill",
        accept=".xml,application/xml,text/xml",
    ),
)
