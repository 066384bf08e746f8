"""Parties: numbers judged, bank accounts unreadable in the database, found again by fingerprint, shown by four digits."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from backoffice.core.encryption import fingerprints
from backoffice.parties import identifiers
from backoffice.parties.models import Party, PartyBankAccount
from tests.fixtures_world import a_company, a_party, a_user

IBAN = "GB29NWBK60161331926819"


@pytest.mark.parametrize(
    ("kind", "value", "is_valid"),
    [
        ("iban", "BE47435000000080", True), ("iban", "BE47435000000081", False), ("iban", "GB29 NWBK 6016 1331 9268 19", True),
        ("lei", "213800KUD8LAJWSQ9D15", True), ("lei", "213800KUD8LXJWSQ9D15", False),
        ("gtin", "4006381333931", True), ("gtin", "4006381333932", False), ("gtin", "036000291452", True), ("gtin", "12345", False),
        ("vat", "GB980780684", True), ("vat", "GB980780685", False), ("vat", "DE136695976", True), ("vat", "ATU00000000", False),
        ("vat", "CHE-107.787.577 IVA", True), ("vat", "980780684", False),
        ("iso11649", "RF18 5390 0754 7034", True), ("iso11649", "RF19 5390 0754 7034", False),
    ],
)  # fmt: skip
def test_check_digits_are_judged(kind, value, is_valid):
    assert identifiers.valid(kind, value) is is_valid


def test_an_unknown_kind_of_number_is_an_error_of_the_program():
    with pytest.raises(LookupError):
        identifiers.valid("shoe size", "42")


def test_a_bank_account_is_unreadable_in_the_database_and_plain_in_python(company):
    account = PartyBankAccount.objects.create(party=a_party(company), number="GB29 NWBK 6016 1331 9268 19")

    with connection.cursor() as cursor:
        cursor.execute("SELECT number, ending FROM parties_partybankaccount")
        stored, ending = cursor.fetchone()
    assert "60161331926819" not in stored
    assert ending == "6819"
    account.refresh_from_db()
    assert (account.number, account.masked, account.is_iban) == (IBAN, "•• 6819", True)


def test_a_bank_account_is_found_by_its_fingerprint_and_not_by_its_number(company):
    account = PartyBankAccount.objects.create(party=a_party(company), number=IBAN)

    assert PartyBankAccount.objects.get(fingerprint__in=fingerprints(IBAN)) == account
    with pytest.raises(TypeError, match="cannot be searched"):
        PartyBankAccount.objects.filter(number=IBAN).exists()


def test_after_an_exchange_of_keys_old_numbers_are_read_and_found(company, settings):
    account = PartyBankAccount.objects.create(party=a_party(company), number=IBAN)

    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]

    account.refresh_from_db()
    assert account.number == IBAN
    assert PartyBankAccount.objects.filter(fingerprint__in=fingerprints(IBAN)).exists()


def test_the_history_does_not_keep_the_number(company):
    PartyBankAccount.objects.create(party=a_party(company), number=IBAN)

    with connection.cursor() as cursor:
        cursor.execute("SELECT after::text FROM audit_change WHERE table_name = 'parties_partybankaccount'")
        assert all("number" not in after for (after,) in cursor.fetchall())


def test_a_wrong_vat_number_or_iban_is_refused(company):
    with pytest.raises(ValidationError, match="VAT number"):
        Party(company=company, name="X", country="GB", currency="GBP", vat_number="GB 123 4567 89").clean()
    with pytest.raises(ValidationError, match="IBAN"):
        PartyBankAccount(number="GB29NWBK60161331926818").clean()


@pytest.fixture
def clerk(company):
    rights = [
        "view_party",
        "add_party",
        "change_party",
        "view_partybankaccount",
        "add_partybankaccount",
        "change_partybankaccount",
    ]
    return a_user("Tom Ashworth", *[f"parties.{right}" for right in rights], company=company)


def test_a_supplier_is_entered_and_its_account_added_and_shown_masked(client, clerk, company):
    client.force_login(clerk)
    answer = client.post(
        reverse("parties:party_new"),
        {
            "name": "Northmoor Packaging Ltd", "kind": "organisation", "vat_number": "gb 980 7806 84", "country": "gb",
            "currency": "gbp", "payment_days": "30", "is_active": "on",
        },
    )  # fmt: skip
    party = Party.objects.get()
    assert answer.url == party.get_absolute_url()
    assert (party.vat_number, party.company) == ("GB980780684", company)

    client.post(reverse("parties:partybankaccount_new", args=[party.pk]), {"number": IBAN, "is_active": "on"})

    page = client.get(party.get_absolute_url()).text
    assert "•• 6819" in page
    assert "60161331926819" not in page
    account = party.bank_accounts.get()
    assert account.entered_by == clerk
    assert "60161331926819" not in client.get(reverse("parties:partybankaccount_edit", args=[account.pk])).text


def test_the_same_account_twice_is_refused(client, clerk, company):
    party = a_party(company)
    PartyBankAccount.objects.create(party=party, number=IBAN)
    client.force_login(clerk)

    answer = client.post(reverse("parties:partybankaccount_new", args=[party.pk]), {"number": IBAN, "is_active": "on"})

    assert answer.status_code == 422
    assert "has the account already" in answer.text


def test_a_party_of_another_company_is_not_there(client, clerk):
    other = a_party(a_company("Other Ltd"))
    client.force_login(clerk)

    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.get(reverse("parties:partybankaccount_new", args=[other.pk])).status_code == 404


def test_the_list_finds_by_vat_number(client, clerk, company):
    a_party(company, vat_number="GB980780684")
    a_party(company, "Aldgate Print Co")
    client.force_login(clerk)

    page = client.get(reverse("parties:party_list"), {"q": "GB9807"}).text

    assert "Northmoor" in page
    assert "Aldgate" not in page
