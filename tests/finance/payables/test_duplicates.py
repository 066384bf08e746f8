"""The same bill is entered once: certain twins are refused, look-alikes are pointed out."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from backoffice.core.errors import Refused
from backoffice.parties.models import PartyBankAccount
from finance.payables import booking, duplicates, entering
from finance.payables.models import Bill, normalised
from tests.factories_payables import a_bill
from tests.fixtures_world import a_party


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("INV-0092817", "inv 92817"),
        ("Re/2026/4471", "RE-2026-4471"),
        ("  7731 ", "7731"),
        ("00412", "412"),
        ("A-1-2", "a.1/2"),
    ],
)
def test_spellings_of_one_reference_are_one(one, other):
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(("one", "other"), [("A1", "A10"), ("2026-1", "2026-2"), ("INV1", "RE1")])
def test_different_references_stay_different(one, other):
    assert normalised(one) != normalised(other)


def test_the_same_reference_of_a_supplier_in_a_year_is_refused_and_names_the_first(northmoor, tom):
    a_bill(northmoor, by=tom, reference="NP-088213")

    with pytest.raises(Refused, match="sent np 88213 already") as refusal:
        a_bill(northmoor, by=tom, reference="np 88213")

    assert refusal.value.code == "duplicate"


def test_next_fiscal_year_the_reference_may_come_again(northmoor, tom):
    a_bill(northmoor, by=tom, on=date(2026, 12, 31))

    assert a_bill(northmoor, by=tom, on=date(2027, 1, 2)).reference_year == "2027"


def test_another_supplier_may_use_the_reference(northmoor, tom, company):
    a_bill(northmoor, by=tom)

    assert a_bill(a_party(company, "Aldgate Print Co"), by=tom)


def test_the_guard_runs_again_when_the_supplier_is_changed(northmoor, tom, company):
    a_bill(northmoor, by=tom)
    bill = a_bill(a_party(company, "Aldgate Print Co"), by=tom)
    bill.party = northmoor

    with pytest.raises(Refused, match="already"):
        entering.change(bill, by=tom, version=bill.version)


def test_the_database_is_the_last_witness(northmoor, tom, company):
    a_bill(northmoor, by=tom)
    other = a_bill(a_party(company, "Aldgate Print Co"), by=tom)

    with pytest.raises(IntegrityError, match="bill_reference_once"), transaction.atomic():
        Bill.objects.filter(pk=other.pk).update(party=northmoor)


def test_same_supplier_amount_within_a_penny_and_date_within_thirty_days_looks_alike(northmoor, tom):
    first = a_bill(northmoor, by=tom)
    near = a_bill(northmoor, by=tom, reference="NP-9", price="100.01", on=date(2026, 12, 18))

    assert [alike.bill for alike in duplicates.look_alikes(near)] == [first]
    assert [bill.pk for bill in duplicates.with_look_alikes(Bill.objects.all()) if bill.has_look_alike] == [
        near.pk,
        first.pk,
    ]


@pytest.mark.parametrize("change", [{"price": "100.03"}, {"on": date(2026, 12, 19)}, {"kind": "credit_note"}])
def test_what_is_further_away_does_not(northmoor, tom, change):
    a_bill(northmoor, by=tom)

    assert duplicates.look_alikes(a_bill(northmoor, by=tom, reference="NP-9", **change)) == []


def test_a_discarded_bill_is_nobodys_twin(northmoor, tom):
    booking.void(a_bill(northmoor, by=tom), by=tom)

    assert duplicates.look_alikes(a_bill(northmoor, by=tom, reference="NP-9")) == []


def test_the_same_amount_from_a_party_with_the_same_bank_account_looks_alike(northmoor, tom, company):
    twin = a_party(company, "North Moor Packaging")
    for party in (northmoor, twin):
        PartyBankAccount.objects.create(party=party, number="GB29NWBK60161331926819")
    first = a_bill(twin, by=tom)

    (alike,) = duplicates.look_alikes(a_bill(northmoor, by=tom, reference="X-1"))

    assert alike.bill == first
    assert "same VAT number or bank account" in alike.why
