"""Electronic invoices become drafts, questions or clear refusals; nothing is lost and nothing is created silently."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from backoffice.core.errors import Refused
from backoffice.currencies.models import Currency, Rate
from backoffice.documents.models import Attachment, of
from backoffice.exchange import receiving
from backoffice.exchange.models import Upload
from backoffice.parties.models import Party, PartyBankAccount
from finance.payables import approving, ubl
from finance.payables.models import Bill
from tests.factories_payables import a_submitted_bill
from tests.finance.payables.papers import an_invoice
from tests.fixtures_world import a_party

SAMPLES = Path("/work/shared/standards/en16931-samples")


def upload(company, content, *, by, name="NP-88213.xml"):
    (made,) = receiving.receive(company, "bill", [(name, "application/xml", content)], by=by)
    return made


def captured(company, content, *, by):
    made = upload(company, content, by=by)
    assert made.state == Upload.State.CAPTURED, made.message
    return made.result


@pytest.fixture
def northmoor(company):
    return a_party(company, vat_number="GB980780684")


def test_an_invoice_of_a_known_supplier_becomes_a_draft_with_the_papers_figures(company, northmoor, tom):
    bill = captured(company, an_invoice(), by=tom)

    assert (bill.state, bill.party, bill.reference, bill.source) == ("draft", northmoor, "NP-88213", "ubl")
    assert (bill.bill_date, bill.due_on) == (date(2026, 11, 18), date(2026, 12, 18))
    assert (bill.net, bill.tax, bill.total) == (Decimal("9920.00"), Decimal("1984.00"), Decimal("11904.00"))
    lines = list(bill.lines.order_by("place"))
    assert [(line.text, line.quantity, line.unit_price, line.net) for line in lines] == [
        ("MBX-60 Mailing box", Decimal(600), Decimal("14.80"), Decimal("8880.00")),
        ("PTP-48 Paper tape", Decimal(144), Decimal("3.60"), Decimal("518.40")),
        ("VDF-10 Void fill", Decimal(40), Decimal("12.04"), Decimal("481.60")),
        ("Delivery", Decimal(1), Decimal("40.00"), Decimal("40.00")),
    ]
    assert {line.tax_code.code for line in lines} == {"S20"}


def test_the_original_file_is_kept_with_the_bill_byte_by_byte(company, northmoor, tom):
    content = an_invoice()
    bill = captured(company, content, by=tom)

    kept = Attachment.objects.get(**of(bill), is_original=True)
    assert bytes(kept.content) == content
    assert kept.name == "NP-88213.xml"


def test_the_coding_of_the_suppliers_last_bill_is_proposed(company, northmoor, tom):
    a_submitted_bill(northmoor, by=tom, reference="NP-1")

    bill = captured(company, an_invoice(), by=tom)

    assert {line.account.code for line in bill.lines.all()} == {"7210"}
    assert {line.cost_centre.code for line in bill.lines.all()} == {"HO"}


def test_an_unknown_supplier_is_proposed_and_created_only_when_confirmed(company, tom):
    made = upload(company, an_invoice(account="GB29NWBK60161331926819"), by=tom)

    assert made.state == Upload.State.ASKING
    assert (made.proposal["name"], made.proposal["vat_number"]) == ("Northmoor Packaging Ltd", "GB980780684")
    assert not Party.objects.exists()
    assert not Bill.objects.exists()

    made = receiving.again(made, by=tom, confirmed=True)

    assert made.state == Upload.State.CAPTURED
    party = Party.objects.get()
    assert (party.name, party.country, party.payment_days) == ("Northmoor Packaging Ltd", "GB", 30)
    assert made.result.bank_account == PartyBankAccount.objects.get(party=party)
    assert party.bank_accounts.get().number == "GB29NWBK60161331926819"


def test_the_supplier_is_found_by_vat_number_before_name(company, tom):
    a_party(company, "Northmoor Packaging Ltd")
    right = a_party(company, "NMP Group", vat_number="GB980780684")

    assert captured(company, an_invoice(), by=tom).party == right


def test_the_supplier_is_found_by_bank_account_where_no_vat_number_is_known(company, tom):
    party = a_party(company, "Northmoor (Leeds)")
    PartyBankAccount.objects.create(party=party, number="GB29 NWBK 6016 1331 9268 19")

    bill = captured(company, an_invoice(account="GB29NWBK60161331926819", vat=""), by=tom)

    assert bill.party == party
    assert bill.bank_account.masked == "•• 6819"


def test_a_party_of_the_same_name_with_another_vat_number_is_not_taken(company, tom):
    a_party(company, "Northmoor Packaging Ltd", vat_number="GB220430231")

    assert upload(company, an_invoice(), by=tom).state == Upload.State.ASKING


def test_an_unknown_bank_account_of_a_known_supplier_is_warned_of_and_not_taken_over(company, northmoor, tom):
    made = upload(company, an_invoice(account="GB29NWBK60161331926819"), by=tom)

    assert "•• 6819 is not one of Northmoor Packaging Ltd's" in " ".join(made.warnings)
    assert made.result.bank_account is None
    assert not northmoor.bank_accounts.exists()


def test_an_invoice_made_out_to_somebody_else_is_warned_of(company, northmoor, tom):
    company.vat_number = "GB220430231"
    company.save()

    made = upload(company, an_invoice(buyer="Other Company Ltd", buyer_vat="GB980780684"), by=tom)

    assert "made out to Other Company Ltd" in " ".join(made.warnings)


def test_the_same_invoice_twice_is_refused_and_the_file_kept(company, northmoor, tom):
    captured(company, an_invoice(), by=tom)

    again = upload(company, an_invoice(), by=tom)

    assert again.state == Upload.State.REFUSED
    assert "sent NP-88213 already" in again.message
    assert bytes(again.content) == an_invoice()
    assert Bill.objects.count() == 1


def test_several_files_at_once_each_have_their_own_outcome(company, northmoor, tom):
    files = [
        ("a.xml", "application/xml", an_invoice(reference="A1")),
        ("b.xml", "application/xml", b"<oops"),
        ("c.pdf", "application/pdf", b"%PDF-1.7"),
        ("d.xml", "application/xml", an_invoice(reference="A2")),
    ]

    made = receiving.receive(company, "bill", files, by=tom)

    assert [upload.state for upload in made] == ["captured", "refused", "refused", "captured"]
    assert all(upload.message for upload in made)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"net": "9920.01"}, "totals do not add up"),
        ({"gross": "11904.01"}, "totals do not add up"),
        ({"payable": "1.00"}, "totals do not add up"),
        ({"line_net": "9999.00"}, "does not make"),
        ({"tax": "2500.00", "gross": "12420.00", "payable": "12420.00"}, "is not"),
    ],
)
def test_a_file_whose_figures_do_not_add_up_is_refused(company, northmoor, tom, change, words):
    made = upload(company, an_invoice(**change), by=tom)

    assert made.state == Upload.State.REFUSED
    assert words in made.message


def test_a_file_that_breaks_the_schema_is_refused_with_its_line(company, northmoor, tom):
    broken = an_invoice().replace(
        b"<cbc:IssueDate>2026-11-18</cbc:IssueDate>", b"<cbc:IssueDate>yesterday</cbc:IssueDate>"
    )

    assert "breaks the UBL schema" in upload(company, broken, by=tom).message


def test_another_kind_of_document_is_refused_by_name(company, tom):
    order = b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>'

    assert "This is a “Order”" in upload(company, order, by=tom).message


def test_entities_are_refused_and_files_of_the_server_stay_unread(company, northmoor, tom):
    evil = (
        b'<?xml version="1.0"?><!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        + an_invoice(reference="&x;").split(b"?>", 1)[1]
    )

    made = upload(company, evil, by=tom)

    assert made.state == Upload.State.REFUSED
    assert "root:" not in made.message


def test_a_bomb_of_entities_is_refused_without_growing(company, tom):
    bomb = b'<!DOCTYPE b [<!ENTITY a "' + b"x" * 1000 + b'"><!ENTITY c "' + b"&a;" * 1000 + b'">]><b>&c;</b>'

    assert upload(company, bomb, by=tom).state == Upload.State.REFUSED


def test_a_credit_note_becomes_one_and_reduces_what_is_owed(company, northmoor, tom):
    bill = captured(company, an_invoice(credit_note=True, reference="CN-177"), by=tom)

    assert bill.kind == Bill.Kind.CREDIT_NOTE
    assert (bill.total, bill.amount) == (Decimal("11904.00"), Decimal("-11904.00"))


def test_allowances_charges_and_price_quantities_come_out_as_on_the_paper(company, northmoor, tom):
    bill = captured(company, an_invoice(variant="allowances"), by=tom)

    lines = list(bill.lines.order_by("place"))
    assert [(line.quantity, line.price_per, line.net) for line in lines] == [
        (Decimal(2500), Decimal(1000), Decimal("230.86")),  # 2,500 at 98.345 for 1,000, less 15.00
        (Decimal(1), Decimal(1), Decimal("-10.00")),
        (Decimal(1), Decimal(1), Decimal("25.00")),
    ]
    assert (bill.net, bill.tax, bill.total) == (Decimal("245.86"), Decimal("49.17"), Decimal("295.03"))


def test_a_foreign_invoice_takes_the_rate_of_its_day(company, tom):
    Rate.objects.create(
        base=Currency.objects.get(code="EUR"), quote=Currency.objects.get(code="GBP"), on="2026-11-01", rate="0.84"
    )
    a_party(company, "Kestrel", vat_number="GB980780684", currency="EUR")

    bill = captured(company, an_invoice(currency="EUR"), by=tom)

    assert (bill.currency, bill.rate, bill.amount_company) == ("EUR", Decimal("0.84"), Decimal("9999.36"))


def test_a_captured_bill_goes_through_to_the_books(company, northmoor, tom, priya, grace):
    a_submitted_bill(northmoor, by=tom, reference="NP-1")
    bill = captured(company, an_invoice(), by=tom)

    approving.submit(bill, by=tom)
    approving.approve(bill, by=priya)
    approving.approve(bill, by=grace)

    assert bill.state == Bill.State.POSTED


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.xml")), ids=lambda path: path.stem)
def test_the_official_samples_are_read(path):
    paper = ubl.read(path.read_bytes())

    assert paper.gross == paper.net + paper.tax
    assert sum(line.net for line in paper.lines) == paper.net


def test_refusals_of_the_reader_carry_their_code():
    with pytest.raises(Refused) as refusal:
        ubl.read(b"")

    assert refusal.value.code == "format"
