"""Suppliers that can be paid, bills that are due, and proposals to pay them."""

from datetime import date, timedelta

from django.utils import timezone

from backoffice.parties.models import PartyBankAccount
from finance.banking import proposing
from finance.banking.models import BankAccount
from finance.ledger.models import Account
from tests.factories_payables import a_posted_bill
from tests.fixtures_world import a_party

TODAY = date(2026, 11, 23)
IBANS = ["GB29NWBK60161331926819", "GB94BARC10201530093459", "GB33BUKB20201555555555"]


def our_account(company):
    books = Account.objects.get(company=company, role="bank")
    return BankAccount.objects.create(
        company=company, name="Current", account=books, holder="Calder & Wren Ltd", iban=IBANS[2], currency="GBP"
    )


def a_supplier(company, name, iban=IBANS[0]):
    party = a_party(company, name)
    PartyBankAccount.objects.filter(party=party).delete()
    if iban:
        made = PartyBankAccount.objects.create(party=party, number=iban)
        PartyBankAccount.objects.filter(pk=made.pk).update(entered_at=timezone.now() - timedelta(days=30))
    return party


def a_due_bill(party, *, tom, grace, reference, price="100.00", **fields):
    return a_posted_bill(
        party, by=tom, approvers=[grace], reference=reference, price=price, on=date(2026, 10, 5), **fields
    )


def proposed(account, tom, until=TODAY, pay_on=TODAY):
    return proposing.propose(account, source="bills", pay_on=pay_on, due_until=until, by=tom)
