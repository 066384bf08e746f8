"""What stock is worth and what is owed for goods stand on accounts to which only stock's documents post."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from backoffice.core.errors import Refused
from backoffice.ui.lookups import lookup_for
from finance.ledger import entering, journals, periods, posting, recording
from finance.ledger.models import Account, JournalEntry, JournalLine
from finance.payables import approving
from inventory.catalogue.models import Category
from tests.factories_payables import a_bill, a_line
from tests.factories_stock import TODAY, a_bin, a_receipt, an_item
from tests.fixtures_world import a_party, a_user, all_rights

STOCK, RECEIVED, BANK = "1310", "2120", "1210"


@pytest.fixture
def grace(company):
    return a_user("Grace Okafor", *all_rights("ledger", "payables", "stock", "catalogue"), company=company)


def account(company, code):
    return Account.objects.get(company=company, code=code)


def a_journal(company, code, *, by):
    """A draft that takes 10.00 from the bank to an account."""
    entry = JournalEntry(
        company=company,
        journal=company.journals.get(code="GEN"),
        period=periods.of_day(company, TODAY),
        on=TODAY,
        text="By hand",
        entered_by=by,
        changed_by=by,
    )
    lines = [
        JournalLine(account=account(company, code), debit=Decimal(10)),
        JournalLine(account=account(company, BANK), credit=Decimal(10)),
    ]
    entering.complete(entry, lines)
    return entering.store(entry, lines, [], by=by)


@pytest.mark.parametrize(("code", "instead"), [(STOCK, "return or count the goods"), (RECEIVED, "match the line")])
def test_a_journal_by_hand_is_refused_and_told_what_to_use_instead(company, grace, code, instead):
    entry = a_journal(company, code, by=grace)

    with pytest.raises(Refused, match=instead):
        journals.submit(entry, by=grace)


@pytest.mark.parametrize("code", [STOCK, RECEIVED])
def test_programs_are_refused_as_people_are(company, grace, code):
    lines = [
        {"account": account(company, code), "debit": Decimal(10)},
        {"account": account(company, BANK), "credit": Decimal(10)},
    ]

    with pytest.raises(Refused, match="instead"):
        recording.record(company=company, on=TODAY, text="From elsewhere", lines=lines, by=grace)


@pytest.mark.parametrize("code", [STOCK, RECEIVED])
def test_a_bill_line_coded_by_hand_is_refused(company, grace, code):
    bill = a_bill(a_party(company), by=grace, lines=[a_line(company, account_code=code, cost_centre=None)])

    with pytest.raises(Refused, match=f"{code} .*instead"):
        approving.submit(bill, by=grace)


def test_an_entry_without_a_document_is_refused_by_the_database_too(company, grace):
    entry = a_journal(company, STOCK, by=grace)

    with pytest.raises(IntegrityError, match="kept by documents"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_journalentry SET state = 'posted', posted_by_id = %s, posted_at = now() WHERE id = %s",
            [grace.pk, entry.pk],
        )
        cursor.execute("UPDATE ledger_journalline SET entry_date = %s WHERE entry_id = %s", [TODAY, entry.pk])


def test_entries_of_a_document_pass_and_those_of_nobody_do_not(company, grace):
    lines = [
        posting.debit(account(company, STOCK), Decimal(10)),
        posting.credit(account(company, "3110"), Decimal(10)),
    ]

    with pytest.raises(Refused, match="instead"):
        posting.post(company, posting.Posting(on=TODAY, lines=lines, text="Opening", journal="OPEN"), by=grace)

    opened = posting.Posting(on=TODAY, lines=lines, text="Opening", journal="OPEN", origin=company)
    assert posting.post(company, opened, by=grace).number.startswith("OPEN-")
    assert a_receipt(company, [(an_item(company), "5", "2", a_bin(company))], by=grace).entry is not None


def test_the_search_box_says_why_an_account_is_not_to_be_chosen(company, grace):
    said = {code: lookup_for(Account).why_not(account(company, code)) for code in (STOCK, RECEIVED, BANK)}

    assert said[BANK] == ""
    assert "kept by stock" in said[STOCK]
    assert "kept by receipts" in said[RECEIVED]
    assert not {STOCK, RECEIVED} & set(Account.objects.by_hand().values_list("code", flat=True))


def test_an_account_of_a_category_is_kept_from_then_on(company, grace):
    category = Category.objects.create(company=company, code="OWN", name="Own", stock_account=account(company, "1320"))
    assert account(company, "1320").kept_by == "stock"

    Category.objects.filter(pk=category.pk).update(stock_account=None)
    assert account(company, "1320").kept_by == "stock"


def test_a_category_takes_no_account_with_postings_of_its_own(company, grace):
    lines = [posting.debit(account(company, "1320"), Decimal(5)), posting.credit(account(company, BANK), Decimal(5))]
    posting.post(company, posting.Posting(on=TODAY, lines=lines, text="By hand"), by=grace)
    category = Category(company=company, code="OWN", name="Own", stock_account=account(company, "1320"))

    with pytest.raises(ValidationError, match="without postings"):
        category.full_clean()
    with pytest.raises(IntegrityError, match="without postings"), transaction.atomic():
        category.save()


def test_a_kept_role_goes_to_an_account_without_postings(company, grace):
    lines = [posting.debit(account(company, "1320"), Decimal(5)), posting.credit(account(company, BANK), Decimal(5))]
    posting.post(company, posting.Posting(on=TODAY, lines=lines, text="By hand"), by=grace)
    Account.objects.filter(pk=account(company, STOCK).pk).update(role="")
    moved = account(company, "1320")
    moved.role = "stock"

    with pytest.raises(ValidationError, match="without postings"):
        moved.full_clean()


def test_what_is_issued_does_not_go_to_a_kept_account(company, grace):
    category = Category(company=company, code="OWN", name="Own", cost_account=account(company, RECEIVED))

    with pytest.raises(ValidationError, match="kept by receipts"):
        category.full_clean()


def test_what_is_used_up_at_once_is_not_booked_to_stock(company, grace):
    item = an_item(company, "PEN", kind="expense", account=account(company, STOCK))

    with pytest.raises(Refused, match="kept by stock"):
        a_receipt(company, [(item, "5", "2", a_bin(company))], by=grace)


def test_the_form_of_a_journal_shows_the_reason_beside_the_account(company, grace):
    client = Client()
    client.force_login(grace)

    found = client.get(reverse("ui:lookup", args=["ledger.account"]), {"q": "1310", "company": company.pk})

    assert "kept by stock" in found.content.decode()
